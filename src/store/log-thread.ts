/**
 * The access log's file, written by a thread of its own: the event loop never waits for the disk, nor for another
 * process that holds the file's lock.
 */
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { NoteKey } from '../log/note.ts'
import type { Arrival, Cosignature, LogAppender } from './log-file.ts'

/** What the thread is told to do, by a number under which it answers. */
export type Order =
  /** Entries, one a line: a copy of one text costs the event loop far less than copies of many. */
  | { readonly id: number; readonly entries: string; readonly now: number }
  | { readonly id: number; readonly arrivals: readonly Arrival[]; readonly now: number }
  | { readonly id: number; readonly keepCheckpoint: true; readonly now: number }
  | { readonly id: number; readonly cosignature: Cosignature; readonly now: number }

export type Answer = { readonly id: number; readonly first: number } | { readonly id: number; readonly error: string }

/** What the thread begins with. */
export type Start = { readonly file: string; readonly name: string; readonly key: KeyObject }

export class LogThread implements LogAppender {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(first: number): void; reject(error: Error): void }>()
  #orders = 0
  /** Why the thread takes no more orders. */
  #ended: Error | undefined

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if ('error' in answer) waiting?.reject(new Error(answer.error))
      else waiting?.resolve(answer.first)
      if (this.#waiting.size === 0) worker.unref()
    })
    worker.on('error', error => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('the thread that writes the access log has ended')))
  }

  static async start(file: string, signer: NoteKey): Promise<LogThread> {
    const start: Start = { file, name: signer.name, key: signer.key }
    // A program that was built runs `.js`, one that was not `.ts`.
    const program = import.meta.url.endsWith('.ts') ? './log-worker.ts' : './log-worker.js'
    const worker = new Worker(new URL(program, import.meta.url), { workerData: start, name: 'access-log' })
    await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => {
        throw new Error('the thread that writes the access log could not begin')
      }),
    ])
    worker.unref()
    return new LogThread(worker)
  }

  append(arrivals: readonly Arrival[], now: number): Promise<number> {
    const isPlain = arrivals.length > 0 && arrivals.every(({ outbox }) => outbox === undefined)
    if (!isPlain) return this.#order(id => ({ id, arrivals, now }))
    // Canonical JSON holds no line feed.
    const entries = arrivals.map(({ text }) => text).join('\n')
    return this.#order(id => ({ id, entries, now }))
  }

  async keepCheckpoint(now: number): Promise<void> {
    await this.#order(id => ({ id, keepCheckpoint: true, now }))
  }

  async keepCosignature(cosignature: Cosignature, now: number): Promise<void> {
    await this.#order(id => ({ id, cosignature, now }))
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    this.#worker.ref()
    this.#worker.postMessage('close')
    await once(this.#worker, 'exit')
  }

  #order(order: (id: number) => Order): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      const id = this.#orders++
      // While somebody waits the process must not end.
      if (this.#waiting.size === 0) this.#worker.ref()
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage(order(id))
    })
  }

  #fail(error: Error): void {
    this.#ended = error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

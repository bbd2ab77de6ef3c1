/**
 * The log's index in a thread of its own: to take entries in, or to count a million of them, keeps a processor busy for
 * longer than a disclosure may wait.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { HubError, problems, type ProblemCode } from '../errors.ts'
import type { LogIndexEngine } from './log-index-file.ts'

/** What the thread begins with. */
export type Start = { readonly file: string; readonly logFile: string }

type Method = Exclude<keyof LogIndexEngine, 'close'>

/** What is asked of the thread's engine, by a number under which it answers. */
export type Order = { readonly id: number; readonly method: Method; readonly values: readonly unknown[] }

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string; readonly code: string | undefined }

export class LogIndexThread implements LogIndexEngine {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #orders = 0
  /** Why the thread takes no more orders. */
  #ended: Error | undefined

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: Answer) => this.#take(answer))
    worker.on('error', error => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('the thread that keeps the index of the access log has ended')))
  }

  static async start(file: string, logFile: string): Promise<LogIndexThread> {
    const start: Start = { file, logFile }
    // A program that was built runs `.js`, one that was not `.ts`.
    const program = import.meta.url.endsWith('.ts') ? './log-index-worker.ts' : './log-index-worker.js'
    const worker = new Worker(new URL(program, import.meta.url), { workerData: start, name: 'log-index' })
    await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => {
        throw new Error('the thread that keeps the index of the access log could not begin')
      }),
    ])
    worker.unref()
    return new LogIndexThread(worker)
  }

  advance: LogIndexEngine['advance'] = (...values) => this.#order('advance', values)
  find: LogIndexEngine['find'] = (...values) => this.#order('find', values)
  count: LogIndexEngine['count'] = (...values) => this.#order('count', values)
  usage: LogIndexEngine['usage'] = (...values) => this.#order('usage', values)
  clear: LogIndexEngine['clear'] = (...values) => this.#order('clear', values)

  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    this.#worker.ref()
    this.#worker.postMessage('close')
    await once(this.#worker, 'exit')
  }

  #order<Result>(method: Method, values: readonly unknown[]): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      const id = this.#orders++
      // While somebody waits the process must not end.
      if (this.#waiting.size === 0) this.#worker.ref()
      this.#waiting.set(id, { resolve: result => resolve(result as Result), reject })
      this.#worker.postMessage({ id, method, values } satisfies Order)
    })
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(errorOf(answer))
    else waiting?.resolve(answer.result)
    if (this.#waiting.size === 0) this.#worker.unref()
  }

  #fail(error: Error): void {
    this.#ended = error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

/** An error loses its class on the way: what it was is told by its code. */
function errorOf({ error, code }: { readonly error: string; readonly code: string | undefined }): Error {
  return code !== undefined && code in problems
    ? new HubError(code as ProblemCode, error)
    : Object.assign(new Error(error), { code })
}

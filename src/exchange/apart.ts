/**
 * Comparisons and proofs of conversions, apart from requests: a thread does them one at a time, and is ended where one
 * takes too long or too much memory. So a stranger's standard delays other comparisons at most, and no reply.
 *
 * Without a thread they are done in place, as long as they take: at the command line whoever asks waits for themselves.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Comparison } from '../catalogue/compare/compare.ts'
import { HubError } from '../errors.ts'
import { compareApart, proveApart, type CompareTask, type Proof, type ProveTask, type Task } from './apart-task.ts'

export type Answer = { readonly result: Comparison | Proof } | { readonly error: string }

/** How many wait for the one that is done: with the deadline, the last of them waits for some minutes at the worst. */
const inLine = 8

/** Of the thread; a comparison of ordinary standards takes some tens. */
const heapMegabytes = 512

type Options = { readonly thread: boolean; readonly seconds: number }

export class Apart {
  readonly #options: Options
  #worker: Promise<Worker> | undefined
  #isBusy = false
  #isClosed = false
  readonly #waiting: (() => void)[] = []

  constructor(options: Options) {
    this.#options = options
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Undefined where it takes too long. @throws {HubError} `overloaded` */
  async compare(task: CompareTask): Promise<Comparison | undefined> {
    if (!this.#options.thread) return compareApart(task)
    return (await this.#inTurn(task)) as Comparison | undefined
  }

  /** Undefined where it takes too long. @throws {HubError} `overloaded` */
  async prove(task: ProveTask): Promise<Proof | undefined> {
    if (!this.#options.thread) return proveApart(task)
    return (await this.#inTurn(task)) as Proof | undefined
  }

  /** Ends what is under way: it is answered as too long. */
  async close(): Promise<void> {
    this.#isClosed = true
    await (await this.#worker?.catch(() => undefined))?.terminate()
  }

  async #inTurn(task: Task): Promise<Comparison | Proof | undefined> {
    if (this.#waiting.length >= inLine) {
      throw new HubError('overloaded', 'Too many standards are compared at this moment; try again in a minute.')
    }
    if (this.#isBusy) await new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#isBusy = true
    try {
      return this.#isClosed ? undefined : await this.#answerTo(task)
    } finally {
      // Whoever is next takes this one's place, which so is never free in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#isBusy = false
      else next()
    }
  }

  async #answerTo(task: Task): Promise<Comparison | Proof | undefined> {
    const worker = await this.#started()
    // While somebody waits the process must not end.
    worker.ref()
    worker.postMessage(task)
    const answer = await answerOf(worker, this.#options.seconds)
    if (answer === undefined) {
      await worker.terminate()
      return undefined
    }
    worker.unref()
    if ('error' in answer) throw new Error(answer.error)
    return answer.result
  }

  #started(): Promise<Worker> {
    if (this.#worker !== undefined) return this.#worker
    const starting = startWorker()
    const forget = (): void => {
      if (this.#worker === starting) this.#worker = undefined
    }
    starting.then(worker => worker.once('exit', forget), forget)
    this.#worker = starting
    return starting
  }
}

/** Undefined after the seconds, and where the thread ends, as it does without memory. */
async function answerOf(worker: Worker, seconds: number): Promise<Answer | undefined> {
  const deadline = AbortSignal.timeout(1_000 * seconds)
  const isOver = new AbortController()
  const signal = AbortSignal.any([deadline, isOver.signal])
  const none = (): undefined => undefined
  const answered = once(worker, 'message', { signal }).then(([answer]) => answer as Answer, none)
  const ended = once(worker, 'exit', { signal }).then(none, none)
  const answer = await Promise.race([answered, ended])
  isOver.abort()
  return answer
}

async function startWorker(): Promise<Worker> {
  // A program that was built runs `.js`, one that was not `.ts`.
  const program = import.meta.url.endsWith('.ts') ? './apart-worker.ts' : './apart-worker.js'
  const worker = new Worker(new URL(program, import.meta.url), {
    name: 'comparisons',
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
  // Told by what waits for it; unheard it would end the process.
  worker.on('error', () => {})
  await Promise.race([
    once(worker, 'message'),
    once(worker, 'exit').then(() => {
      throw new Error('the thread that compares standards could not begin')
    }),
  ])
  return worker
}

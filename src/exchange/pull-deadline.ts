/** How long an answer may take: each of its pieces, and the whole. */

/** Ends a request by its signal: whose reason is `slow` for the whole, `stalled` for a piece, or that of whoever runs the pull. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #whole: NodeJS.Timeout
  readonly signal: AbortSignal

  constructor(signal: AbortSignal, wholeMs: number) {
    this.#whole = setTimeout(() => this.#controller.abort('slow'), wholeMs).unref()
    this.signal = AbortSignal.any([signal, this.#controller.signal])
  }

  async within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#controller.abort('stalled'), ms)
    return work.finally(() => clearTimeout(timer))
  }

  end(): void {
    clearTimeout(this.#whole)
    this.#controller.abort('ended')
  }
}

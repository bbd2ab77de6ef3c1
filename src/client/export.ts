/** An export as it comes in: records, then the cursor to go on from with changes. */
import { lines } from './lines.ts'
import { ExportCut } from './problem.ts'
import type { Served } from './served.ts'

export class Export<Data> implements AsyncIterable<Served<Data>> {
  readonly #begin: () => Promise<Response>
  #cursor: string | undefined

  constructor(begin: () => Promise<Response>) {
    this.#begin = begin
  }

  /** What to go on from, once all records have come. @throws {ExportCut} before */
  get cursor(): string {
    if (this.#cursor === undefined) throw new ExportCut('The export has not come to its end.')
    return this.#cursor
  }

  /**
   * Each record once, in the order of keys.
   *
   * @throws {ExportCut} where the export breaks off: the connection, or the right to it, has ended
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Served<Data>> {
    this.#cursor = undefined
    const { body } = await this.#begin()
    if (body === null) throw new ExportCut('The export has no body.')
    for await (const line of whole(body)) {
      const read = JSON.parse(line) as Served<Data> | { cursor: string }
      if ('cursor' in read) this.#cursor = read.cursor
      else yield read
    }
    if (this.#cursor === undefined) throw new ExportCut('The export ended before its last line.')
  }
}

/** A line that is cut has no end either: only the last one, with the cursor, may be without. */
async function* whole(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  try {
    yield* lines(body)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ExportCut('The connection broke off before the end of the export.', { cause })
  }
}

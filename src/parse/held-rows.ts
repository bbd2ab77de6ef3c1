/** Rows that wait for the rest of their groups: where, and in memory. */

/** A row as it waits for the rest of its group. */
export type WaitingRow = {
  /** What all rows of its group have in common, and no other. */
  readonly group: string
  /** The row, a source record, as JSON text: unlike its node, it holds no block of the input in memory. */
  readonly text: string
}

/** Where rows wait. */
export interface RowStore {
  add(rows: readonly WaitingRow[]): Promise<void>
  /** All rows, some at a time: groups in the order in which they were first met, a group's rows in their own. */
  rows(): AsyncIterable<readonly WaitingRow[]>
  close(): void
}

export type HeldRowsLimits = {
  readonly rows: number
  /** Of all rows together, in UTF-16 units. */
  readonly text: number
}

/** So much text is given out at a time, in UTF-16 units: as trees it takes some five times as much. */
const pageText = 1024 * 1024

export class HeldRows implements RowStore {
  readonly #limits: HeldRowsLimits
  readonly #groups = new Map<string, string[]>()
  #rows = 0
  #text = 0

  constructor(limits: HeldRowsLimits) {
    this.#limits = limits
  }

  /** Whether more waits than should. */
  get isFull(): boolean {
    return this.#rows > this.#limits.rows || this.#text > this.#limits.text
  }

  async add(rows: readonly WaitingRow[]): Promise<void> {
    for (const { group, text } of rows) {
      const texts = this.#groups.get(group)
      if (texts === undefined) this.#groups.set(group, [text])
      else texts.push(text)
      this.#rows += 1
      this.#text += text.length
    }
  }

  async *rows(): AsyncGenerator<WaitingRow[]> {
    let page: WaitingRow[] = []
    let length = 0
    for (const [group, texts] of this.#groups) {
      for (const text of texts) {
        page.push({ group, text })
        length += text.length
        if (length < pageText) continue
        yield page
        page = []
        length = 0
      }
    }
    if (page.length > 0) yield page
  }

  close(): void {
    this.#groups.clear()
  }
}

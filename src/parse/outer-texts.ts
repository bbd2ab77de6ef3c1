/**
 * The texts from outside the records that an adapter asked for, as the reader passes them.
 *
 * One that stands behind records around which it was looked for is refused: they were read without it, in silence.
 */
import { HubError } from '../errors.ts'
import type { Context } from './records.ts'

/** Where the context has the name under which the record stands; no absolute path. */
export const RECORD_NAME = '#name'

export class OuterTexts {
  /** What is known so far. Replaced, never changed: the records read meanwhile hold on to it. */
  context: Context
  readonly #wanted: ReadonlySet<string>
  readonly #given: Context
  readonly #records: { readonly count: number }
  /** How many records there were when what the texts stand in began, by its path. */
  readonly #before = new Map<string, number>()
  /** The texts that were there since. */
  readonly #met = new Set<string>()

  /**
   * `wanted`: absolute paths. `context`: what is known before the document begins, from its envelope. `records`: those
   * that the reader has found.
   */
  constructor(wanted: readonly string[], context: Context, records: { readonly count: number }) {
    this.#wanted = new Set(wanted)
    this.#given = context
    this.#records = records
    this.context = context
    for (const path of wanted) this.#before.set(parentOf(path), records.count)
  }

  get recordName(): string | undefined {
    return this.context[RECORD_NAME]
  }

  /** The record that comes next stands under a name. */
  nameRecord(name: string): void {
    if (this.recordName !== name) this.context = { ...this.context, [RECORD_NAME]: name }
  }

  /** False spares the reader to keep track of paths. */
  get areWanted(): boolean {
    return this.#wanted.size > 0
  }

  wants(path: string): boolean {
    return this.#wanted.has(path)
  }

  /** @throws {HubError} input-refused, where records stand before the text in what holds both. */
  set(path: string, text: string): void {
    if (!this.wants(path)) return
    const isLate = this.#records.count > (this.#before.get(parentOf(path)) ?? 0)
    if (isLate && !this.#met.has(path)) {
      const what = `The text at ${path} stands behind records that were read without it.`
      const advice = 'Where the whole document is no larger than a record may be, read it as one record and unfold it.'
      throw new HubError('input-refused', `${what} ${advice}`)
    }
    this.#met.add(path)
    this.context = { ...this.context, [path]: text }
  }

  /** An element or member begins here, '' one of the whole document: what an earlier one held does not speak for it. */
  enter(path: string): void {
    if (this.#before.has(path)) this.#begin(path)
    const known = Object.entries(this.context)
    const left = known.filter(([other]) => other !== path && !other.startsWith(`${path}/`))
    if (left.length === known.length) return
    this.context = path === '' ? this.#given : Object.fromEntries(left)
  }

  #begin(path: string): void {
    this.#before.set(path, this.#records.count)
    for (const text of this.#met) if (parentOf(text) === path) this.#met.delete(text)
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

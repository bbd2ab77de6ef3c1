/** The texts from outside the records that an adapter asked for, as the reader passes them. */
import type { Context } from './records.ts'

/** Where the context has the name under which the record stands; no absolute path. */
const RECORD_NAME = '#name'

export class OuterTexts {
  /** What is known so far. Replaced, never changed: the records read meanwhile hold on to it. */
  context: Context
  readonly #wanted: ReadonlySet<string>
  readonly #given: Context

  /** `wanted`: absolute paths. `context`: what is known before the document begins, from its envelope. */
  constructor(wanted: readonly string[], context: Context) {
    this.#wanted = new Set(wanted)
    this.#given = context
    this.context = context
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

  set(path: string, text: string): void {
    if (this.wants(path)) this.context = { ...this.context, [path]: text }
  }

  /** An element or member begins here, '' one of the whole document: what an earlier one held does not speak for it. */
  enter(path: string): void {
    const known = Object.entries(this.context)
    const left = known.filter(([other]) => other !== path && !other.startsWith(`${path}/`))
    if (left.length === known.length) return
    this.context = path === '' ? this.#given : Object.fromEntries(left)
  }
}

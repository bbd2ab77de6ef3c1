/** What every function that writes records needs to know: on whose behalf, by which standard, under which key. */
import type { JsonObject } from '../record.ts'
import type { Contents } from '../seal/contents.ts'
import type { Standard } from '../standard.ts'

export type Keeping = {
  readonly adapter: string
  readonly delivery: string
  /** RFC 3339, UTC. */
  readonly at: string
  readonly standard: Standard
  readonly contentsOf: (record: JsonObject) => Contents
  /** Orders adapters: where several speak of one record, the first that has a field gives it. */
  readonly precedence: (a: string, b: string) => number
  readonly master: Buffer
}

/** Whose word a revision is. */
export type Origin = { readonly adapter: string; readonly recordId: string | null; readonly asOf: string | null }

/** What every function that writes records needs to know: on whose behalf, by which standard, under which key. */
import type { JsonObject } from '../record.ts'
import type { Contents } from '../seal/contents.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import type { Standard } from '../standard.ts'

export type Keeping = {
  readonly adapter: string
  readonly delivery: string
  /** The delivery's fencing token: it grows from one delivery of an adapter to its next. */
  readonly fence: number
  /** RFC 3339, UTC. */
  readonly at: string
  /** Of a delta, what was said of a key stands until it is said otherwise; a snapshot says all anew. */
  readonly mode: 'delta' | 'snapshot'
  /** Which of several words on one key stands: the later in the input, the one of the greater mark; else it is a duplicate. */
  readonly order: 'input' | 'mark' | undefined
  /** Whether the adapter's source records may be withdrawals. */
  readonly mayWithdraw: boolean
  readonly standard: Standard
  readonly contentsOf: (record: JsonObject) => Contents
  /** Orders adapters: where several speak of one record, the first that has a field gives it. */
  readonly precedence: (a: string, b: string) => number
  readonly master: MasterKeys
}

/** Whose word a revision is. */
export type Origin = { readonly adapter: string; readonly recordId: string | null; readonly asOf: string | null }

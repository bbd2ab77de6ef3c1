/** What every function that writes records needs to know: on whose behalf, by which standard, under which key. */
import type { JsonObject } from '../record.ts'
import type { Contents } from '../seal/contents.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import type { Standard } from '../standard.ts'

/** How records of one major are put together from several contributions, and written. */
export type Form = {
  readonly standard: Standard
  readonly contentsOf: (record: JsonObject) => Contents
  /** Whether a record is valid by the standard. */
  readonly isValid: (record: JsonObject) => boolean
  /**
   * Orders adapters: where several speak of one record, the first that has a top-level field gives it. Without a field,
   * whose word the record as a whole is.
   */
  readonly precedence: (a: string, b: string, field?: string) => number
}

/** What is written goes by a form, under the hub's keys, at an instant (RFC 3339, UTC). */
export type Writing = Form & {
  readonly delivery: string
  readonly at: string
  readonly master: MasterKeys
  /** The key of pseudonyms and other keyed hashes. */
  readonly pseudonymKey: Buffer
  /** The form of the newest version of a major. */
  readonly formOf: (major: number) => Promise<Form>
}

export type Keeping = Writing & {
  readonly adapter: string
  /** The delivery's fencing token: it grows from one delivery of an adapter to its next. */
  readonly fence: number
  /** Of a delta, what was said of a key stands until it is said otherwise; a snapshot says all anew. */
  readonly mode: 'delta' | 'snapshot'
  /** Which of several words on one key stands: the later in the input, the one of the greater mark; else it is a duplicate. */
  readonly order: 'input' | 'mark' | undefined
  /** Whether the adapter's source records may be withdrawals. */
  readonly mayWithdraw: boolean
}

/** Whose word a revision is. */
export type Origin = { readonly adapter: string; readonly recordId: string | null; readonly asOf: string | null }

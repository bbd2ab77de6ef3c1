/** What a hub serves, as types. */
import type { FieldPath, RecordKey } from '../record.ts'

/** A record as it is served; `Data` is what the agreement grants of its standard: `concord types` prints the whole. */
export type Served<Data> = {
  readonly standard: string
  readonly version: string
  readonly key: RecordKey
  readonly revision: number
  readonly updatedAt: string
  readonly source: {
    readonly department: string
    readonly adapter: string
    readonly delivery: string
    readonly recordId?: string
    readonly asOf?: string
  }
  readonly data: Data
  /** Fields that are held back: absent from `data`, which says nothing of their values. */
  readonly withheld: readonly FieldPath[]
}

/** A revision at which a record was withdrawn. */
export type Withdrawn = {
  readonly key: RecordKey
  readonly revision: number
  readonly updatedAt: string
  readonly withdrawn: true
}

export type Change<Data> =
  | { readonly kind: 'record'; readonly record: Served<Data> }
  /** Withdrawn, or reached by the agreement no longer. */
  | { readonly kind: 'removed'; readonly key: RecordKey; readonly revision: number; readonly updatedAt: string }
  /** Everything comes again: drop what is kept and does not come. */
  | { readonly kind: 'restart' }

/** What a hub tells of a standard in its changes. */
export type Notice = {
  /** A version was published; a major was deprecated, restored (it is no more deprecated), or retired. */
  readonly kind: 'published' | 'deprecated' | 'restored' | 'retired'
  readonly standard: string
  readonly major: number
  /** That was published. */
  readonly version?: string
  /** Of a deprecated major: from then on it may be retired. RFC 3339 in UTC. */
  readonly sunset?: string
  readonly at: string
}

/** The entry of the hub's access log that tells of a reply. */
export type Entered = { readonly entry: number }

export type Verdict = 'match' | 'mismatch' | 'unknown'

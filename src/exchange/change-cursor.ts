/**
 * Where a consumer stands in the changes of a standard: all state there is of it, so that it outlives every process.
 *
 * A cursor holds by which rights the consumer has what it has: under other rights, going on would leave it with records
 * or fields of both.
 */
import { hash } from 'node:crypto'
import type { Cut, Grant } from './served-text.ts'

export type ChangeCursor = {
  /** The agreement that the consumer's records came under. */
  readonly agreement: string
  /** {@link rightsOf} of that agreement's grant. */
  readonly rights: string
  /** The number of the last change that was looked at. */
  readonly seq: number
}

export function writeCursor(grant: Grant, seq: number): string {
  return Buffer.from(`change ${seq} ${grant.agreement.id} ${rightsOf(grant)}`).toString('base64url')
}

/** The inverse of {@link writeCursor}; undefined for any other text. */
export function readCursor(text: string): ChangeCursor | undefined {
  const plain = Buffer.from(text, 'base64url').toString('utf8')
  // What is of fixed length stands last: a text that was cut is no cursor.
  const [, seq, agreement, rights] = /^change (0|[1-9]\d{0,15}) (\S+) ([\w-]{22})$/.exec(plain) ?? []
  if (seq === undefined || rights === undefined || agreement === undefined) return undefined
  if (!Number.isSafeInteger(Number(seq)) || Buffer.from(plain).toString('base64url') !== text) return undefined
  return { agreement, rights, seq: Number(seq) }
}

/**
 * A digest of what decides which records a grant shows, and what of them: major, rows, and the fields that are shown,
 * those left out that were not asked for or whose level was raised.
 */
export function rightsOf({ agreement, cut }: Grant): string {
  let digest = digests.get(cut)
  if (digest === undefined) {
    const rows = Object.entries(agreement.rows ?? {}).map(([field, values]) => [field, values.toSorted()] as const)
    const rights = [agreement.major, rows.toSorted(([a], [b]) => (a < b ? -1 : 1)), cut.fields.toSorted()]
    digest = hash('sha256', JSON.stringify(rights), 'base64url').slice(0, 22)
    digests.set(cut, digest)
  }
  return digest
}

/** A cut is compiled for one agreement as it stands: one that changes has cuts of its own. */
const digests = new WeakMap<Cut, string>()

/**
 * Where a consumer stands in the changes of a standard: all state there is of it, so that it outlives every process.
 *
 * A cursor holds by which rights the consumer has what it has: under other rights, going on would leave it with records
 * or fields of both.
 */
import { hash } from 'node:crypto'
import { historyMark } from '../seal/pseudonym.ts'
import { readWriter } from '../store/feed.ts'
import type { Hub } from './hub.ts'
import { cutOf, type Cut, type Grant } from './served-text.ts'

export type ChangeCursor = {
  /** The agreement that the consumer's records came under. */
  readonly agreement: string
  /** {@link rightsOf} of that agreement's grant. */
  readonly rights: string
  /** {@link marksOf} that grant. */
  readonly marks: ReadonlyMap<number, string>
  /** The number of the last change that was looked at. */
  readonly seq: number
  /** {@link historyAt} that number. */
  readonly history: string
}

export async function writeCursor(hub: Hub, grant: Grant, seq: number): Promise<string> {
  const history = await historyAt(hub, grant.agreement.standard, seq)
  if (history === undefined) throw new Error('bug: a cursor stands where nothing was written')
  return Buffer.from(`change ${seq} ${grant.agreement.id} ${marksText(grant)}${rightsOf(grant)} ${history}`).toString(
    'base64url',
  )
}

/**
 * Tells one history of a standard from another that has as many changes: undefined beyond the last one.
 *
 * Keyed: which delivery has made a change that the client may not see is not its to know.
 */
export async function historyAt(hub: Hub, standard: string, seq: number): Promise<string | undefined> {
  const writer = seq === 0 ? '' : await readWriter(hub.store.read, standard, seq)
  return writer === undefined ? undefined : historyMark(hub.keys.pseudonym, standard, `${seq} ${writer}`)
}

/** The inverse of {@link writeCursor}; undefined for any other text. */
export function readCursor(text: string): ChangeCursor | undefined {
  const plain = Buffer.from(text, 'base64url').toString('utf8')
  // What is of fixed length stands last: a text that was cut is no cursor.
  const [, seq, agreement, marks = '', rights, history] = form.exec(plain) ?? []
  if (seq === undefined || agreement === undefined || rights === undefined || history === undefined) return undefined
  if (!Number.isSafeInteger(Number(seq)) || Buffer.from(plain).toString('base64url') !== text) return undefined
  const byMajor = [...marks.matchAll(/(\d+):([\w-]+)/g)].map(([, major, mark]) => [Number(major), mark ?? ''] as const)
  return { agreement, rights, marks: new Map(byMajor), seq: Number(seq), history }
}

const form = /^change (0|[1-9]\d{0,15}) (\S+) (\d+:[\w-]{8}(?:,\d+:[\w-]{8})* )?([\w-]{22}) ([\w-]{22})$/

/**
 * Whether what the consumer has is what the grant shows. A major that is newer than the cursor changes nothing of it: the
 * consumer has no record of that one yet.
 */
export function holdsStill({ rights, marks }: Pick<ChangeCursor, 'rights' | 'marks'>, grant: Grant): boolean {
  if (rights !== rightsOf(grant)) return false
  const now = marksOf(grant)
  return [...marks].every(([major, mark]) => now.get(major) === mark)
}

/** What decides how records of each newer major are shown: its conversion, and the fields that are shown of it. */
export function marksOf({ agreement, standard, asked, newer }: Grant): ReadonlyMap<number, string> {
  return new Map(
    newer.map(one => {
      const { fields } = cutOf(agreement, standard, asked, one)
      const text = JSON.stringify([one.text, fields.toSorted()])
      return [one.from.major, hash('sha256', text, 'base64url').slice(0, 8)]
    }),
  )
}

function marksText(grant: Grant): string {
  if (grant.newer.length === 0) return ''
  return `${[...marksOf(grant)].map(([major, mark]) => `${major}:${mark}`).join(',')} `
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

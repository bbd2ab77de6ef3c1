/**
 * Words: what a source record says of a key, and which of several words on one key stands.
 *
 * Law: with marks, the order in which a delta's words come makes no difference to what stands in the end. Of words on one
 * key in one batch only the deciding one makes a revision; those that are further apart make one each, each time they come.
 */
import { compareMarks } from '../map/order.ts'
import type { Receipt, RecordKey } from '../record.ts'
import type { Contents } from '../seal/contents.ts'
import { majorOf, type Version } from '../standard.ts'
import { lastChanges } from './changes.ts'
import type { Keeping } from './keeping.ts'
import { readMarks } from './marks.ts'
import type { Session } from './session.ts'

/** One record as one adapter offers it. */
export type Offer = Dated & {
  readonly contents: Contents
  readonly scope: string
  readonly recordId: string | null
  readonly asOf: string | null
}

/** A source record by which an adapter takes back what it has said of a key, as stored. */
export type Withdrawal = Dated & { readonly withdrawn: RecordKey }

export type Word = Offer | Withdrawal

type Dated = {
  /** Where the adapter's order is a mark; a record without one goes by the delivery it came with. */
  readonly mark?: string
  /** Of a reject that is tried again: the delivery that brought it, which is older than the keeping one. */
  readonly met?: { readonly delivery: string; readonly fence: number }
}

/**
 * `duplicate`: it differs from what the same delivery has said of the same key before. `older`: another word on the key
 * is newer, or comes later in the same batch.
 */
export type Outcome = 'accepted' | 'unchanged' | 'withdrawn' | 'duplicate' | 'older'

/** Whether a word stands, whatever it changed: earlier ones on its key are overtaken. */
export function isKept(outcome: Outcome): boolean {
  return outcome === 'accepted' || outcome === 'unchanged' || outcome === 'withdrawn'
}

/** How a receipt counts outcomes: what is older has changed nothing. */
export function countsOf(outcomes: readonly Outcome[]): Pick<Receipt, 'accepted' | 'unchanged' | 'withdrawn'> {
  const counts = { accepted: 0, unchanged: 0, withdrawn: 0 }
  for (const outcome of outcomes) {
    if (outcome === 'older') counts.unchanged++
    else if (outcome !== 'duplicate') counts[outcome]++
  }
  return counts
}

/** What was said of a key last: by the delivery with that fence, in these words; without a digest, that it is not there. */
type Said = { readonly fence: number; readonly digest: string | undefined; readonly mark: string | undefined }

/** An adapter's contribution as it stands; none of `digest`, `changed` where there is none. */
export type Standing = Said & {
  readonly changed: number | undefined
  /** By which it is written; not known of one from before that was noted. */
  readonly version: Version | undefined
}

/** The word of a batch that decides what becomes of its key. */
export type Deciding = Said & {
  readonly key: RecordKey
  readonly word: Word
  /** Its place in the batch. */
  readonly index: number
  readonly before: Standing | undefined
}

export type Weighed = {
  /** Of each word, in their order. */
  readonly outcomes: readonly Outcome[]
  readonly deciding: readonly Deciding[]
}

export function keyOfWord(word: Word): RecordKey {
  return 'withdrawn' in word ? word.withdrawn : word.contents.key
}

/** What becomes of each word of a batch. Reads, and writes nothing. */
export async function weigh(session: Session, keeping: Keeping, words: readonly Word[]): Promise<Weighed> {
  const standing = await readStanding(session, keeping, words)
  const deciding = new Map<RecordKey, Deciding>()
  const outcomes = words.map((word, index): Outcome => {
    const key = keyOfWord(word)
    const before = standing[index]
    const fence = word.met?.fence ?? keeping.fence
    const digest = 'withdrawn' in word ? undefined : word.contents.digest
    const said: Deciding = { key, word, index, fence, digest, mark: word.mark, before }
    const verdict = compare(keeping, said, deciding.get(key) ?? before)
    if (verdict !== 'stands') return verdict
    deciding.set(key, said)
    // Of the words that another of the batch overtakes, only the last one is looked at again below.
    return 'older'
  })
  for (const { index, before, digest } of deciding.values()) outcomes[index] = changeOf(before?.digest, digest)
  for (const { index } of await ofOtherMajors(session, keeping, [...deciding.values()])) outcomes[index] = 'accepted'
  return { outcomes, deciding: [...deciding.values()] }
}

/**
 * Of words that say what stands already, those that stood in another major: consumers of the new one have never seen them.
 * A comparison each, but for contributions from before versions were noted, whose revision is asked.
 */
async function ofOtherMajors(
  session: Session,
  { standard }: Keeping,
  deciding: readonly Deciding[],
): Promise<Deciding[]> {
  const same = deciding.filter(({ digest, before }) => digest !== undefined && digest === before?.digest)
  const unknown = same.filter(({ before }) => before?.version === undefined)
  const versions = await session.getEach<{ version: Version }>(
    `SELECT r.version FROM records s JOIN revisions r ON r.standard = s.standard AND r.seq = s.seq
      WHERE s.standard = ? AND s.record_key = ?`,
    unknown.map(({ key }) => [standard.id, key]),
  )
  const versionOf = new Map(unknown.map((one, index) => [one, versions[index]?.version]))
  return same.filter(one => {
    const version = one.before?.version ?? versionOf.get(one)
    return version !== undefined && version !== standard.version && majorOf(version) !== standard.major
  })
}

function changeOf(before: string | undefined, after: string | undefined): Outcome {
  if (before === after) return 'unchanged'
  return after === undefined ? 'withdrawn' : 'accepted'
}

/** Whether a word stands against what was said of its key before. */
function compare(
  { order, mode }: Keeping,
  word: Said,
  before: Said | undefined,
): 'stands' | 'older' | 'unchanged' | 'duplicate' {
  if (before === undefined) return 'stands'
  const isOneDelivery = word.fence === before.fence
  const doMarksCount = order === 'mark' && (isOneDelivery || mode === 'delta')
  if (doMarksCount && word.mark !== undefined && before.mark !== undefined) {
    const difference = compareMarks(word.mark, before.mark)
    if (difference !== 0) return difference > 0 ? 'stands' : 'older'
  }
  // With equal marks a later delivery stands: it may be the same input through an adapter that was mended.
  if (!isOneDelivery) return word.fence > before.fence ? 'stands' : 'older'
  if (word.digest === before.digest) return 'unchanged'
  return order === 'input' ? 'stands' : 'duplicate'
}

/** What stands under the key of each word; undefined where nothing was ever said. */
async function readStanding(
  session: Session,
  keeping: Keeping,
  words: readonly Word[],
): Promise<(Standing | undefined)[]> {
  const { standard, adapter } = keeping
  const isReplay = words.some(({ met }) => met !== undefined)
  const keys = words.map(keyOfWord)
  const contributions = await session.getEach<ContributionRow>(
    isReplay ? contributionMet : contribution,
    keys.map(key => [standard.id, key, adapter]),
  )
  const fenceOf = ({ fence, delivery }: ContributionRow): number =>
    fence ?? (delivery === keeping.delivery ? keeping.fence : earlier)
  const mayBeGone = keeping.mayWithdraw || keeping.order === 'mark' || isReplay
  const absent = mayBeGone ? keys.filter((_, index) => contributions[index] === undefined) : []
  const gone = await lastChanges(session, { standard: standard.id, adapter }, absent)
  const marks = keeping.order === 'mark' ? await readMarks(session, keeping, keys) : []
  return keys.map((key, index) => {
    const [row, mark] = [contributions[index], marks[index]]
    if (row !== undefined) {
      const { digest, changed, version } = row
      return { fence: fenceOf(row), digest, mark, changed, version: version ?? undefined }
    }
    const fence = gone.get(key)
    return fence === undefined ? undefined : { fence, digest: undefined, mark, changed: undefined, version: undefined }
  })
}

/** The fence of what some earlier delivery has said, where it does not matter which. */
const earlier = 0

type ContributionRow = {
  readonly digest: string
  readonly delivery: string
  readonly changed: number
  readonly version: Version | null
  /** Only where rejects are tried again: of the delivery that met it last. */
  readonly fence?: number
}

const contribution =
  'SELECT digest, delivery, changed, version FROM contributions WHERE standard = ? AND record_key = ? AND adapter = ?'

/**
 * SQL: the fence of the delivery `d` that has met the contribution `c` last. What one that was reverted since has met
 * counts as not met by it.
 */
export const fenceMet = `CASE WHEN d.state = 'reverted' THEN COALESCE(c.met_before, c.changed) ELSE d.fence END`

const contributionMet = `
  SELECT c.digest, c.delivery, c.changed, c.version, ${fenceMet} AS fence
    FROM contributions c JOIN deliveries d ON d.id = c.delivery
   WHERE c.standard = ? AND c.record_key = ? AND c.adapter = ?`

/**
 * Compares two versions of a standard: what changed, whether old records and old readers survive it, and the step that
 * the newer version's number must take.
 *
 * Two promises are held against the documents. Records: whatever is valid under the older version is valid under the
 * newer. Readers: whatever is valid under the newer, cut to the fields that the older knows, is what the older's types
 * say. A promise is kept only where that is proved (proof.ts); it is broken where a record shows it (witness.ts); in
 * between it is undecided and counts as broken.
 */
import { canonicalise } from '../../canonical.ts'
import type { FieldPath, Json, Titles } from '../../record.ts'
import type { StandardDocument, Version } from '../../standard.ts'
import { keyOf, tellNarrowing, tellWidening, type Told } from './breaks.ts'
import { changeCodes, wordsOf, type ChangeCode } from './change-codes.ts'
import { differencesIn, type Difference } from './differences.ts'
import { entryChanges } from './entry-changes.ts'
import { familyOf } from './families.ts'
import { rootOf } from './facet.ts'
import type { Verdict } from './number.ts'
import { documentOrder } from './order.ts'
import { fieldAt } from './place.ts'
import { unmetDemands, type Unmet } from './proof.ts'
import { readersSide } from './readers-schema.ts'
import type { Side } from './side.ts'
import { searchWitness, type Search, type Witness } from './witness.ts'

export type { ChangeCode } from './change-codes.ts'
export { numberFault, type Verdict } from './number.ts'
export type { Side } from './side.ts'
export type { Witness } from './witness.ts'

export type Change = {
  /** Into the newer document; into the older one where it is gone (RFC 6901). */
  readonly pointer: string
  readonly field?: FieldPath
  readonly code: ChangeCode
  readonly impact: 'patch' | 'minor' | 'major'
  /** Of a major change: who does not survive it. */
  readonly against?: 'records' | 'readers'
  /** False where it could not be decided; then it counts as major. */
  readonly isDecided: boolean
  readonly message: Titles
  readonly witness?: Witness
}

export type Comparison = {
  readonly standard: string
  readonly from: Version
  readonly to: Version
  readonly verdict: Verdict
  /** In the order of the newer document. */
  readonly changes: readonly Change[]
}

/**
 * What changed from one version to the other. Pure and deterministic; both documents have passed
 * `schemas/meta/standard.json`.
 *
 * Law: of a verdict below major, no valid record is lost and no reader misled. Costs some milliseconds, and some tens
 * more where there are breaks to be shown.
 */
export function compareStandards(before: Side, after: Side): Comparison {
  const { id, version } = after.document.standard
  const readers = readersSide(before)
  const narrowed = unmetDemands(rootOf(before), rootOf(after))
  const widened = unmetDemands(rootOf(after), rootOf(readers))
  const searches = { left: searchesAtMost }
  const changes = [
    ...breaks(narrowed, tellNarrowing, searchWitness(before, after), searches),
    ...breaks(widened, tellWidening, searchWitness(after, readers), searches),
    ...survived(before, after, [...narrowed, ...widened]),
    ...told(before, after, searches),
  ]
  if (changes.length === 0 && textOf(before) !== textOf(after))
    changes.push(changeOf({ code: 'words-changed', pointer: '', place: [] }))
  const rank = documentOrder(after.document, before.document)
  return {
    standard: id,
    from: before.document.standard.version,
    to: version,
    verdict: verdictOf(changes),
    changes: changes.toSorted((a, b) => rank(a.pointer) - rank(b.pointer)),
  }
}

/** Witnesses that are looked for in one comparison; breaks beyond them stay undecided, and are major all the same. */
const searchesAtMost = 100

type Searches = { left: number }

function breaks(unmet: readonly Unmet[], tell: (unmet: Unmet) => Told, search: Search, searches: Searches): Change[] {
  const changes = new Map<string, Change>()
  for (const each of unmet) {
    const told = tell(each)
    const key = keyOf(told)
    if (changes.get(key)?.isDecided === true) continue
    const witness = searches.left-- > 0 ? search.against(each) : undefined
    changes.set(key, { ...changeOf(told), isDecided: witness !== undefined, ...(witness && { witness }) })
  }
  return [...changes.values()]
}

/** The comparison of two versions that could not be compared in the time that there is: it counts as major. */
export function undecidedComparison(before: StandardDocument, after: StandardDocument): Comparison {
  const change = { ...changeOf({ code: 'comparison-undecided', pointer: '', place: [] }), isDecided: false }
  const { id, version } = after.standard
  return { standard: id, from: before.standard.version, to: version, verdict: 'major', changes: [change] }
}

/** What is written otherwise and breaks nothing. */
function survived(before: Side, after: Side, unmet: readonly Unmet[]): Change[] {
  const broken = new Set(
    unmet.flatMap(({ within, keyword, place, name }) => {
      const at = within ?? { keyword, place }
      return [slot(at.keyword, at.place), slot(at.keyword, at.place, name)]
    }),
  )
  return differencesIn(rootOf(before), rootOf(after)).flatMap(difference => {
    const code = codeOf(difference, broken)
    if (code === undefined) return []
    const { keyword, name, pointer } = difference
    const isMember = keyword === 'properties' || keyword === 'required'
    const place = isMember && name !== undefined ? [...difference.place, { name }] : difference.place
    const isLost = code === 'field-removed'
    return [{ ...changeOf({ code, pointer, place, name: name ?? keyword }), ...(isLost && { isDecided: false }) }]
  })
}

/** The code of a difference that is not told as a break. */
function codeOf(
  { keyword, name, place, is, isAlwaysThere }: Difference,
  broken: ReadonlySet<string>,
): ChangeCode | undefined {
  if (keyword === 'properties') {
    if (is === 'removed') return broken.has(slot('additionalProperties', place, name)) ? undefined : 'field-removed'
    if (broken.has(slot('required', place, name))) return undefined
    return isAlwaysThere === true ? 'field-added-within' : 'field-added'
  }
  if (keyword === 'codesOn') return 'warning-changed'
  if (keyword === 'authority') return 'authority-changed'
  if (['title', 'titles', 'description'].includes(keyword)) return 'words-changed'
  return broken.has(slot(keyword, place, name)) ? undefined : familyOf(keyword).otherwise
}

function slot(keyword: string, place: Unmet['place'], name?: string): string {
  return JSON.stringify([familyOf(keyword).keywords[0], place, name])
}

function told(before: Side, after: Side, searches: Searches): Change[] {
  const search = searchWitness(after, after)
  return entryChanges(before, after).map(each => {
    const change = changeOf(each)
    const record = change.impact === 'major' && searches.left-- > 0 ? search.having(each.place) : undefined
    if (record === undefined) return change
    const issue = { pointer: '', code: change.code, message: change.message.en }
    return { ...change, witness: { record, issues: [issue] } }
  })
}

function changeOf({ code, pointer, place, name }: Told): Change {
  const { impact, ...entry } = changeCodes[code]
  const field = fieldAt(place)
  return {
    pointer,
    ...(field !== undefined && { field }),
    code,
    impact,
    ...('against' in entry && { against: entry.against }),
    isDecided: true,
    message: wordsOf(code, field, name),
  }
}

function verdictOf(changes: readonly Change[]): Verdict {
  return (
    (['major', 'minor', 'patch'] as const).find(impact => changes.some(change => change.impact === impact)) ?? 'same'
  )
}

/** All that the document says but its number and where it is kept. */
function textOf({ document }: Side): string {
  const {
    $schema,
    $id,
    standard: { version, ...standard },
    ...rest
  } = document
  return canonicalise({ ...rest, standard } as unknown as Json)
}

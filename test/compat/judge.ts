/** Holds what a comparison says of two versions against records of both, as Ajv judges them. */
import { compareStandards, type Change, type Comparison } from '../../src/catalogue/compare/compare.ts'
import type { Side } from '../../src/catalogue/compare/side.ts'
import { seededRandom } from '../../src/catalogue/records/random.ts'
import { recordGenerator } from '../../src/catalogue/records/record-generator.ts'
import type { JsonObject } from '../../src/record.ts'
import type { Validator } from '../../src/validate/validator.ts'
import { floorOf } from './floor.ts'
import type { Taken } from './random-side.ts'
import { readerOf, type Reader } from './reader.ts'

export type Finding = {
  readonly kind:
    | 'comparison-failed'
    | 'records-broken'
    | 'break-unnamed'
    | 'readers-broken'
    | 'witness-invalid'
    | 'witness-accepted'
    | 'verdict-too-low'
    | 'verdict-inconsistent'
  readonly why: string
  readonly change?: Change
  readonly record?: JsonObject
}

export type Judgement = {
  /** Missing where the comparison failed. */
  readonly comparison?: Comparison
  readonly findings: readonly Finding[]
  /** How many records were tried. */
  readonly records: number
  /** Who breaks by what is said of the schema, and by the records alone. */
  readonly breaks: Readonly<Record<Against, { readonly isSaid: boolean; readonly isShown: boolean }>>
  /** Codes of breaking changes that are said to be decided, have no witness, and that no record shows. */
  readonly unshown: readonly string[]
}

type Against = 'records' | 'readers'

export type Trial = {
  readonly before: Taken
  readonly after: Taken
  readonly seed: number
  readonly records: number
  /** What is tried; another one where the judge itself is. */
  readonly compare?: (before: Side, after: Side) => Comparison
}

/** What the schema does not say: its witness is a record that both sides allow. */
const beyondSchema = new Set(['key-changed', 'subjects-changed', 'unit-changed', 'index-removed', 'sealing-changed', 'sharing-withdrawn', 'code-list-opened']) // prettier-ignore

export function judge({ before, after, seed, records, compare = compareStandards }: Trial): Judgement {
  const [old, young, reader] = [before.validator, after.validator, readerOf(before)]
  const random = seededRandom(seed)
  const fromOld = drawn(recordGenerator(before, after, old), random, records)
  const fromYoung = drawn(recordGenerator(after, before, young), random, records)
  const refused = fromOld.filter(record => issuesOf(young, record) !== '')
  const lost = fromYoung.filter(record => reader.faultsIn(reader.cut(record)).length > 0)
  const tried = fromOld.length + fromYoung.length
  const shown = { records: refused.length > 0, readers: lost.length > 0 }

  const comparison = attempt(() => compare(before, after))
  if (comparison instanceof Error) return failed(comparison, tried)
  const majors = comparison.changes.filter(({ impact }) => impact === 'major')
  const bySchema = majors.filter(({ code }) => !beyondSchema.has(code))
  const said = (against: Against): boolean => bySchema.some(change => (change.against ?? against) === against)

  const findings: Finding[] = [...consistencyFindings(comparison), ...floorFindings({ before, after }, comparison)]
  const unnamed = refused.find(record => !isNamed(record, young, bySchema))
  if (unnamed !== undefined) {
    const kind = said('records') ? 'break-unnamed' : 'records-broken'
    findings.push({ kind, why: issuesOf(young, unnamed), record: unnamed })
  }
  if (lost[0] !== undefined && !said('readers')) {
    findings.push({ kind: 'readers-broken', why: reader.faultsIn(reader.cut(lost[0])).join(', '), record: lost[0] })
  }
  for (const change of majors) findings.push(...witnessFindings(change, { old, young, reader }))
  const isUnshown = ({ isDecided, witness, against = 'records' }: Change): boolean =>
    isDecided && witness === undefined && !shown[against]
  const breaks = {
    records: { isSaid: said('records'), isShown: shown.records },
    readers: { isSaid: said('readers'), isShown: shown.readers },
  }
  return { comparison, findings, records: tried, breaks, unshown: bySchema.filter(isUnshown).map(({ code }) => code) }
}

function failed(error: Error, records: number): Judgement {
  const nobody = { isSaid: false, isShown: false }
  const finding: Finding = { kind: 'comparison-failed', why: String(error) }
  return { findings: [finding], records, breaks: { records: nobody, readers: nobody }, unshown: [] }
}

function attempt(compare: () => Comparison): Comparison | Error {
  try {
    return compare()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Whether one of the breaking changes is about a field in which the record is refused, or about all of it. */
function isNamed(record: JsonObject, young: Validator, majors: readonly Change[]): boolean {
  const tops = young.validate(record).issues.map(({ pointer }) => pointer.split('/')[1] ?? '')
  return majors.some(
    ({ against, field }) => against !== 'readers' && (field === undefined || tops.includes(field.split('.')[0] ?? '')),
  )
}

function drawn(
  generate: (random: () => number) => JsonObject | undefined,
  random: () => number,
  count: number,
): JsonObject[] {
  const records: JsonObject[] = []
  let misses = 0
  while (records.length < count && misses < 2) {
    const record = generate(random)
    if (record === undefined) misses++
    else records.push(record)
  }
  return records
}

function issuesOf({ validate }: Validator, record: JsonObject): string {
  return validate(record)
    .issues.map(({ pointer, code }) => `${pointer} ${code}`)
    .join(', ')
}

function witnessFindings(change: Change, sides: { old: Validator; young: Validator; reader: Reader }): Finding[] {
  const { witness, code, against } = change
  if (witness === undefined) return []
  const { record } = witness
  const own = against === 'readers' ? sides.young : sides.old
  const isOnEither =
    beyondSchema.has(code) && (issuesOf(sides.old, record) === '' || issuesOf(sides.young, record) === '')
  const wrong = issuesOf(own, record)
  if (wrong !== '' && !isOnEither)
    return [{ kind: 'witness-invalid', why: `not valid on its own side: ${wrong}`, change, record }]
  if (beyondSchema.has(code)) return []
  if (against === 'readers') {
    const { reader } = sides
    if (reader.faultsIn(reader.cut(record)).length > 0) return []
    return [{ kind: 'witness-accepted', why: 'the reader loses nothing', change, record }]
  }
  const issues = new Set(sides.young.validate(record).issues.map(({ pointer, code: each }) => `${pointer} ${each}`))
  if (issues.size === 0) return [{ kind: 'witness-accepted', why: 'the newer version accepts it', change, record }]
  const unsaid = witness.issues.find(({ pointer, code: each }) => !issues.has(`${pointer} ${each}`))
  if (unsaid === undefined && witness.issues.length > 0) return []
  return [{ kind: 'witness-accepted', why: 'refused, but not for the issues that are given', change, record }]
}

const weights = ['same', 'patch', 'minor', 'major']

/** The verdict is the heaviest of the changes. */
function consistencyFindings({ verdict, changes }: Comparison): Finding[] {
  const heaviest = Math.max(0, ...changes.map(({ impact }) => weights.indexOf(impact)))
  const undecided = changes.find(({ isDecided, impact }) => !isDecided && impact !== 'major')
  if (undecided) return [{ kind: 'verdict-inconsistent', why: 'an undecided change is not major', change: undecided }]
  if (weights.indexOf(verdict) === heaviest) return []
  return [{ kind: 'verdict-inconsistent', why: `${verdict}, but the heaviest change is ${weights[heaviest]}` }]
}

function floorFindings(sides: { before: Side; after: Side }, { verdict }: Comparison): Finding[] {
  return floorOf(sides)
    .filter(({ least }) => weights.indexOf(verdict) < weights.indexOf(least))
    .map(({ least, why }) => ({ kind: 'verdict-too-low', why: `${verdict}, but at least ${least}: ${why}` }))
}

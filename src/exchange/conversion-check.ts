/**
 * Whether a version of a standard may be published as far as several majors go: while an older major is served, records of
 * a newer one must become valid records of it, under the same key.
 *
 * Proved on generated records, and on those that cases of adapters expect; what no record was found against stands.
 */
import type { Side } from '../catalogue/compare/side.ts'
import { seededRandom } from '../catalogue/records/random.ts'
import { recordGenerator } from '../catalogue/records/record-generator.ts'
import type { BetweenMajors } from '../map/between-majors.ts'
import type { Issue, JsonObject } from '../record.ts'
import { keyOf, majorOf, readStandard, type CodeList, type Standard, type StandardDocument } from '../standard.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { compileValidator, type Validator } from '../validate/validator.ts'
import { listsOf, nothingBeside, type Beside } from './beside.ts'
import { standingCases } from './cases.ts'
import type { Hub } from './hub.ts'
import { faultsOf } from './shown-records.ts'

/** Why a version may not be published; none where it may. */
export type ConversionFaults = {
  /** Pointers lead into the newer major's document. */
  readonly issues: readonly Issue[]
  /** A made-up record that shows it: valid under the newer major, and what is wrong with what it becomes. */
  readonly witness?: { readonly record: JsonObject; readonly issues: readonly Issue[] }
}

/** Of the document's own conversion, and of those of newer majors to the document's. */
export async function checkConversion(
  hub: Hub,
  document: StandardDocument,
  beside: Beside = nothingBeside,
): Promise<ConversionFaults> {
  const standard = readStandard(document)
  const own = await checkOwn(hub, standard, beside)
  if (own.issues.length > 0) return own
  for (const from of await newerLeadingTo(hub, standard)) {
    const { issues, ...rest } = await checkBetween(hub, { from, to: standard }, beside)
    if (issues.length === 0) continue
    const which = `of ${from.id} ${from.version}, which is to go on leading to ${standard.version}`
    return { issues: issues.map(issue => ({ ...issue, message: `${which}: ${issue.message}` })), ...rest }
  }
  return { issues: [] }
}

async function checkOwn(hub: Hub, from: Standard, beside: Beside): Promise<ConversionFaults> {
  const { conversion } = from.document
  const { index } = await hub.published.configuration()
  const majors = new Set((index.versionsOf.get(from.id) ?? []).map(({ version }) => majorOf(version)))
  const older = [...majors].filter(major => major < from.major).toSorted((a, b) => b - a)
  const isRetired = (major: number): boolean =>
    index.majors.some(row => row.standard === from.id && row.major === major && row.status === 'retired')
  const served = older.find(major => !isRetired(major))
  if (conversion === undefined) {
    if (served === undefined) return { issues: [] }
    const message = `is demanded while major ${served} is served: {"to": ${served}, "fields": {…}} says how a record of major ${from.major} becomes one of it`
    return { issues: [{ pointer: '/conversion', code: 'conversion-missing', message }] }
  }
  if (served !== undefined ? conversion.to !== served : !older.includes(conversion.to)) {
    const message =
      served === undefined
        ? 'is no older major that is published'
        : `must be ${served}, the newest older major that is served`
    return { issues: [{ pointer: '/conversion/to', code: 'conversion-target', message }] }
  }
  const { standard: to } = await hub.published.standard(from.id, conversion.to)
  return checkBetween(hub, { from, to }, beside)
}

/** The newest versions of majors that are converted to the major of the standard. */
async function newerLeadingTo(hub: Hub, { id, major }: Standard): Promise<Standard[]> {
  const { index } = await hub.published.configuration()
  const majors = new Set((index.versionsOf.get(id) ?? []).map(({ version }) => majorOf(version)))
  const found: Standard[] = []
  for (const newer of majors) {
    if (newer <= major) continue
    const { standard } = await hub.published.standard(id, newer)
    if (standard.document.conversion?.to === major) found.push(standard)
  }
  return found
}

type Ends = { readonly from: Standard; readonly to: Standard }

async function checkBetween(hub: Hub, { from, to }: Ends, beside: Beside): Promise<ConversionFaults> {
  if (from.keySealed !== to.keySealed) {
    const message = `the key is sealed in one of major ${to.major} and major ${from.major} only, so that records of one are not found by the other`
    return { issues: [{ pointer: '/standard/key', code: 'key-mismatch', message }] }
  }
  const lists = await listsOf(hub, [...codeListsNamedIn(from.document), ...codeListsNamedIn(to.document)], beside)
  const between = await hub.published.compileBetween(
    from.document.conversion?.fields ?? {},
    { from, to },
    beside.codeLists,
  )
  if (!('convert' in between)) return { issues: between }
  const validator = compileValidator(to, lists)
  return (
    provedOnGenerated(between, validator, lists) ?? (await provedOnCases(hub, between, validator)) ?? { issues: [] }
  )
}

/** Enough to meet each optional field absent and present, and each alternative, many times; half a second for thirty fields. */
const generatedRecords = 200

function provedOnGenerated(
  between: BetweenMajors,
  validator: Validator,
  codeList: (id: string) => CodeList | undefined,
): ConversionFaults | undefined {
  const side = (standard: Standard): Side => ({ document: standard.document, codeList })
  const generate = recordGenerator(side(between.from), side(between.to))
  const random = seededRandom(between.from.major)
  let witness: ConversionFaults['witness']
  for (let tries = 0; tries < generatedRecords; tries++) {
    const record = generate(random)
    if (record === undefined) continue
    const issues = faultsOfOne(between, validator, record)
    // The shortest shows it best.
    if (issues.length > 0 && (witness === undefined || lengthOf(record) < lengthOf(witness.record))) {
      witness = { record, issues }
    }
  }
  return witness && { issues: witness.issues.map(issue => placed(issue, between, 'of a made-up record')), witness }
}

async function provedOnCases(
  hub: Hub,
  between: BetweenMajors,
  validator: Validator,
): Promise<ConversionFaults | undefined> {
  const { index } = await hub.published.configuration()
  const { id, major } = between.from
  for (const { adapter, version } of index.adapters.filter(
    row => row.isInUse && row.standard === id && row.major === major,
  )) {
    for (const { case: own } of await standingCases(hub, adapter, version)) {
      for (const { data } of own.expected.records) {
        const issues = faultsOfOne(between, validator, data)
        const where = `of a record that ${adapter}, case ${own.name}, expects`
        if (issues.length > 0) return { issues: issues.map(issue => placed(issue, between, where)) }
      }
    }
  }
  return undefined
}

/** What is wrong with what a record becomes; pointers lead into that. */
function faultsOfOne(between: BetweenMajors, validator: Validator, record: JsonObject): readonly Issue[] {
  const converted = between.convert(record)
  const issues = faultsOf({ validator }, converted, [])
  if (issues.length > 0) return issues
  if (keyOf(between.to, converted.record) === keyOf(between.from, record)) return []
  const message = 'the key is another one than that of the record: it is what a record is known by in every major'
  return [{ pointer: `/${between.to.key[0]}`, code: 'key-changed', message }]
}

function placed({ pointer, code, message }: Issue, { from, to }: BetweenMajors, where: string): Issue {
  const [, top] = pointer.split('/')
  const at = top === undefined || top === '' ? '/conversion/fields' : `/conversion/fields/${top}`
  const what = `${where} of ${from.version}, what it becomes in ${to.version}`
  return { pointer: at, code, message: pointer === '' ? `${what}: ${message}` : `${what}, at ${pointer}: ${message}` }
}

function lengthOf(record: JsonObject): number {
  return JSON.stringify(record).length
}

/**
 * Whether a version of a standard may be published as far as several majors go: while an older major is served, records of
 * a newer one must become valid records of it, under the same key.
 *
 * Proved on generated records, and on those that cases of adapters of the publisher's own department expect; what no record
 * was found against stands. Not on other departments': a conversion with conditions would tell what those records say, guess
 * by guess, to who may not see them.
 */
import type { BetweenMajors } from '../map/between-majors.ts'
import { codesNamedIn } from '../map/named-codes.ts'
import type { Issue } from '../record.ts'
import { majorOf, readStandard, type Standard, type StandardDocument } from '../standard.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { compileValidator, type Validator } from '../validate/validator.ts'
import { listsFor } from './apart-task.ts'
import { listsOf, nothingBeside, type Beside } from './beside.ts'
import { mayLearnOfCases, standingCases } from './cases.ts'
import { faultsOfOne, type Witness } from './conversion-proof.ts'
import type { By, Hub } from './hub.ts'
import { levelNotes } from './level-notes.ts'

/** Why a version may not be published; none where it may. */
export type ConversionFaults = {
  /** Pointers lead into the newer major's document. */
  readonly issues: readonly Issue[]
  /** A made-up record that shows it: valid under the newer major, and what is wrong with what it becomes. */
  readonly witness?: Witness
  /** Where it may be published, what of the older major is held back of records of the newer. */
  readonly notes?: readonly string[]
}

/** Of the document's own conversion, and of those of newer majors to the document's. */
export async function checkConversion(
  hub: Hub,
  by: By,
  document: StandardDocument,
  beside: Beside = nothingBeside,
): Promise<ConversionFaults> {
  const standard = readStandard(document)
  const own = await checkOwn(hub, by, standard, beside)
  if (own.issues.length > 0) return own
  const notes = [...(own.notes ?? [])]
  for (const from of await newerLeadingTo(hub, standard)) {
    const { issues, notes: further = [], ...rest } = await checkBetween(hub, by, { from, to: standard }, beside)
    notes.push(...further)
    if (issues.length === 0) continue
    const which = `of ${from.id} ${from.version}, which is to go on leading to ${standard.version}`
    return { issues: issues.map(issue => ({ ...issue, message: `${which}: ${issue.message}` })), ...rest }
  }
  return { issues: [], notes }
}

async function checkOwn(hub: Hub, by: By, from: Standard, beside: Beside): Promise<ConversionFaults> {
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
  return checkBetween(hub, by, { from, to }, beside)
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

async function checkBetween(hub: Hub, by: By, { from, to }: Ends, beside: Beside): Promise<ConversionFaults> {
  if (from.keySealed !== to.keySealed) {
    const message = `the key is sealed in one of major ${to.major} and major ${from.major} only, so that records of one are not found by the other`
    return { issues: [{ pointer: '/standard/key', code: 'key-mismatch', message }] }
  }
  const fields = from.document.conversion?.fields ?? {}
  const named = codesNamedIn(fields)
  const listsNamed = [...named.lists, ...codeListsNamedIn(from.document), ...codeListsNamedIn(to.document)]
  const lists = await listsOf(hub, listsNamed, beside)
  const between = await hub.published.compileBetween(fields, { from, to }, beside.codeLists)
  if (!('convert' in between)) return { issues: between }
  const crosswalks = await Promise.all([...named.crosswalks].map(id => hub.published.crosswalk(id)))
  const found = await hub.apart.prove({
    kind: 'prove',
    fields,
    from: from.document,
    to: to.document,
    lists: listsFor(lists, listsNamed),
    crosswalks: crosswalks.filter(crosswalk => crosswalk !== undefined),
  })
  if (found === undefined) return { issues: [tooLong] }
  if (found !== null) {
    return { issues: found.issues.map(issue => placed(issue, between, 'of a made-up record')), witness: found }
  }
  const broken = await provedOnCases(hub, by, between, compileValidator(to, lists))
  return broken ?? { issues: [], notes: levelNotes(between) }
}

const tooLong: Issue = {
  pointer: '/conversion',
  code: 'conversion-undecided',
  message:
    'could not be proved on made-up records within the time that there is: simplify the conversion or the schema',
}

async function provedOnCases(
  hub: Hub,
  by: By,
  between: BetweenMajors,
  validator: Validator,
): Promise<ConversionFaults | undefined> {
  const { index } = await hub.published.configuration()
  const { id, major } = between.from
  for (const { adapter, version } of index.adapters.filter(
    row => row.isInUse && row.standard === id && row.major === major && mayLearnOfCases(by, row.adapter),
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

function placed({ pointer, code, message }: Issue, { from, to }: BetweenMajors, where: string): Issue {
  const [, top] = pointer.split('/')
  const at = top === undefined || top === '' ? '/conversion/fields' : `/conversion/fields/${top}`
  const what = `${where} of ${from.version}, what it becomes in ${to.version}`
  return { pointer: at, code, message: pointer === '' ? `${what}: ${message}` : `${what}, at ${pointer}: ${message}` }
}

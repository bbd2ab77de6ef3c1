/**
 * Runs the cases of adapters: before a version of the adapter is taken into use, and before one of its standard is
 * published. What is wrong is said by adapter, case and place in the record, and by no value but the key.
 */
import { HubError } from '../errors.ts'
import { compileAdapter, type Adapter, type Catalogue, type Resolve } from '../map/adapter.ts'
import { defaultLimits, type Limits } from '../parse/limits.ts'
import type { Issue, Json } from '../record.ts'
import type { Standard } from '../standard.ts'
import { readAdapterDocument } from '../store/adapters.ts'
import { listCases, readCaseTexts, type CaseRow } from '../store/adapter-cases.ts'
import { departmentOf } from '../store/differences.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { compileValidator, type Validator } from '../validate/validator.ts'
import { differencesOf } from './case-differences.ts'
import { readCase, type Case, type KnownRecords } from './case-document.ts'
import { outcomeOf, type Outcome } from './case-outcome.ts'
import type { By, Hub } from './hub.ts'

/** What an adapter's cases run through. */
export type CaseLine = { readonly adapter: Adapter; readonly validator: Validator }

export type CaseResult = { readonly name: string; readonly isPassed: boolean; readonly issues: readonly Issue[] }

/** A case that stands for a version of an adapter, and how it is kept. */
export type StandingCase = { readonly row: CaseRow; readonly case: Case }

/**
 * What would go wrong with the adapters in use if this version of their standard were published: an adapter that could
 * not be used any more, or a case of it that would give something else than it expects. Empty where nothing would.
 *
 * Of another department's cases a publisher is told that one fails, and no more; and that what was rejected would be taken
 * counts as no failure of theirs, for it is what a patch or a minor can bring about: with one value after another let in,
 * it would tell which one a case holds.
 *
 * @param standard not yet published
 */
export async function casesAgainst(hub: Hub, by: By, standard: Standard): Promise<readonly Issue[]> {
  const { index } = await hub.published.configuration()
  const concerned = index.adapters.filter(
    row => row.isInUse && row.standard === standard.id && row.major === standard.major,
  )
  if (concerned.length === 0) return []
  const codeList = await hub.published.codeLists(codeListsNamedIn(standard.document))
  const validator = compileValidator(standard, codeList)
  const found: Issue[] = []
  for (const { adapter: id, version } of concerned) {
    const document = await readAdapterDocument(hub.store.read, id, version)
    const catalogue = withStandard(await hub.published.catalogue(document), standard, codeList)
    try {
      const line = { adapter: compileAdapter(document, catalogue), validator }
      const cases = await standingCases(hub, id, version)
      if (mayLearnOfCases(by, id)) found.push(...faultsOf(id, await runCases(line, cases, 'others')))
      else if (await losesRecords(line, cases)) found.push(fails(id))
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'adapter-invalid') throw error
      found.push(...error.issues.map(issue => ({ ...issue, message: `${id} ${version}: ${issue.message}` })))
    }
  }
  return found
}

/** Whether what a case says may be told, or be learned by trying: to the adapter's own department. */
export function mayLearnOfCases({ actor, department }: By, adapter: string): boolean {
  return actor.kind === 'operator' || departmentOf(adapter) === department
}

/** The same whatever fails: which case it is, and where in it, is its department's to know. */
function fails(adapter: string): Issue {
  const message = `${adapter}: a case of this adapter, which is another department's, would fail. Agree with that department on a version that suits both.`
  return { pointer: '', code: 'case-differs', message }
}

/** Whether a record that a case expects would not be given, or be another. */
async function losesRecords(line: CaseLine, cases: readonly StandingCase[]): Promise<boolean> {
  for (const { case: own } of cases) {
    const { records } = await caseOutcome(line, own)
    const { records: expected } = own.expected
    const wanted = new Set(expected.map(({ key }) => key))
    const given = records.filter(({ key }) => wanted.has(key))
    if (differencesOf({ records: expected, rejects: [] }, { records: given, rejects: [] }).length > 0) return true
    await new Promise(resolve => setImmediate(resolve))
  }
  return false
}

function withStandard(catalogue: Catalogue, standard: Standard, codeList: Catalogue['codeList']): Catalogue {
  return {
    ...catalogue,
    codeList: id => codeList(id) ?? catalogue.codeList(id),
    standard: (id, major) =>
      id === standard.id && major === standard.major ? standard : catalogue.standard(id, major),
  }
}

/** The cases that stand for a version of an adapter, opened. They are the hub's to run, and nobody's to see: see `discloseCase`. */
export async function standingCases(hub: Hub, adapter: string, version: string): Promise<StandingCase[]> {
  const rows = await listCases(hub.store.read, adapter, version)
  const texts = await readCaseTexts(hub.store.read, hub.keys.master, adapter, rows)
  return texts.flatMap((text, index) => {
    const row = rows[index]
    return row === undefined ? [] : [{ row, case: readCase(JSON.parse(text)) }]
  })
}

/** A case shows a few records; what it is packed in may not come to more than this either. */
const limits: Limits = {
  ...defaultLimits,
  inputBytes: 16 * 1024 * 1024,
  envelopeBytes: 4 * 1024 * 1024,
  records: 10_000,
}

/** @param whom issues are for: the key of a record is named to the adapter's own department, unless its standard seals it */
export async function runCases(
  line: CaseLine,
  cases: readonly StandingCase[],
  whom: 'its department' | 'others' = 'its department',
): Promise<CaseResult[]> {
  const isNamingKeys = whom === 'its department' && !line.adapter.standard.keySealed
  const results: CaseResult[] = []
  for (const { case: own } of cases) {
    const issues = differencesOf(own.expected, await caseOutcome(line, own), isNamingKeys)
    results.push({ name: own.name, isPassed: issues.length === 0, issues })
    // Others get their turn.
    await new Promise(resolve => setImmediate(resolve))
  }
  return results
}

/** What comes of a case's input, whatever it expects. */
export function caseOutcome(line: CaseLine, { input, known }: Case): Promise<Outcome> {
  return outcomeOf({ ...line, resolve: resolveFrom(known), limits }, once(input))
}

/** What cases that fail say of their adapter. */
export function faultsOf(adapter: string, results: readonly CaseResult[]): Issue[] {
  return results.flatMap(({ name, issues }) =>
    issues.map(issue => ({ ...issue, message: `${adapter}, case ${name}: ${issue.message}` })),
  )
}

/** @throws {HubError} `adapter-broken` where there is an issue */
export function requireWhole(what: string, issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const detail = `${what}: the issues name case and place. Mend the adapter, or give the case what it is to expect now.`
  throw new HubError('adapter-broken', detail, { issues })
}

/** What an adapter that resolves is told: what its case knows, and nothing of what the hub holds. */
function resolveFrom(known: KnownRecords): Resolve {
  return ({ standard, key, field }) => field.split('.').reduce<Json | undefined>(memberOf, known[standard]?.[key])
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

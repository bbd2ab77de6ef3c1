/** The terms of an agreement: what may be asked for at all, checked against the standard before anybody decides. */
import { randomUUID } from 'node:crypto'
import type { Agreement, RowFilter } from '../agreement/agreement.ts'
import { levelsOf } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import { lastInstant } from '../instants.ts'
import type { FieldPath, Issue, JsonObject, Operation } from '../record.ts'
import type { Standard } from '../standard.ts'
import { requireDepartment, requireId } from './departments.ts'
import type { Hub } from './hub.ts'
import { requireAgreed } from './retired.ts'

/** What an agreement is asked for, or made, by. What the type {@link Agreement} says of the same members holds here. */
export type Terms = {
  /** A new one where there is none. */
  readonly id?: string
  readonly department: string
  readonly standard: string
  /** The newest where there is none. */
  readonly major?: number
  /** Leaves, or branches, which stand for the leaves that they have today. */
  readonly fields: readonly FieldPath[]
  /** Where there are none, `verify` for a standard that is for comparing only, and else `read`. */
  readonly operations?: readonly Operation[]
  readonly rows?: RowFilter
  readonly matters: readonly string[]
  readonly caseRequired?: boolean
  readonly dailyQuota?: number
  readonly legalBasis?: string
  /** Now where there is none. */
  readonly from?: Date
  readonly until: Date
}

/** The terms alone: what an agreement is before anything was done about it. */
export type CheckedTerms = Omit<Agreement, 'status' | 'levels' | 'acts'>

/** The lists of an agreement stand in entries of the log, whose size is bounded. */
const maxListBytes = 24 * 1024

/** Of a matter and of a value of a row filter: codes and short texts, as an indexed field holds them. */
const maxTextLength = 400

/**
 * @throws {HubError} `department-unknown`, `standard-unknown`, `major-retired`; `request-invalid` with an issue for each
 *   field that the standard lacks, does not share, or that a record's key lacks, and for each of the other terms that cannot be
 */
export async function checkTerms(
  hub: Hub,
  terms: Terms,
): Promise<{ readonly terms: CheckedTerms; readonly standard: Standard }> {
  if (terms.id !== undefined) requireId(terms.id)
  await requireDepartment(hub, terms.department)
  const { standard } = await hub.published.standard(terms.standard, terms.major)
  requireAgreed((await hub.published.configuration()).index, standard)
  const checked: CheckedTerms = {
    id: terms.id ?? randomUUID(),
    department: terms.department,
    standard: standard.id,
    major: standard.major,
    fields: leavesOf(standard, terms.fields),
    operations: terms.operations ?? [standard.document.standard.compareOnly === true ? 'verify' : 'read'],
    ...(terms.rows !== undefined && Object.keys(terms.rows).length > 0 && { rows: terms.rows }),
    matters: terms.matters,
    ...(terms.caseRequired === true && { caseRequired: true }),
    ...(terms.dailyQuota !== undefined && { dailyQuota: terms.dailyQuota }),
    ...(terms.legalBasis !== undefined && { legalBasis: terms.legalBasis }),
    from: instantOf(terms.from ?? hub.clock()),
    until: instantOf(terms.until),
  }
  const issues = [
    ...fieldIssues(standard, terms.fields),
    ...rowIssues(standard, terms.rows),
    ...otherIssues(standard, checked),
  ]
  if (issues.length > 0) throw invalid(issues)
  return { terms: checked, standard }
}

function instantOf(time: Date): string {
  return (time > lastInstant ? lastInstant : time).toISOString()
}

/**
 * What no longer may be shared of what was asked for.
 *
 * @throws {HubError} `request-invalid` with an issue for each field
 */
export function requireShared(standard: Standard, { fields }: Pick<Agreement, 'fields'>): void {
  const issues = sharingIssues(standard, fields)
  if (issues.length > 0) throw invalid(issues)
}

/** What an entry says of an agreement's terms: no text of people, and of a row filter its fields only. */
export function termsDetail(agreement: CheckedTerms): JsonObject {
  const { department, major, from, until, fields, matters, rows, caseRequired, dailyQuota } = agreement
  return {
    department,
    major,
    from,
    until,
    fields: [...fields],
    operations: [...agreement.operations],
    matters: [...matters],
    ...(rows !== undefined && { rows: Object.keys(rows) }),
    ...(caseRequired === true && { caseRequired }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  }
}

/** The leaves that the named fields stand for, in the order of the standard. */
function leavesOf(standard: Standard, named: readonly FieldPath[]): FieldPath[] {
  return standard.fields.map(({ path }) => path).filter(leaf => named.some(name => covers(name, leaf)))
}

function covers(name: FieldPath, leaf: FieldPath): boolean {
  return name === leaf || leaf.startsWith(`${name}.`)
}

function fieldIssues(standard: Standard, named: readonly FieldPath[]): Issue[] {
  const unknown = named.filter(name => !standard.fields.some(({ path }) => covers(name, path)))
  const missing = standard.key.filter(part => !named.some(name => covers(name, part)))
  return [
    ...unknown.map(name => issue(`/fields/${name}`, 'field-unknown', `is no field of ${standard.id}`)),
    ...missing.map(part =>
      issue('/fields', 'key-missing', `must name ${part}: it is part of the key, which every reply carries`),
    ),
    ...sharingIssues(standard, leavesOf(standard, named)),
  ]
}

function sharingIssues(standard: Standard, leaves: readonly FieldPath[]): Issue[] {
  const isShared = standard.document.standard.sharing !== 'not-shared'
  return standard.fields
    .filter(({ path, sharing }) => leaves.includes(path) && (!isShared || sharing === 'not-shared'))
    .map(({ path }) => issue(`/fields/${path}`, 'field-not-shared', `is not shared with other departments`))
}

/** A row filter is looked up in the open text of records, by fields that lists may be filtered by. */
function rowIssues(standard: Standard, rows: RowFilter = {}): Issue[] {
  return Object.entries(rows).flatMap(([path, values]) => {
    const field = standard.fields.find(candidate => candidate.path === path)
    const pointer = `/rows/${path}`
    if (field === undefined) return [issue(pointer, 'field-unknown', `is no field of ${standard.id}`)]
    if (!field.indexed) return [issue(pointer, 'field-not-indexed', 'is no field that records are chosen by')]
    if (field.sealed) return [issue(pointer, 'field-sealed', 'is sealed: records are not chosen by it')]
    if (values.length === 0) return [issue(pointer, 'values-missing', 'must name the values that a record may have')]
    return isOutOfLength(values) ? [issue(pointer, 'text-length', lengthMessage)] : []
  })
}

function otherIssues(standard: Standard, terms: CheckedTerms): Issue[] {
  const { fields, matters, operations: asked, from, until, dailyQuota } = terms
  const issues: Issue[] = []
  if (matters.length === 0) issues.push(issue('/matters', 'matters-missing', 'must name at least one matter'))
  if (isOutOfLength(matters)) issues.push(issue('/matters', 'text-length', lengthMessage))
  if (asked.length === 0) issues.push(issue('/operations', 'operations-missing', 'must name at least one operation'))
  if (from >= until) issues.push(issue('/until', 'term-empty', 'must come after the term begins'))
  if (dailyQuota !== undefined && !(Number.isSafeInteger(dailyQuota) && dailyQuota >= 1)) {
    issues.push(issue('/dailyQuota', 'quota-invalid', 'must be a whole number, 1 or more'))
  }
  // As the entry of its approval has them: the longest.
  if (Buffer.byteLength(JSON.stringify([fields, levelsOf(standard, fields), matters])) > maxListBytes) {
    issues.push(issue('', 'too-long', `names more than fits an entry of the log: ask for several agreements`))
  }
  return issues
}

function isOutOfLength(texts: readonly string[]): boolean {
  return texts.some(text => text === '' || text.length > maxTextLength)
}

const lengthMessage = `must hold texts of 1 to ${maxTextLength} characters`

function issue(pointer: string, code: string, message: string): Issue {
  return { pointer, code, message }
}

function invalid(issues: readonly Issue[]): HubError {
  const list = issues.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('; ')
  return new HubError('request-invalid', `There can be no such agreement: ${list}.`, { issues })
}

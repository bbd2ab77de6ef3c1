/**
 * Compiles an adapter document, once, into the function that converts its source records.
 *
 * Conversion knows nothing of validity: what it cannot read or translate it notes, and writes the rest, so that a
 * record that will be rejected still has its key where the key can be read. Whether the record is valid, its standard
 * says (`validate/`).
 */
import { HubError } from '../errors.ts'
import type { Issue, SourceRecord } from '../record.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import type { Standard } from '../standard.ts'
import type { Convert } from './conversion.ts'
import { compileAdmission, compileConversion } from './conversion.ts'
import type { AdapterDocument, Grouping, SourceDescription } from './document.ts'
import { checkGrouping, groupNames, withoutGroups } from './grouping.ts'
import type { Loading, Trace } from './loading.ts'
import { find } from './loading.ts'
import { mayEnclose, parsePath } from './path.ts'
import { checkPull, type PullDescription } from './pull.ts'
import type { Resolved } from './resolve-rule.ts'
import { shapeIssues } from './shape.ts'
import { checkSource } from './sourcing.ts'
import { sourceFinder } from './trace.ts'
import { isTimezone } from './transforms/timezone.ts'

export type { Resolve, Want } from './resolve-rule.ts'

export type Adapter = {
  /** `department/name`. */
  readonly id: string
  readonly department: string
  readonly name: string
  readonly version: string
  readonly document: AdapterDocument
  readonly standard: Standard
  readonly source: SourceDescription
  /** Which rows make one source record. */
  readonly group: Grouping | undefined
  readonly mode: 'snapshot' | 'delta'
  readonly pull: PullDescription | undefined
  /** The top-level field that a snapshot's withdrawals stay inside of. */
  readonly scope: string | undefined
  /** What decides among records of one key: their order in the input, or the mark that each has. Nothing does otherwise. */
  readonly order: 'input' | 'mark' | undefined
  /** The absolute paths of the texts outside the records that the parser must keep. */
  readonly context: readonly string[]
  /** How each leaf of the standard that the adapter fills is filled, rule by rule. */
  readonly traces: readonly Trace[]
  /** The paths of the source that are read for what stands beside the fields: `asOf`, `order`, `withdraw` and such. */
  readonly beside: readonly string[]
  /** What its rules read of other standards' records. */
  readonly resolves: readonly Resolved[]
  /** Which of the source's records count, or its rows before they are grouped; undefined where all do. */
  readonly admits: ((source: SourceRecord) => boolean) | undefined
  readonly convert: Convert
  /** The paths of the source that feed the place in the record, for the `source` of an issue found later. */
  readonly sourceOf: (pointer: string) => string | undefined
}

/** Where an adapter finds what it refers to; undefined for what is not published. */
export type Catalogue = {
  standard(id: string, major: number): Standard | undefined
  codeList(id: string): CodeList | undefined
  crosswalk?(id: string): Crosswalk | undefined
}

/**
 * The adapter of a document. A few milliseconds; make it once for each version.
 *
 * @throws {HubError} adapter-invalid, with a pointer into the document for everything that is wrong with it: its shape
 * first, and where that is right, all that it refers to.
 */
export function compileAdapter(given: unknown, catalogue: Catalogue): Adapter {
  const shape = shapeIssues(given)
  if (shape.length > 0) throw invalid(shape)
  const document = given as AdapterDocument
  const { id, major } = document.standard
  const standard = catalogue.standard(id, major)
  if (standard === undefined) {
    const message = `the standard ${id} has no published version with major ${major}`
    throw invalid([{ pointer: '/standard', code: 'standard-unknown', message }])
  }

  const loading: Loading = {
    document,
    standard,
    catalogue,
    issues: [],
    traces: [],
    nodes: new Map(),
    context: new Set(),
    beside: new Map(),
    resolves: [],
  }
  const convert = compileConversion(standard, loading)
  const admits = compileAdmission(loading)
  checkScope(standard, loading)
  checkEnvelope(standard, loading)
  checkSource(loading)
  checkTimezone(loading)
  checkGrouping(loading)
  checkPull(loading)
  if (loading.issues.length > 0) throw invalid(loading.issues)

  const { department, name, version } = document.adapter
  return {
    id: `${department}/${name}`,
    department,
    name,
    version,
    document,
    standard,
    source: document.source,
    group: document.group,
    mode: document.mode,
    pull: document.pull,
    scope: document.scope,
    order: typeof document.order === 'object' ? 'mark' : document.order,
    context: [...loading.context],
    traces: loading.traces,
    beside: [...new Set([...loading.beside.values()].flat())],
    resolves: loading.resolves,
    admits,
    convert,
    sourceOf: sourceFinder(loading),
  }
}

/** What identifies and dates a record stands beside it in the open: it must not be read from what is sealed in it. */
function checkEnvelope(standard: Standard, loading: Loading): void {
  const sealed = standard.fields.filter(field => field.sealed).map(field => `${field.path}.`)
  const feeds = ({ field }: Trace): boolean =>
    sealed.some(path => path.startsWith(`${field}.`) || `${field}.`.startsWith(path))
  const guarded = loading.traces.filter(feeds).flatMap(({ sources }) => sources)
  const groups = groupNames(loading.document.group)
  for (const pointer of ['/recordId', '/asOf', '/order']) {
    const read = loading.beside.get(pointer) ?? []
    const source = guarded.find(path => read.some(open => meets(open, path, groups)))
    if (source === undefined) continue
    find(loading, pointer, 'sealed-source', `reads ${source}, which feeds a sealed field; this stands in the open`)
  }
}

/** Whether the text that a path leads to may be, or may hold, that of a sealed one; a group has what its rows have. */
function meets(open: string, sealed: string, groups: readonly string[]): boolean {
  const [outer, inner] = [parsePath(open), parsePath(sealed)]
  if (outer === undefined || inner === undefined || outer.absolute !== inner.absolute) return false
  return mayEnclose(withoutGroups(outer.names, groups), withoutGroups(inner.names, groups))
}

function invalid(issues: readonly Issue[]): HubError {
  return new HubError('adapter-invalid', 'The adapter document cannot be used: mend what the issues name.', { issues })
}

/** A scope is what every record says of itself in the open, so that what lies inside it can be found. */
function checkScope(standard: Standard, loading: Loading): void {
  const { scope, mode } = loading.document
  if (scope === undefined) return
  const field = standard.fields.find(({ path }) => path === scope)
  if (mode === 'delta') {
    find(loading, '/scope', 'scope-invalid', 'goes only with the mode snapshot: a delta says nothing of what it lacks')
  } else if (field === undefined || field.schema.type !== 'string' || !field.required || field.sealed) {
    find(loading, '/scope', 'scope-invalid', 'is no required, unsealed text at the top level of the standard')
  }
}

function checkTimezone(loading: Loading): void {
  const { timezone } = loading.document
  if (timezone === undefined || isTimezone(timezone)) return
  find(loading, '/timezone', 'timezone-unknown', 'is neither an offset such as +08:00 nor an IANA time zone')
}

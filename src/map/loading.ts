/**
 * What the parts of the compiler share while one adapter document is being loaded: what they find wrong, what they
 * learn about lineage, and where they are.
 */
import type { FieldPath, Issue, Titles } from '../record.ts'
import type { SchemaNode, Standard } from '../standard.ts'
import type { Catalogue } from './adapter.ts'
import type { AdapterDocument, SourceDescription } from './document.ts'
import type { Path } from './path.ts'
import { joinPaths, parsePath, pathText } from './path.ts'
import { pointTo } from './pointer.ts'
import type { Resolved } from './resolve-rule.ts'
import type { Run } from './run.ts'
import type { Target } from './target.ts'
import type { Place } from './walk.ts'

export type Loading = {
  readonly document: AdapterDocument
  /** What records are converted to. */
  readonly standard: Standard
  readonly catalogue: Catalogue
  /** What is wrong with the document, by pointers into it. */
  readonly issues: Issue[]
  readonly traces: Trace[]
  /** The paths of the nodes that lists and objects are made from, by field. */
  readonly nodes: Map<FieldPath, string>
  /** The absolute paths in use, which the parser must keep. */
  readonly context: Set<string>
  /** What is read for what stands beside the fields, by its pointer in the document: `/asOf`, `/withdraw`. */
  readonly beside: Map<string, readonly string[]>
  /** What is read of other standards' records. */
  readonly resolves: Resolved[]
  /** Of a conversion between majors, whose source records are records of another major. */
  readonly ofRecord?: OfRecord
}

/** What is known of source records that are records of a standard. */
export type OfRecord = {
  /** The text that a null is in them, which no text of a record is. */
  readonly nullText: string
  /** What the standard has along a path; undefined where it has nothing. */
  readonly schemaAt: (names: readonly string[]) => SchemaNode | undefined
}

/** How one leaf of the standard is filled by one rule. Paths begin at the source record. */
export type Trace = {
  readonly field: FieldPath
  /** The paths whose texts become the value; none for a constant. */
  readonly sources: readonly string[]
  /** The paths that decide whether it does: of `when`, `where` and `join`. */
  readonly decidedBy: readonly string[]
  /** The paths of the nodes that it is read of, from the outermost on: how many there are tells how often it stands. */
  readonly nodes: readonly string[]
  /** The names of the transforms and of what else is done to them, in that order: `trim`, `sum`, `digest`, `codes`. */
  readonly via: readonly string[]
}

/** Where a rule stands. */
export type Site = {
  /** In the adapter document. */
  readonly pointer: string
  /** In the standard. */
  readonly target: Target
  /** In the record: names, null for a position in a list. */
  readonly field: readonly (string | null)[]
  /** In the source record: the names from it to the node that paths begin at. */
  readonly source: readonly string[]
  readonly decidedBy: readonly string[]
  /** The paths of the nodes that rules here are about, from the outermost on. */
  readonly nodes: readonly string[]
}

/** Reads a rule's value: undefined where it is absent, `refused` where an issue says why there is none. */
export type Read<T> = (place: Place, run: Run) => T | undefined | typeof refused

export const refused = Symbol('refused')

export type Note = (run: Run, why: { readonly code: string; readonly titles: Titles }) => typeof refused

export function inside(site: Site, ...names: (string | number)[]): Site {
  return { ...site, pointer: names.reduce<string>(pointTo, site.pointer) }
}

/** Arrays are passed through, as in a standard's fields. */
export function fieldOf({ field }: Site): FieldPath {
  return field.filter(name => name !== null).join('.')
}

export function find(loading: Loading, pointer: string, code: string, message: string): void {
  loading.issues.push({ pointer, code, message })
}

/** The path in a document's text; one that cannot be used is found wrong and read as the node itself. */
export function usePath(text: string, site: Site, loading: Loading): Path {
  const wrong = (message: string): Path => {
    find(loading, site.pointer, 'path-invalid', message)
    return { text: '.', absolute: false, up: 0, names: [] }
  }
  const path = parsePath(text)
  if (path === undefined)
    return wrong('is no path: names joined by /, .. only in front, #name only at the end, ~ written ~0, / in a name ~1')
  if (path.up > site.source.length) return wrong('climbs out of the record; a leading / reaches what stands outside')
  const { format } = loading.document.source
  const stranger = strangePrefix(path, format, loading)
  if (stranger !== undefined) return wrong(`uses the prefix ${stranger}, which source.namespaces does not declare`)
  if (path.absolute && !standsOutside(text, loading.document.source)) {
    return wrong(
      format === 'csv' ? 'is no line before the header: /#line/1 to source.skipLines' : `leads out of ${format}`,
    )
  }
  if (path.absolute) loading.context.add(text)
  if (loading.ofRecord !== undefined && loading.ofRecord.schemaAt(joinPaths(site.source, path)) === undefined) {
    find(loading, site.pointer, 'source-unknown', 'leads to nothing that a record of the newer major has')
  }
  return path
}

/** The first prefix in a path of an XML document that the adapter document does not declare. */
export function strangePrefix({ names }: Path, format: string, { document }: Loading): string | undefined {
  if (format !== 'xml') return undefined
  const { namespaces = {} } = document.source
  return names.map(prefixOf).find(prefix => !knows(namespaces, prefix))
}

/** A path of the document as it is shown to people: from the source record, or from the document's root. */
export function shownPath(path: Path, site: Site): string {
  return path.absolute ? path.text : pathText(joinPaths(site.source, path))
}

/** Notes, in a record's conversion, that the value at a site cannot be had. */
export function noteAt(site: Site, source: string): Note {
  return (run, { code, titles }) => {
    run.issues.push({ pointer: pointerTo(site, run), source, code, message: titles[run.language] })
    return refused
  }
}

/** The pointer to a site in the record that is being written. */
export function pointerTo({ field }: Site, run: Run): string {
  const positions = run.positions.values()
  return field.reduce<string>((above, name) => pointTo(above, name ?? positions.next().value ?? 0), '')
}

/** Compiles the parts of a rule, and says in each of their traces what else is done to its texts. */
export function traced<T>(
  loading: Loading,
  names: readonly string[],
  compile: () => T,
): { readonly compiled: T; readonly sources: readonly string[] } {
  const outer = loading.traces.length
  const compiled = compile()
  const parts = loading.traces.splice(outer).map(part => ({ ...part, via: [...part.via, ...names] }))
  loading.traces.push(...parts)
  return { compiled, sources: [...new Set(parts.flatMap(({ sources }) => sources))] }
}

/** Says of the traces from `outer` on, those that `isDecided` by it, that all of `deciding` decides whether they stand. */
export function decide(
  { traces }: Loading,
  outer: number,
  deciding: readonly Trace[],
  isDecided: (trace: Trace) => boolean = () => true,
): void {
  const paths = pathsRead(deciding)
  const nodes = deciding.flatMap(trace => trace.nodes)
  const decided = (trace: Trace): Trace => ({
    ...trace,
    decidedBy: [...new Set([...trace.decidedBy, ...paths])],
    nodes: [...new Set([...trace.nodes, ...nodes])],
  })
  traces.push(...traces.splice(outer).map(trace => (isDecided(trace) ? decided(trace) : trace)))
}

/** Compiles the parts of one list: of a conversion, each tells by its place and by the list's length of all of them. */
export function togetherIn<T>(loading: Loading, compile: () => T): T {
  const outer = loading.traces.length
  const compiled = compile()
  if (loading.ofRecord !== undefined) decide(loading, outer, loading.traces.slice(outer))
  return compiled
}

/** All paths that rules read, for what they give and for whether they do. */
export function pathsRead(traces: readonly Trace[]): string[] {
  return [...new Set(traces.flatMap(({ sources, decidedBy }) => [...sources, ...decidedBy]))]
}

/** Whether an absolute path can meet anything: in CSV only lines are outside of records, in NDJSON nothing is. */
function standsOutside(text: string, { format, skipLines = 0, envelope }: SourceDescription): boolean {
  if (envelope !== undefined || format === 'xml' || format === 'json') return true
  const line = Number(/^\/#line\/([1-9]\d*)$/.exec(text)?.[1])
  return format === 'csv' && line <= skipLines
}

function prefixOf(name: string): string {
  return /^@?([^:]+):/.exec(name)?.[1] ?? ''
}

function knows(namespaces: object, prefix: string): boolean {
  return prefix === '' || prefix === 'xml' || prefix === 'xsi' || Object.hasOwn(namespaces, prefix)
}

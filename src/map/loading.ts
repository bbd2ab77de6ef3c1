/**
 * What the parts of the compiler share while one adapter document is being loaded: what they find wrong, what they
 * learn about lineage, and where they are.
 */
import type { FieldPath, Issue, Titles } from '../record.ts'
import type { CodeList } from '../standard.ts'
import type { AdapterDocument } from './document.ts'
import type { Path, Place, Run } from './path.ts'
import { joinPaths, parsePath, pathText } from './path.ts'
import { pointTo } from './pointer.ts'
import type { Target } from './target.ts'

export type Loading = {
  readonly document: AdapterDocument
  codeList(id: string): CodeList | undefined
  /** What is wrong with the document, by pointers into it. */
  readonly issues: Issue[]
  readonly traces: Trace[]
  /** The paths of the nodes that lists and objects are made from, by field. */
  readonly nodes: Map<FieldPath, string>
  /** The absolute paths in use, which the parser must keep. */
  readonly context: Set<string>
}

/** How one leaf of the standard is filled by one rule. Paths begin at the source record. */
export type Trace = {
  readonly field: FieldPath
  /** The paths whose texts become the value; none for a constant. */
  readonly sources: readonly string[]
  /** The paths that decide whether it does: of `when`, `where` and `join`. */
  readonly decidedBy: readonly string[]
  /** The names of the transforms, in their order; `codes` last where the rule has them. */
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
    return wrong('is no path: names joined by /, .. only in front, ~ written ~0, / inside a name ~1')
  if (path.up > site.source.length) return wrong('climbs out of the record; a leading / reaches what stands outside')
  const { format, namespaces = {} } = loading.document.source
  const stranger = format === 'xml' ? path.names.map(prefixOf).find(prefix => !knows(namespaces, prefix)) : undefined
  if (stranger !== undefined) return wrong(`uses the prefix ${stranger}, which source.namespaces does not declare`)
  if (path.absolute) loading.context.add(text)
  return path
}

/** A path of the document as it is shown to people: from the source record, or from the document's root. */
export function shownPath(path: Path, site: Site): string {
  return path.absolute ? path.text : pathText(joinPaths(site.source, path))
}

/** Notes, in a record's conversion, that the value at a site cannot be had. */
export function noteAt(site: Site, source: string): Note {
  const { field } = site
  return (run, { code, titles }) => {
    const positions = run.positions.values()
    const pointer = field.reduce<string>((above, name) => pointTo(above, name ?? positions.next().value ?? 0), '')
    run.issues.push({ pointer, source, code, message: titles[run.language] })
    return refused
  }
}

function prefixOf(name: string): string {
  return /^@?([^:]+):/.exec(name)?.[1] ?? ''
}

function knows(namespaces: object, prefix: string): boolean {
  return prefix === '' || prefix === 'xml' || prefix === 'xsi' || Object.hasOwn(namespaces, prefix)
}

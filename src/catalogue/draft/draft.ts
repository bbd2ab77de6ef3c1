/**
 * Proposes an adapter document from a sample: a guess, by names and by the shapes of values, in which everything is
 * marked to be confirmed.
 *
 * Pure: no word of the sample goes into a remark but codes of the standard's lists and texts that stand for no value;
 * the texts of coded fields, which `codes` must name, stand there.
 */
import type { AdapterDocument, SourceDescription } from '../../map/document.ts'
import { targetOf } from '../../map/target.ts'
import type { SourceNode, Titles } from '../../record.ts'
import type { CodeList } from '../../code-list.ts'
import type { Standard } from '../../standard.ts'
import { emptyTexts } from './absences.ts'
import { knownCodes, type FindCodes, type KnownCodes } from './codes.ts'
import { matchGrouped, repetition, type Group, type Repeated } from './group.ts'
import { matchScope, sourcesOf, sureness, type Match, type Pair } from './match.ts'
import { pathOf, profile, type Scope } from './profile.ts'
import { missingIn, rulesOf, type Missing } from './rules.ts'
import { targetScope } from './target.ts'

export type Sample = {
  readonly source: SourceDescription
  /** The nodes of its records, one at least. */
  readonly nodes: readonly SourceNode[]
}

export type Draft = {
  /** Loads, unless something is missing. */
  readonly document: DraftDocument
  readonly proposals: readonly Proposal[]
  /** Required fields without a source: what `check` refuses the document for. */
  readonly missing: readonly Missing[]
  /** Optional fields without a source. */
  readonly unmapped: readonly string[]
  /** Source paths that feed nothing. */
  readonly left: readonly string[]
  /** By coded field, the texts of the sample that have no code yet. */
  readonly unresolved: { readonly [field: string]: readonly string[] }
  /** What else a person has to look at. */
  readonly notes: readonly string[]
  /** How much of the standard was found, and how surely: to compare drafts of one standard. */
  readonly worth: number
}

export type DraftDocument = AdapterDocument & { readonly $comment: string }

export type Proposal = {
  /** A leaf of the standard. */
  readonly field: string
  readonly sources: readonly string[]
  readonly sure: ReturnType<typeof sureness>
}

export type DraftOptions = {
  readonly standard: Standard
  /** Undefined for a list that is not there. */
  readonly codeList: (id: string) => CodeList | undefined
  readonly department: string
  readonly name: string
}

export function draftAdapter({ source, nodes }: Sample, options: DraftOptions): Draft {
  const { standard } = options
  const codes = finder(options.codeList)
  const target = targetScope(standard)
  const scope = profile(nodes)
  const flat = matchScope(target, scope, codes)
  const repeated = scope.lists.length > 0 ? undefined : repetition(standard, flat.pairs, nodes)
  const isGrouped = repeated !== undefined && repeated.keys <= 0.8 * repeated.rows && repeated.rows - repeated.keys >= 3
  const { match, group } = isGrouped
    ? matchGrouped(target, { scope, rows: nodes, by: repeated.by, codes })
    : { match: flat, group: undefined }

  const document = documentOf({ source, match, group, scope }, options)
  const proposals = proposalsOf(match)
  const missing = missingIn(document.fields, targetOf(standard.document, standard.document), titlesIn(standard))
  const found = new Set(proposals.map(({ field }) => field))
  const absent = new Set(missing.map(({ field }) => field))
  const used = new Set(sourcesOf(match))
  const columns = new Set([...used].map(path => path.split('/').at(-1)))
  return {
    document,
    proposals,
    missing,
    unmapped: standard.fields.map(({ path }) => path).filter(path => !isAmong(path, found) && !isAmong(path, absent)),
    left: allPaths(scope).filter(
      path => !used.has(path) && !(isGrouped && (columns.has(path) || group?.by.includes(path))),
    ),
    unresolved: Object.fromEntries(unresolvedIn(match)),
    notes: notesOf({ document, repeated }),
    worth: match.worth,
  }
}

type Found = { source: SourceDescription; match: Match; group: Group | undefined; scope: Scope }

function documentOf({ source, match, group, scope }: Found, options: DraftOptions): DraftDocument {
  const { standard, department, name } = options
  const seen = emptyTexts.filter(text => occurs(text, scope))
  const needsTimezone = match.pairs.some(({ field }) => field.target.format === 'date-time')
  return {
    $comment: 'Drafted from a sample: confirm every rule, then take the remarks away.',
    adapter: { department, name, version: '0.1.0', titles: standard.document.standard.titles },
    standard: { id: standard.id, major: standard.major },
    source,
    ...(group !== undefined && { group }),
    mode: 'delta',
    ...(seen.length > 0 && { absentWhen: ['', ...seen] }),
    ...(needsTimezone && { timezone: '+08:00' }),
    fields: rulesOf(match),
  }
}

function notesOf({ document, repeated }: { document: DraftDocument; repeated: Repeated | undefined }): string[] {
  const notes = ['The mode is delta, which withdraws nothing; say snapshot where an input holds all records.']
  if (document.timezone !== undefined) notes.push(`Times without an offset are read as ${document.timezone}: is it so?`)
  if (repeated === undefined || repeated.keys === repeated.rows) return notes
  const { rows, keys } = repeated
  const often = `(${rows} rows, ${keys} keys)`
  notes.push(
    document.group === undefined
      ? `The key repeats in few rows ${often}: should they be grouped, or is the key another?`
      : `The key repeats ${often}: the rows of a key are grouped into one record.`,
  )
  return notes
}

function proposalsOf(
  match: Match,
  above: { field: string; source: readonly string[] } = { field: '', source: [] },
): Proposal[] {
  const own = match.pairs.map((pair): Proposal => ({
    field: above.field + pair.field.names.join('.'),
    sources: (pair.source.parts ?? [pair.source.names]).map(names => pathOf([...above.source, ...names])),
    sure: sureness(pair.score),
  }))
  const inner = match.lists.flatMap(list => {
    const field = `${above.field}${list.match.scope.names.join('.')}.`
    const source = list.kind === 'each' ? [...above.source, ...list.names] : above.source
    return proposalsOf(list.match, { field, source })
  })
  return [...own, ...inner]
}

function unresolvedIn({ pairs, lists }: Match, above = ''): [string, readonly string[]][] {
  const own = pairs.flatMap(({ field, fit }: Pair): [string, readonly string[]][] =>
    (fit.unresolved ?? []).length === 0 ? [] : [[above + field.names.join('.'), fit.unresolved ?? []]],
  )
  return [...own, ...lists.flatMap(({ match }) => unresolvedIn(match, `${above}${match.scope.names.join('.')}.`))]
}

function allPaths({ fields, lists }: Scope, above: readonly string[] = []): string[] {
  return [
    ...fields.map(({ names }) => pathOf([...above, ...names])),
    ...lists.flatMap(list => allPaths(list, [...above, ...list.names])),
  ]
}

function occurs(text: string, { fields, lists }: Scope): boolean {
  const isThere = fields.some(({ texts }) => [...texts.keys()].some(found => found.trim() === text))
  return isThere || lists.some(list => occurs(text, list))
}

/** A leaf is there where it, an object around it, or a place inside it is. */
function isAmong(path: string, found: ReadonlySet<string>): boolean {
  return [...found].some(other => other === path || path.startsWith(`${other}.`) || other.startsWith(`${path}.`))
}

function titlesIn({ fields, document }: Standard): (field: string) => Titles {
  return path => {
    const title = fields.find(field => field.path === path)?.titles ?? document.properties?.[path]?.titles
    return title ?? { 'zh-CN': path, en: path }
  }
}

function finder(codeList: DraftOptions['codeList']): FindCodes {
  const known = new Map<string, KnownCodes | undefined>()
  return id => {
    const list = known.has(id) ? undefined : codeList(id)
    if (list !== undefined || !known.has(id)) known.set(id, list && knownCodes(list))
    return known.get(id)
  }
}

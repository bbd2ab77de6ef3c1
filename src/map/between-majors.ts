/**
 * Compiles the conversion between two majors of a standard: how a record of the newer becomes one of the older.
 *
 * The rules are those of adapters, read from the record as from a source record. A number or a boolean that is only copied
 * stays what it is, and is its text for everything else; a null is null where the older major takes one, and else absent. An
 * empty text is a text here. What is not known is refused
 * with its place; so are `resolve`, for a conversion stands by itself, and paths that the newer major lacks. Pure.
 */
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Issue, Json, JsonObject, SourceNode } from '../record.ts'
import { resolveRef, type SchemaNode, type Standard } from '../standard.ts'
import type { Catalogue } from './adapter.ts'
import { compileConversion } from './conversion.ts'
import type { AdapterDocument, Rules } from './document.ts'
import { feedsOf, plainCopies, type Feeds } from './feeds.ts'
import type { Loading } from './loading.ts'
import { shapeIssues } from './shape.ts'

/** A conversion, or several in turn. */
export type BetweenMajors = {
  /** The newer major's version and the older one's: `2.0.1>1.4.0`. */
  readonly name: string
  /** Of the records that are converted. */
  readonly from: Standard
  /** What they become. */
  readonly to: Standard
  /** The text of the rules: with another one, records may look otherwise. */
  readonly text: string
  /** What of the newer record each leaf of the older one is made of, or hangs on. */
  readonly feeds: Feeds
  /** The leaf that each leaf of the older record is a copy of, where it is nothing else. */
  readonly copies: ReadonlyMap<FieldPath, FieldPath>
  /** Knows nothing of validity: with issues, the record lacks what they are about. */
  readonly convert: (record: JsonObject) => BetweenConverted
}

export type BetweenConverted = { readonly record: JsonObject; readonly issues: readonly Issue[] }

/** @returns the issues, by pointers into the newer standard's document, where the rules cannot be used */
export function compileBetween(
  fields: JsonObject,
  { from, to }: { readonly from: Standard; readonly to: Standard },
  codeList: Catalogue['codeList'],
  crosswalk?: Catalogue['crosswalk'],
): BetweenMajors | readonly Issue[] {
  const document = asAdapter(fields, to)
  const misshapen = shapeIssues(document).filter(({ pointer }) => pointer === '' || pointer.startsWith('/fields'))
  if (misshapen.length > 0) return misshapen.map(placed)
  const loading: Loading = {
    document: document as AdapterDocument,
    standard: to,
    catalogue: { standard: () => undefined, codeList, ...(crosswalk && { crosswalk }) },
    issues: [],
    traces: [],
    nodes: new Map(),
    context: new Set(),
    beside: new Map(),
    resolves: [],
    ofRecord: { nullText, schemaAt: names => schemaAt(from.document, from.document, names) },
  }
  const asked = resolvesIn(fields, '/fields')
  if (asked !== undefined) {
    const message = 'looks other records up, which a conversion cannot: it is made whenever a record is shown'
    return [placed({ pointer: asked, code: 'resolve-misplaced', message })]
  }
  const convert = compileConversion(to, loading)
  if (loading.issues.length > 0) return loading.issues.map(placed)
  return {
    name: `${from.version}>${to.version}`,
    from,
    to,
    text: canonicalise(fields),
    feeds: feedsOf(loading.traces, { from, to }),
    copies: plainCopies(fields as unknown as Rules, { from, to }),
    convert: record => {
      const { record: converted, issues } = convert({ node: asSource(record), context: {}, position })
      return { record: converted, issues }
    },
  }
}

/** Both in turn: from the first one's newer major to the second one's older. */
export function inTurn(first: BetweenMajors, second: BetweenMajors): BetweenMajors {
  const feeds = [...second.feeds].map(
    ([field, middle]) => [field, [...new Set(middle.flatMap(path => first.feeds.get(path) ?? []))]] as const,
  )
  const copies = [...second.copies].flatMap(([field, middle]) => {
    const path = first.copies.get(middle)
    return path === undefined ? [] : [[field, path] as const]
  })
  return {
    name: `${first.name}>${second.to.version}`,
    from: first.from,
    to: second.to,
    text: `${first.text}\n${second.text}`,
    feeds: new Map(feeds),
    copies: new Map(copies),
    convert(record) {
      const middle = first.convert(record)
      const { record: converted, issues } = second.convert(middle.record)
      return { record: converted, issues: [...middle.issues, ...issues] }
    },
  }
}

const position = { ordinal: 1, line: 1, column: 1 }

/** No record holds it: half of a surrogate pair has no canonical form. */
const nullText = '\ud800'

function asSource(value: Json): SourceNode {
  if (typeof value === 'string') return value
  if (value === null) return nullText
  if (Array.isArray(value)) return value.map(asSource)
  if (typeof value !== 'object') return canonicalise(value)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asSource(inner)]))
}

/** A document of an adapter with these fields; what it says of an input means nothing here. */
function asAdapter(fields: JsonObject, { id, major }: Standard): object {
  return {
    adapter: {
      department: 'owner',
      name: 'conversion',
      version: '1.0.0',
      titles: { 'zh-CN': '转换', en: 'Conversion' },
    },
    standard: { id, major },
    source: { format: 'ndjson', records: '' },
    mode: 'delta',
    absentWhen: [],
    fields,
  }
}

function placed(issue: Issue): Issue {
  const { pointer, code, message } = issue
  return { pointer: `/conversion${pointer}`, code, message }
}

/** Where a rule looks records of another standard up. */
function resolvesIn(node: Json, pointer: string): string | undefined {
  if (node === null || typeof node !== 'object') return undefined
  for (const [name, inner] of Object.entries(node)) {
    const at = `${pointer}/${name}`
    // A field may have that name: then a rule stands there, which has neither of these.
    if (name === 'resolve' && isObject(inner) && 'standard' in inner && 'matter' in inner) return at
    const below = resolvesIn(inner, at)
    if (below !== undefined) return below
  }
  return undefined
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The schema of what stands along a path of a record: names, positions, `*`, `#name`. */
function schemaAt(document: SchemaNode, node: SchemaNode, names: readonly string[]): SchemaNode | undefined {
  const own = resolveRef(document, node)
  const [name, ...rest] = names
  // A path to a list leads to its members.
  if (name === undefined) return own.items === undefined ? own : schemaAt(document, own.items, [])
  if (name === '#name') return textSchema
  const isAny = name === '*' || /^\d+$/.test(name)
  // Names pass through lists; `*` and a position step into one.
  if (own.items !== undefined) return schemaAt(document, own.items, isAny ? rest : names)
  if (own.properties === undefined) return [own.type].flat().includes('object') ? {} : undefined
  const below = isAny ? Object.values(own.properties) : [own.properties[name]]
  for (const property of below) {
    const found = property && schemaAt(document, property, rest)
    if (found !== undefined) return found
  }
  return undefined
}

const textSchema: SchemaNode = { type: 'string' }

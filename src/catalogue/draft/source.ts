/**
 * Finds out, from the beginning of an input, how it is written and where its records may be: what the `source` of an
 * adapter says.
 */
import { HubError } from '../../errors.ts'
import { encodingOf } from '../../parse/encoding.ts'
import { defaultLimits } from '../../parse/limits.ts'
import { parse } from '../../parse/parse.ts'
import { ANY, escapeName } from '../../parse/source.ts'
import type { SourceNode, SourceRecord } from '../../record.ts'
import type { EnvelopeStep, Source } from '../../source.ts'
import { describeCsv } from './csv.ts'
import { encodingToName } from './encoding.ts'
import { mendJson, mendXml } from './mend.ts'
import { textsAround } from './outer.ts'
import { placesIn } from './places.ts'
import { innerDocument, unwrapped } from './wrapped.ts'

/** How the records of an input may be read. */
export type Reading = {
  readonly source: Source
  /** The absolute paths of the texts around its records. */
  readonly around: readonly string[]
}

/**
 * What the source may be, the likeliest first: which of them it is, the standard decides that its records are to fit.
 *
 * @param isCut whether the input goes on after `head`
 * @throws {HubError} `input-malformed` and others of the parser, where the input cannot be read as what it looks like
 */
export async function describeSources(head: Uint8Array, isCut: boolean): Promise<Reading[]> {
  const encoding = encodingToName(head)
  const looksLikeXml = /^[^\x20-\x7e]*\s*</.test(Buffer.from(head.subarray(0, 64)).toString('latin1'))
  const label = encodingOf(head, looksLikeXml ? 'xml' : 'csv', encoding)
  const text = new TextDecoder(label).decode(head, { stream: true })
  const wrapped = /^\s*[<{["]/.test(text) ? undefined : unwrapped(text.trim())
  const found = await describe({ text: wrapped?.text ?? text, isCut, depth: 0, namespaces: {} })
  const more = { ...(encoding !== undefined && { encoding }), ...(wrapped !== undefined && { decode: wrapped.decode }) }
  return found.map(({ source, around }) => ({ source: { ...source, ...more }, around }))
}

/** Documents inside one another; deeper than any feed that we know, so that one which holds itself ends. */
const deepest = 5

/** Beyond these places there are only parts of records. */
const mostPlaces = 4

type Namespaces = NonNullable<Source['namespaces']>

type Document = {
  readonly text: string
  readonly isCut: boolean
  /** How many documents it stands in, and the namespaces that those declare: the adapter has one table for all. */
  readonly depth: number
  readonly namespaces: Namespaces
}

async function describe(document: Document): Promise<Reading[]> {
  const { text, isCut } = document
  const start = text.trimStart()[0] ?? ''
  if (start === '<') {
    const namespaces = { ...namespacesIn(text), ...document.namespaces }
    return describeTree(await xmlTree(text, isCut, namespaces), 'xml', { ...document, namespaces })
  }
  if (isNdjson(text)) return [{ source: { format: 'ndjson', records: '' }, around: [] }]
  if (start !== '{' && start !== '[') return [{ source: describeCsv(text), around: [] }]
  return describeTree(await jsonTree(text, isCut), 'json', document)
}

async function describeTree(tree: SourceNode, format: 'xml' | 'json', document: Document): Promise<Reading[]> {
  const own = placesIn(tree)
    .slice(0, mostPlaces)
    .filter(({ names }) => format === 'json' || names.length > 0)
    .map(({ names, columns }) => ({
      source: {
        format,
        records: pathOf(names),
        ...(columns !== undefined && { columns }),
        ...(format === 'xml' && named(document.namespaces)),
      },
      around: textsAround(tree, names),
    }))
  return [...(await describeInner(tree, format, document)), ...own]
}

/** Beside a document of some length its envelope is short; a scanned page in a record is not the document. */
const leastShare = 0.3

async function describeInner(tree: SourceNode, format: 'xml' | 'json', document: Document): Promise<Reading[]> {
  const { text, isCut, depth, namespaces } = document
  const inner = depth < deepest ? innerDocument(tree) : undefined
  if (inner === undefined || inner.length < leastShare * text.length) return []
  const { names, decode } = inner
  const step: EnvelopeStep = { format, at: pathOf(names), ...(decode.length > 0 && { decode }) }
  try {
    const readings = await describe({ text: inner.text, isCut, depth: depth + 1, namespaces })
    return readings.map(({ source, around }) => {
      const { envelope = [], ...rest } = source
      return {
        source: { ...rest, envelope: [step, ...envelope], ...named({ ...namespaces, ...rest.namespaces }) },
        around,
      }
    })
  } catch (error) {
    // It only began as a document does: a remark in HTML.
    if (error instanceof HubError) return []
    throw error
  }
}

function named(namespaces: Namespaces): { namespaces?: Namespaces } {
  return Object.keys(namespaces).length === 0 ? {} : { namespaces }
}

/** A document as the tree that paths lead through: for XML from above its root element. */
async function xmlTree(text: string, isCut: boolean, namespaces: Namespaces): Promise<SourceNode> {
  const [root] = await recordsOf(isCut ? mendXml(text) : text, { format: 'xml', records: ANY, namespaces })
  return root === undefined ? null : { [root.context['#name'] ?? '']: root.node }
}

async function jsonTree(text: string, isCut: boolean): Promise<SourceNode> {
  const records = await recordsOf(isCut ? mendJson(text) : text, { format: 'json', records: '' })
  const nodes = records.map(({ node }) => node)
  return text.trimStart().startsWith('[') ? nodes : (nodes[0] ?? null)
}

async function recordsOf(text: string, source: Source): Promise<SourceRecord[]> {
  const limits = { ...defaultLimits, recordBytes: defaultLimits.envelopeBytes }
  const records: SourceRecord[] = []
  for await (const items of parse(once(Buffer.from(text)), { ...source, encoding: 'utf-8' }, { limits })) {
    for (const item of items) {
      if ('unreadable' in item) throw new HubError('input-malformed', item.unreadable.message)
      records.push(item)
    }
  }
  return records
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** One value a line: a first line that is complete, and a second that begins as it does. */
function isNdjson(text: string): boolean {
  const [first = '', second = ''] = text.trimStart().split(/\r?\n/, 2)
  if (!first.startsWith('{') || !second.trimStart().startsWith('{')) return false
  try {
    JSON.parse(first)
    return true
  } catch {
    return false
  }
}

/** The prefixes that paths may need; what one means in several ways, it means as it does first. */
function namespacesIn(text: string): { [prefix: string]: string } {
  const declared = [...text.matchAll(/\sxmlns:([\w.-]+)\s*=\s*["']([^"'<>]+)["']/g)]
  const named = declared.filter(([, prefix]) => prefix !== 'xsi' && prefix !== 'xml').toReversed()
  const prefixes = Object.fromEntries(named.map(([, prefix = '', uri = '']) => [prefix, uri]))
  const isUsed = (prefix: string) => text.includes(`<${prefix}:`) || text.includes(` ${prefix}:`)
  return Object.fromEntries(Object.entries(prefixes).filter(([prefix]) => isUsed(prefix)))
}

function pathOf(names: readonly string[]): string {
  return names.map(escapeName).join('/')
}

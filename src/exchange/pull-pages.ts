/**
 * A source that gives its records in pages: page after page, each held whole, until the last.
 *
 * The last page names no next one; where pages are numbered, it has no records. A page without records must still have
 * the place for them: a source that is out of order may answer like one that is empty, and a snapshot would withdraw the
 * rest. What goes round in circles is refused too: a snapshot of it would never be whole.
 */
import { hash } from 'node:crypto'
import { HubError } from '../errors.ts'
import { textOf } from '../map/node-text.ts'
import { parsePath } from '../map/path.ts'
import type { PageSize, Paging } from '../map/pull.ts'
import { nodeFinder, own } from '../map/walk.ts'
import { parse } from '../parse/parse.ts'
import { ANY, escapeName, namesOf } from '../parse/source.ts'
import type { SourceNode } from '../record.ts'
import type { Source } from '../source.ts'
import { ask, ledTo, shown, type Asking } from './pull-request.ts'
import { PullFailure, type Pulling } from './pull-source.ts'

/** What a page may have, in bytes: it is held in memory, and read twice. */
const pageBytes = 64 * 1024 * 1024

const maxPages = 100_000

/** Gives the bytes of each page that has records. */
export async function* pagesOf(
  pulling: Pulling,
  { start, paging, asking }: { readonly start: URL; readonly paging: Paging; readonly asking: Asking },
): AsyncGenerator<Buffer> {
  const asked = new Set<string>()
  let before = ''
  let passed = 0
  let url: URL | undefined = firstOf(start, paging)
  for (let number = 0; url !== undefined; number++) {
    if (asked.has(url.href) || number === maxPages) throw circling(url)
    asked.add(url.href)
    const answer = await ask(url, asking)
    const bytes = await whole(answer.body, answer.url)
    const records = await countRecords(pulling, bytes)
    passed += records
    const page = { start, number, passed, bytes, url: answer.url, headers: answer.headers }
    const next: URL | undefined = records === 0 && isNumbered(paging) ? undefined : await nextOf(pulling, paging, page)
    if (records === 0) {
      if (next === undefined && !(await hasPlace(pulling, bytes))) throw misplaced(answer.url)
      // So some sources say that there is no more for now.
      if (next?.href === url.href) return
    } else {
      const digest = hash('sha256', bytes)
      if (digest === before) throw circling(url)
      before = digest
      yield bytes
    }
    url = next
  }
}

function isNumbered(paging: Paging): boolean {
  return 'page' in paging || 'offset' in paging
}

function firstOf(start: URL, paging: Paging): URL {
  if ('page' in paging) return withParameter(sized(start, paging.size), paging.page, String(paging.from ?? 1))
  if ('offset' in paging) return withParameter(sized(start, paging.size), paging.offset, '0')
  return start
}

async function nextOf(
  pulling: Pulling,
  paging: Paging,
  page: {
    readonly start: URL
    readonly number: number
    readonly passed: number
    readonly bytes: Buffer
    readonly url: URL
    readonly headers: Headers
  },
): Promise<URL | undefined> {
  const { start, number, passed, bytes, url, headers } = page
  if ('page' in paging) {
    return withParameter(sized(start, paging.size), paging.page, String((paging.from ?? 1) + number + 1))
  }
  if ('offset' in paging) return withParameter(sized(start, paging.size), paging.offset, String(passed))
  if ('cursor' in paging) {
    const cursor = await textAt(pulling, bytes, paging.cursor.path)
    return cursor === undefined ? undefined : withParameter(start, paging.cursor.parameter, cursor)
  }
  const next = paging.next === 'link' ? linkNext(headers.get('link') ?? '') : await textAt(pulling, bytes, paging.next)
  return next === undefined ? undefined : ledTo(url, next, 'gives as its next page')
}

function sized(url: URL, size: PageSize | undefined): URL {
  return size === undefined ? url : withParameter(url, size.parameter, String(size.number))
}

function withParameter(url: URL, name: string, value: string): URL {
  const changed = new URL(url)
  changed.searchParams.set(name, value)
  return changed
}

/** The target of `rel="next"` in a Link header (RFC 8288 §3). */
function linkNext(header: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(
    /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:=(?:"[^"]*"|[^",;]*))?)*)/g,
  )) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]*))/i.exec(parameters)
    if ((relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target
  }
  return undefined
}

async function whole(body: AsyncIterable<Uint8Array>, url: URL): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > pageBytes)
      throw new PullFailure(`A page of ${shown(url)} is larger than 64 MiB; ask for smaller ones.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function countRecords({ adapter, hub }: Pulling, page: Buffer): Promise<number> {
  let count = 0
  for await (const items of parse(one(page), adapter.source, { limits: hub.limits })) count += items.length
  return count
}

/** Whether a page has the place where its records stand, though there are none: of XML, the element around them. */
async function hasPlace(pulling: Pulling, page: Buffer): Promise<boolean> {
  const { columns: _, unfold: __, ...source } = pulling.adapter.source
  const names = namesOf(source.records)
  if (source.format === 'xml') return names.length > 1 && leads(await rootOf(pulling, page, source, names.slice(0, -1)))
  return names.length === 0 || leads(await rootOf(pulling, page, source, names))
}

function leads({ node, names: [name, ...below] }: Below): boolean {
  if (node === undefined || name === undefined) return node !== undefined
  if (Array.isArray(node)) return node.length === 0 || node.some(each => leads({ node: each, names: [name, ...below] }))
  if (node === null || typeof node !== 'object') return false
  const members = name === ANY ? Object.values(node) : [own(node, name)]
  return members.some(member => leads({ node: member, names: below }))
}

/** The text at an absolute path of a page's outermost document; undefined for none, null, or an empty one. */
async function textAt(pulling: Pulling, page: Buffer, text: string): Promise<string | undefined> {
  const path = parsePath(text)
  if (path === undefined) throw new Error('bug: the check at load let a path through that is none')
  const { envelope, columns: _, unfold: __, ...source } = pulling.adapter.source
  const outermost = { ...source, format: envelope?.[0]?.format ?? source.format }
  const { node, names } = await rootOf(pulling, page, outermost, path.names)
  if (node === undefined) return undefined
  const [found] = nodeFinder({ ...path, absolute: false, names })({ node, up: undefined, name: undefined })
  const next = textOf(found?.node)
  return typeof next === 'string' && next !== '' ? next : undefined
}

/** A node, if there is one, and the names that go on from it. */
type Below = { readonly node: SourceNode | undefined; readonly names: readonly string[] }

/** A document read as one record: of XML its root element, which is the first name of a path. */
async function rootOf(pulling: Pulling, page: Buffer, source: Source, names: readonly string[]): Promise<Below> {
  const { limits } = pulling.hub
  const [root = '', ...below] = names
  const isXml = source.format === 'xml'
  const whole = { ...source, records: isXml ? escapeName(root) : '' }
  for await (const [item] of parse(one(page), whole, { limits: { ...limits, recordBytes: pageBytes } })) {
    if (item === undefined) continue
    if ('unreadable' in item) throw new HubError('input-malformed', item.unreadable.message)
    return { node: item.node, names: isXml ? below : names }
  }
  return { node: undefined, names }
}

async function* one(page: Buffer): AsyncGenerator<Uint8Array> {
  yield page
}

function misplaced(url: URL): PullFailure {
  const detail = `A page of ${shown(url)} has no records, nor the place for them that \`source.records\` names; it is not taken for the last one. Look at what it answers.`
  return new PullFailure(detail)
}

function circling(url: URL): PullFailure {
  const detail = `${shown(url)} gives the same page again and again; look at the paging of the adapter.`
  return new PullFailure(detail)
}

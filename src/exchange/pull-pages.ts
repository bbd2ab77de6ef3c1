/**
 * A source that gives its records in pages: page after page, each held whole, until the last.
 *
 * The last page has no next one, or no records. What goes round in circles is refused: a snapshot of it would never be
 * whole.
 */
import { hash } from 'node:crypto'
import { HubError } from '../errors.ts'
import { textOf } from '../map/node-text.ts'
import { parsePath } from '../map/path.ts'
import type { PageSize, Paging } from '../map/pull.ts'
import { nodeFinder } from '../map/walk.ts'
import { escapeName } from '../parse/source.ts'
import { parse } from '../parse/parse.ts'
import { ask, shown, type Asking } from './pull-request.ts'
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
    if (records === 0) return
    const digest = hash('sha256', bytes)
    if (digest === before) throw circling(url)
    before = digest
    yield bytes
    passed += records
    url = await nextOf(pulling, paging, { start, number, passed, bytes, url: answer.url, headers: answer.headers })
  }
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
  if (next === undefined) return undefined
  if (URL.canParse(next, url)) return new URL(next, url)
  throw new PullFailure(`What ${shown(url)} gives as its next page is no address.`)
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

/** The text at an absolute path of a page's outermost document; undefined for none, null, or an empty one. */
async function textAt({ adapter, hub }: Pulling, page: Buffer, text: string): Promise<string | undefined> {
  const path = parsePath(text)
  if (path === undefined) throw new Error('bug: the check at load let a path through that is none')
  // The outermost document as one record: of XML its root element, which is the first name of the path.
  const { envelope, columns: _, ...source } = adapter.source
  const format = envelope?.[0]?.format ?? source.format
  const [root = '', ...below] = path.names
  const isXml = format === 'xml'
  const whole = { ...source, format, records: isXml ? escapeName(root) : '' }
  const find = nodeFinder({ text, absolute: false, up: 0, names: isXml ? below : path.names })
  for await (const [item] of parse(one(page), whole, { limits: { ...hub.limits, recordBytes: pageBytes } })) {
    if (item === undefined) continue
    if ('unreadable' in item) throw new HubError('input-malformed', item.unreadable.message)
    const [found] = find({ node: item.node, up: undefined, name: undefined })
    const next = textOf(found?.node)
    return typeof next === 'string' && next !== '' ? next : undefined
  }
  return undefined
}

async function* one(page: Buffer): AsyncGenerator<Uint8Array> {
  yield page
}

function circling(url: URL): PullFailure {
  const detail = `${shown(url)} gives the same page again and again; look at the paging of the adapter.`
  return new PullFailure(detail)
}

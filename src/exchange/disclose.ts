/**
 * A disclosure: request → agreement → read → project → entry → reply.
 *
 * The law of the hub stands here: the text of a reply is given back only after its entry is durable. A refusal is an
 * entry too.
 */
import { hash } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { FieldPath, RecordKey } from '../record.ts'
import { storedKey, termOf, type Term } from '../seal/contents.ts'
import { recordPseudonym } from '../seal/pseudonym.ts'
import { majorOf } from '../standard.ts'
import { readPage, readRecord } from '../store/records.ts'
import { enter, refuse, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import type { Hub } from './hub.ts'
import { bytesOf } from '../utf8-text.ts'
import { servedTexts, type Grant, type ServedText } from './served-text.ts'

export type Disclosure = {
  /** Number of the (first) log entry. */
  readonly entry: number
  /** Digest of what this client may see: a weak entity tag (RFC 9110 §8.8). */
  readonly etag: string
  /** JSON text; undefined where the client has it already. */
  readonly body: Buffer | undefined
}

/** One record. */
export async function discloseRecord(
  hub: Hub,
  call: Call,
  { key, knownTags }: { readonly key: RecordKey; readonly knownTags: readonly string[] },
): Promise<Disclosure> {
  const grant = await admit(hub, call, 'read')
  const record = await readRecord(hub.store.read, call.standard, storedKey(grant.standard, hub.keys.pseudonym, key))
  if (record === undefined || majorOf(record.version) !== grant.agreement.major) {
    const asked = recordPseudonym(hub.keys.pseudonym, call.standard, key)
    const detail = `There is no record of ${call.standard} with this key that the agreement reaches.`
    throw await refuse(
      hub,
      { call, operation: 'read', agreement: grant.agreement, records: [asked] },
      'record-unknown',
      detail,
    )
  }
  const [served] = await servedTexts(hub, grant, [record])
  if (served === undefined) throw new Error('bug: a record was not served')
  const etag = tagOf([served], grant)
  const isKnown = knownTags.includes(etag) || knownTags.includes('*')
  const outcome = isKnown ? 'not-modified' : 'disclosed'
  const entry = await enter(hub, { call, operation: 'read', grant, records: [record], outcome })
  return { entry, etag, body: isKnown ? undefined : bytesOf(served.text) }
}

/** A page of records in the order of their keys, with a cursor to the next where there may be one. */
export async function disclosePage(
  hub: Hub,
  call: Call,
  page: {
    readonly filters: ReadonlyMap<FieldPath, string>
    readonly limit: number
    readonly cursor: string | undefined
    readonly knownTags: readonly string[]
  },
): Promise<Disclosure> {
  const grant = await admit(hub, call, 'list')
  const terms = await termsOf(hub, call, grant, page.filters)
  const after = page.cursor === undefined ? '' : await readCursor(hub, call, grant, page.cursor)
  const records = await readPage(hub.store.read, call.standard, { after, limit: page.limit, terms })
  const shown = records.filter(record => majorOf(record.version) === grant.agreement.major)
  const texts = await servedTexts(hub, grant, shown)
  const last = records.length === page.limit ? records.at(-1)?.key : undefined
  const cursor = last === undefined ? 'null' : JSON.stringify(writeCursor(last))
  const body = `{"records":[${texts.map(({ text }) => text).join(',')}],"cursor":${cursor}}`
  const etag = tagOf(texts, grant)
  const isKnown = page.knownTags.includes(etag)
  const outcome = isKnown ? 'not-modified' : 'disclosed'
  const filters = [...page.filters.keys()]
  const entry = await enter(hub, { call, operation: 'list', grant, records: shown, outcome, filters })
  return { entry, etag, body: isKnown ? undefined : bytesOf(body) }
}

/** Where a page ended: the mark tells a cursor from other text. */
function writeCursor(key: RecordKey): string {
  return Buffer.from(`after ${key}`).toString('base64url')
}

async function readCursor(hub: Hub, call: Call, { agreement }: Grant, cursor: string): Promise<RecordKey> {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (text.startsWith('after ') && Buffer.from(text).toString('base64url') === cursor)
    return text.slice('after '.length)
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw await refuse(hub, { call, operation: 'list', agreement }, 'request-invalid', detail)
}

/** Changes with what is shown, and with what is held back, and with nothing else. */
function tagOf(texts: readonly ServedText[], { cut }: Grant): string {
  const [only, ...more] = texts
  const isOne = only !== undefined && more.length === 0
  const digest = isOne ? only.digest : hash('sha256', texts.map(text => text.digest).join(), 'base64url')
  return `W/"${digest}.${cut.withheldMark}"`
}

/** Filtering on a field tells its value: it must be granted, and indexed. */
async function termsOf(
  hub: Hub,
  call: Call,
  { standard, agreement }: Grant,
  filters: ReadonlyMap<FieldPath, string>,
): Promise<Term[]> {
  for (const path of filters.keys()) {
    const field = standard.fields.find(candidate => candidate.path === path)
    if (field === undefined || !field.indexed) {
      const indexed = standard.fields.filter(candidate => candidate.indexed).map(candidate => candidate.path)
      throw new HubError(
        'request-invalid',
        `Records of ${standard.id} are filtered by ${indexed.join(', ') || 'no field'} only.`,
      )
    }
    if (!agreement.fields.includes(path)) {
      const detail = `The agreement does not grant ${path}, so that records cannot be filtered by it.`
      throw await refuse(hub, { call, operation: 'list', agreement }, 'field-not-granted', detail)
    }
  }
  return [...filters].map(([path, value]) => [path, termOf(standard, hub.keys.pseudonym, path, value)])
}

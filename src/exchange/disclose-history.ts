/**
 * What a record was, as one client may see it: its revisions newest first, and when it was withdrawn.
 *
 * Revisions that follow each other and look the same to the client are one, the oldest of them: changes to fields that
 * are not granted tell nothing. A revision that the row filter did not reach, or that has no form in the agreement's
 * major, is left out, and so is the withdrawal of such a record.
 */
import { createHmac } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { RecordKey } from '../record.ts'
import { readPastRevisions, type PastRevision } from '../store/record-history.ts'
import type { StoredRecord } from '../store/records.ts'
import { bytesOf, encodeUtf8 } from '../utf8-text.ts'
import { enter, refuse, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { isKnown, refuseUnknown, tagOfList, type Disclosure } from './disclosure.ts'
import type { Hub } from './hub.ts'
import { isSameView, type View } from './same-view.ts'
import { servedTexts, type Grant, type ServedText } from './served-text.ts'
import { shownRecords } from './shown-records.ts'

export type HistoryAsked = {
  readonly key: RecordKey
  /** Items at most, from 1. */
  readonly limit: number
  /** From the page before. */
  readonly cursor: string | undefined
  readonly knownTags: readonly string[]
}

/** Revisions read at a time: each read keeps the other calls of the process waiting. */
const revisionsARead = 100

/**
 * `{"history":[…],"cursor":…}`: records as served, and `{key, revision, updatedAt, withdrawn: true}`; the cursor is null
 * where there is no more.
 *
 * @throws {HubError} with its entry durable: `request-invalid`, `record-unknown` where there is nothing to show, and what
 *   {@link admit} throws
 */
export async function discloseHistory(hub: Hub, call: Call, asked: HistoryAsked): Promise<Disclosure> {
  const grant = await admit(hub, call, 'history')
  const { key, limit, knownTags } = asked
  const from =
    asked.cursor === undefined ? undefined : await readCursor(hub, call, grant, { key, cursor: asked.cursor })
  const { items, next } = await readItems(hub, grant, { key, from, limit })
  if (items.length === 0) throw await refuseUnknown(hub, call, { operation: 'history', grant, key })
  const cursor = next === undefined ? 'null' : JSON.stringify(writeCursor(hub, call, { key, seq: next }))
  const etag = tagOfList(hub, [...items.map(({ revision, digest }) => `${revision} ${digest}`), cursor], grant.cut)
  const isHad = isKnown(etag, knownTags)
  const outcome = isHad ? 'not-modified' : 'disclosed'
  const records = items.map(({ named }) => named)
  const entry = await enter(hub, { call, operation: 'history', grant, records, outcome, count: items.length })
  const body = `{"history":[${items.map(({ text }) => text).join(',')}],"cursor":${cursor}}`
  return { entry, etag, body: isHad ? undefined : bytesOf(body) }
}

type Item = ServedText & {
  readonly revision: number
  /** Whose record and subjects the entry names: of a withdrawal, what was withdrawn. */
  readonly named: StoredRecord
}

type Items = {
  readonly items: readonly Item[]
  /** The number of the revision to go on from; undefined where nothing is left that the client may see. */
  readonly next: number | undefined
}

async function readItems(
  hub: Hub,
  grant: Grant,
  { key, from, limit }: { readonly key: RecordKey; readonly from: number | undefined; readonly limit: number },
): Promise<Items> {
  const items: Item[] = []
  /** A withdrawal is shown with what it withdrew, if that is. */
  let withdrawal: PastRevision | undefined
  /** The last item while its oldest revision is looked for. */
  let open: View | undefined
  for await (const { past, served } of revisionsOf(hub, grant, key, from)) {
    if (served === undefined) {
      withdrawal = past.isWithdrawal ? past : undefined
      open = undefined
      continue
    }
    const { record } = past
    const shown = { record, ...served }
    if (open !== undefined && isSameView(open, shown)) items.pop()
    else {
      if (items.length === limit) return { items, next: (withdrawal ?? past).seq }
      if (withdrawal !== undefined) items.push(withdrawn(withdrawal, record))
      if (items.length === limit) return { items, next: past.seq }
    }
    items.push({ ...served, revision: record.revision, named: record })
    withdrawal = undefined
    open = shown
  }
  return { items, next: undefined }
}

/** `served` is undefined where the revision is a withdrawal, or is not for this client. */
type Viewed = { readonly past: PastRevision; readonly served: ServedText | undefined }

async function* revisionsOf(
  hub: Hub,
  grant: Grant,
  key: RecordKey,
  first: number | undefined,
): AsyncGenerator<Viewed, void, undefined> {
  for (let from = first; ;) {
    // One more, by which the next read begins.
    const past = await readPastRevisions(hub.store.read, grant.agreement.standard, {
      key,
      from,
      limit: revisionsARead + 1,
    })
    const own = past.slice(0, revisionsARead)
    const stored = own.map(({ isWithdrawal, record }) => (isWithdrawal ? undefined : record))
    const shown = await shownRecords(hub, grant, stored)
    const seen = shown.filter(record => record !== undefined)
    const texts = (await servedTexts(hub, grant, seen)).values()
    for (const [index, revision] of own.entries()) {
      const record = shown[index]
      if (record === undefined) yield { past: revision, served: undefined }
      else yield { past: { ...revision, record }, served: texts.next().value }
    }
    from = past[revisionsARead]?.seq
    if (from === undefined) return
    await turn()
  }
}

function withdrawn({ record }: PastRevision, named: StoredRecord): Item {
  const { key, revision, updatedAt } = record
  const text = `{"key":${encodeUtf8(JSON.stringify(key))},"revision":${revision},"updatedAt":"${updatedAt}","withdrawn":true}`
  return { text, digest: 'withdrawn', revision, named }
}

/**
 * Which revision of which record a page goes on from: the mark tells a cursor from other text.
 *
 * Signed, for one that was guessed would tell which numbers are the record's: how often, and about when, it has changed in
 * what the client does not see.
 */
function writeCursor(
  hub: Hub,
  { standard }: Call,
  { key, seq }: { readonly key: RecordKey; readonly seq: number },
): string {
  const parts = ['history-cursor', standard, key, String(seq)].join('\0')
  const mark = createHmac('sha256', hub.keys.pseudonym).update(parts).digest('base64url').slice(0, 22)
  return Buffer.from(`from ${seq} ${mark}`).toString('base64url')
}

async function readCursor(
  hub: Hub,
  call: Call,
  { agreement }: Grant,
  { key, cursor }: { readonly key: RecordKey; readonly cursor: string },
): Promise<number> {
  const seq = Number(/^from ([1-9]\d{0,15}) /.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1])
  if (Number.isSafeInteger(seq) && writeCursor(hub, call, { key, seq }) === cursor) return seq
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw await refuse(hub, { call, operation: 'history', agreement }, 'request-invalid', detail)
}

/**
 * What changed since a cursor: request → agreement → revisions → as this client sees them → entry → reply.
 *
 * Law: whoever keeps a record for each `record`, by its key, and drops it at each `removed`, has after any page exactly what
 * the client may see of the standard as it was at the page's cursor. Notices of the standard stand between, in their place.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { readRevisions, type Revision } from '../store/feed.ts'
import { readHead } from '../store/heads.ts'
import { readNotices, type NumberedNotice } from '../store/notices.ts'
import type { StoredRecord } from '../store/records.ts'
import { bytesOf, encodeUtf8, type Utf8Text } from '../utf8-text.ts'
import { enter, refuse, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { historyAt, holdsStill, readCursor, writeCursor } from './change-cursor.ts'
import type { Answer } from './disclosure.ts'
import type { HeadWatch } from './head-watch.ts'
import type { Hub } from './hub.ts'
import { concerns, noticeDocument } from './notices.ts'
import { expired, readmit } from './readmit.ts'
import { isSameView } from './same-view.ts'
import { servedTexts, type Grant, type ServedText } from './served-text.ts'
import { shownRecords } from './shown-records.ts'

export type ChangesAsked = {
  /** The cursor to go on from; from the beginning where undefined. */
  readonly after: string | undefined
  /** Changes to be sent at most, from 1. */
  readonly limit: number
  /** How long to wait for a change where there is none. */
  readonly waitMs: number
  /** Tells that the client has gone. */
  readonly signal?: AbortSignal
}

/** How long a call waits before it is asked again whether it may: who is out is told within about a second. */
const readmitMs = 1000

/** Revisions looked at for one page: what a narrow row filter passes over must not hold a reply up. */
const revisionsAPage = 5000

/** Revisions read at a time: each read keeps the other calls of the process waiting. */
const revisionsARead = 500

/**
 * A page of changes, empty where there is none to see; undefined where the client has gone while it waited.
 *
 * @throws {HubError} with its entry durable: `request-invalid`, `cursor-expired`, and what {@link admit} throws
 */
export async function discloseChanges(
  hub: Hub,
  heads: HeadWatch,
  call: Call,
  { after, limit, waitMs, signal }: ChangesAsked,
): Promise<Answer | undefined> {
  let grant = await admit(hub, call, 'changes')
  let from = after === undefined ? 0 : await positionOf(hub, call, grant, after)
  const until = performance.now() + waitMs
  for (;;) {
    const page = await readChanges(hub, grant, from, limit)
    const left = until - performance.now()
    const isDone = page.changes.length > 0 || page.hasMore || left <= 0 || heads.isClosed
    if (isDone) return disclose(hub, call, grant, page)
    from = page.seq
    await heads.changed(call.standard, from, { ms: Math.min(left, readmitMs), signal })
    if (signal?.aborted) return undefined
    grant = await readmit(hub, call, 'changes', grant)
  }
}

async function positionOf(hub: Hub, call: Call, grant: Grant, after: string): Promise<number> {
  const { agreement } = grant
  const cursor = readCursor(after)
  if (cursor === undefined) {
    const detail = 'The cursor is none that changes or an export gave; take it from there as it stands.'
    throw await refuse(hub, { call, operation: 'changes', agreement }, 'request-invalid', detail)
  }
  const isOfThese = cursor.agreement === agreement.id && holdsStill(cursor, grant)
  // The store was put back to an earlier state, and what the client has is of another one.
  if (!isOfThese || (await historyNow(hub, call.standard, cursor.seq)) !== cursor.history) {
    throw await expired(hub, call, 'changes', grant)
  }
  return cursor.seq
}

/** Read anew where there seems to be nothing yet: this turn may have read before another process has committed. */
async function historyNow(hub: Hub, standard: string, seq: number): Promise<string | undefined> {
  const history = await historyAt(hub, standard, seq)
  if (history !== undefined) return history
  hub.store.refresh()
  return historyAt(hub, standard, seq)
}

/**
 * A revision that changes what the client sees: `text` undefined removes the record. `shown` is the record as it is sent, or
 * for a removal as the client had it.
 */
type Change = Revision & { readonly shown: StoredRecord; readonly text: Utf8Text | undefined }

/** What a page sends. */
type Sent = Change | NumberedNotice

type Page = {
  readonly changes: readonly Sent[]
  /** The last number that was looked at. */
  readonly seq: number
  /** Whether there may be more after it already. */
  readonly hasMore: boolean
}

async function readChanges(hub: Hub, grant: Grant, from: number, limit: number): Promise<Page> {
  const { standard, major } = grant.agreement
  const changes: Sent[] = []
  let seq = from
  for (let looked = 0; looked < revisionsAPage; looked += revisionsARead) {
    if (looked > 0) await turn()
    const wanted = Math.min(revisionsARead, Math.max(limit - changes.length, 100))
    const { revisions, notices, upTo, isEnd } = await readNumbers(hub, standard, { after: seq, limit: wanted })
    const concerning = notices.filter(notice => concerns(notice, major))
    for (const sent of inOrder(await viewed(hub, grant, revisions), concerning)) {
      changes.push(sent)
      if (changes.length === limit) return { changes, seq: sent.seq, hasMore: true }
    }
    seq = upTo
    if (isEnd) return { changes, seq, hasMore: false }
  }
  return { changes, seq, hasMore: true }
}

type Numbers = {
  readonly revisions: readonly Revision[]
  readonly notices: readonly NumberedNotice[]
  /** The last number that was looked at. */
  readonly upTo: number
  /** Whether there was nothing behind it. */
  readonly isEnd: boolean
}

/** All that stands under the next numbers, whatever is committed between one read and the other. */
async function readNumbers(
  hub: Hub,
  standard: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Numbers> {
  const { read } = hub.store
  // First: what has a number by now, whoever reads later finds.
  const head = Math.max(await readHead(read, standard), after)
  const found = await readRevisions(read, standard, { after, limit })
  const isEnd = found.length < limit
  const upTo = isEnd ? head : Math.min(head, found.at(-1)?.seq ?? head)
  const notices = await readNotices(read, standard, { after, upTo })
  return { revisions: found.filter(({ seq }) => seq <= upTo), notices, upTo, isEnd }
}

function inOrder(changes: readonly Change[], notices: readonly NumberedNotice[]): readonly Sent[] {
  return notices.length === 0 ? changes : [...changes, ...notices].toSorted((one, other) => one.seq - other.seq)
}

/** Those revisions that change what the client sees. */
async function viewed(hub: Hub, grant: Grant, revisions: readonly Revision[]): Promise<Change[]> {
  const both = await shownRecords(
    hub,
    grant,
    revisions.flatMap(({ previous, record }) => [previous, record]),
  )
  const pairs = revisions
    .map((revision, index) => ({ revision, before: both[2 * index], after: both[2 * index + 1] }))
    .filter(({ before, after }) => before !== undefined || after !== undefined)
  // Those before, only where there is something to compare them with: what is not sent is not unsealed in vain.
  const shown = pairs.flatMap(({ before, after }) => (after === undefined ? [] : before ? [before, after] : [after]))
  const texts = (await servedTexts(hub, grant, shown)).values()
  const next = (): ServedText => texts.next().value as ServedText
  const changes: Change[] = []
  for (const { revision, before, after } of pairs) {
    if (after === undefined) {
      changes.push({ ...revision, shown: before as StoredRecord, text: undefined })
      continue
    }
    const old = before && { record: before, ...next() }
    const now = { record: after, ...next() }
    if (old === undefined || !isSameView(old, now)) changes.push({ ...revision, shown: after, text: now.text })
  }
  return changes
}

async function disclose(hub: Hub, call: Call, grant: Grant, { changes, seq }: Page): Promise<Answer> {
  // A notice tells of no record.
  const records = changes.flatMap(sent => ('shown' in sent ? [sent.shown] : []))
  const entry = await enter(hub, { call, operation: 'changes', grant, records, outcome: 'disclosed' })
  const cursor = JSON.stringify(await writeCursor(hub, grant, seq))
  return { entry, body: bytesOf(`{"changes":[${changes.map(sentText).join(',')}],"cursor":${cursor}}`) }
}

function sentText(sent: Sent): Utf8Text {
  if ('shown' in sent) return changeText(sent)
  return `{"kind":"notice","notice":${encodeUtf8(JSON.stringify(noticeDocument(sent)))}}`
}

function changeText({ key, revision, updatedAt, text }: Change): Utf8Text {
  if (text !== undefined) return `{"kind":"record","record":${text}}`
  return `{"kind":"removed","key":${encodeUtf8(JSON.stringify(key))},"revision":${revision},"updatedAt":"${updatedAt}"}`
}

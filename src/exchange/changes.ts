/**
 * What changed since a cursor: request → agreement → revisions → as this client sees them → entry → reply.
 *
 * Law: whoever keeps a record for each `record`, by its key, and drops it at each `removed`, has after any page exactly what
 * the client may see of the standard as it was at the page's cursor.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { canonicalise } from '../canonical.ts'
import type { Json } from '../record.ts'
import { readRevisions, type Revision } from '../store/feed.ts'
import type { StoredRecord } from '../store/records.ts'
import { bytesOf, decodeUtf8, encodeUtf8, type Utf8Text } from '../utf8-text.ts'
import { enter, refuse, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { historyAt, readCursor, rightsOf, writeCursor } from './change-cursor.ts'
import { isReached, type Answer } from './disclosure.ts'
import type { HeadWatch } from './head-watch.ts'
import type { Hub } from './hub.ts'
import { expired, readmit } from './readmit.ts'
import { servedTexts, type Grant, type ServedText } from './served-text.ts'

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
  const isOfThese = cursor.agreement === agreement.id && cursor.rights === rightsOf(grant)
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

/** A revision that changes what the client sees: `text` undefined removes the record. */
type Change = Revision & { readonly text: Utf8Text | undefined }

type Page = {
  readonly changes: readonly Change[]
  /** The last number that was looked at. */
  readonly seq: number
  /** Whether there may be more after it already. */
  readonly hasMore: boolean
}

async function readChanges(hub: Hub, grant: Grant, from: number, limit: number): Promise<Page> {
  const changes: Change[] = []
  let seq = from
  for (let looked = 0; looked < revisionsAPage; looked += revisionsARead) {
    if (looked > 0) await turn()
    const wanted = Math.min(revisionsARead, Math.max(limit - changes.length, 100))
    const revisions = await readRevisions(hub.store.read, grant.agreement.standard, { after: seq, limit: wanted })
    for (const change of await viewed(hub, grant, revisions)) {
      changes.push(change)
      if (changes.length === limit) return { changes, seq: change.seq, hasMore: true }
    }
    seq = revisions.at(-1)?.seq ?? seq
    if (revisions.length < wanted) return { changes, seq, hasMore: false }
  }
  return { changes, seq, hasMore: true }
}

/** Those revisions that change what the client sees. */
async function viewed(hub: Hub, grant: Grant, revisions: readonly Revision[]): Promise<Change[]> {
  const pairs = revisions
    .map(revision => ({ revision, before: seen(grant, revision.previous), after: seen(grant, revision.record) }))
    .filter(({ before, after }) => before !== undefined || after !== undefined)
  // Those before, only where there is something to compare them with: what is not sent is not unsealed in vain.
  const shown = pairs.flatMap(({ before, after }) => (after === undefined ? [] : before ? [before, after] : [after]))
  const texts = (await servedTexts(hub, grant, shown)).values()
  const next = (): ServedText => texts.next().value as ServedText
  const changes: Change[] = []
  for (const { revision, before, after } of pairs) {
    if (after === undefined) {
      changes.push({ ...revision, text: undefined })
      continue
    }
    const old = before && { record: before, ...next() }
    const now = { record: after, ...next() }
    if (old === undefined || !isSame(old, now)) changes.push({ ...revision, text: now.text })
  }
  return changes
}

/** The record where the client may see it at all. */
function seen(grant: Grant, record: StoredRecord | undefined): StoredRecord | undefined {
  return record !== undefined && isReached(grant, record) ? record : undefined
}

type Shown = ServedText & { readonly record: StoredRecord }

function isSame(old: Shown, now: Shown): boolean {
  if (old.digest === now.digest) return true
  // A minor may have put another field between: the same data in another order.
  return old.record.version !== now.record.version && dataOf(old.text) === dataOf(now.text)
}

function dataOf(text: Utf8Text): string {
  return canonicalise((JSON.parse(decodeUtf8(text)) as { data: Json }).data)
}

async function disclose(hub: Hub, call: Call, grant: Grant, { changes, seq }: Page): Promise<Answer> {
  // A removal tells of the record as the client had it.
  const records = changes.map(({ text, record, previous }) => (text === undefined ? previous : record) as StoredRecord)
  const entry = await enter(hub, { call, operation: 'changes', grant, records, outcome: 'disclosed' })
  const cursor = JSON.stringify(await writeCursor(hub, grant, seq))
  return { entry, body: bytesOf(`{"changes":[${changes.map(changeText).join(',')}],"cursor":${cursor}}`) }
}

function changeText({ key, revision, updatedAt, text }: Change): Utf8Text {
  if (text !== undefined) return `{"kind":"record","record":${text}}`
  return `{"kind":"removed","key":${encodeUtf8(JSON.stringify(key))},"revision":${revision},"updatedAt":"${updatedAt}"}`
}

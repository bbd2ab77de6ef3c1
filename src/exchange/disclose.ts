/**
 * A disclosure: request → agreement → read → project → entry → reply.
 *
 * The law of the hub stands here: the text of a reply is given back only after its entry is durable. A refusal is an
 * entry too. Pages, histories, lookups and comparisons go the same way, each in a file of its own.
 */
import type { RecordKey } from '../record.ts'
import { readRecordAt } from '../store/record-history.ts'
import { readRecord } from '../store/records.ts'
import { bytesOf } from '../utf8-text.ts'
import { enter, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { isKnown, refuseUnknown, tagOf, type Disclosure } from './disclosure.ts'
import type { Hub } from './hub.ts'
import { servedTexts } from './served-text.ts'
import { shownRecord } from './shown-records.ts'

export type RecordAsked = {
  readonly key: RecordKey
  /** The instant as of which it is shown, RFC 3339 in UTC; as it stands where undefined. */
  readonly asOf?: string | undefined
  readonly knownTags: readonly string[]
}

/**
 * One record: as it stands, or the revision and the version of the standard that were in force at an instant, under the
 * rights of now.
 *
 * @throws {HubError} with its entry durable: `record-unknown`, and what {@link admit} throws
 */
export async function discloseRecord(hub: Hub, call: Call, { key, asOf, knownTags }: RecordAsked): Promise<Disclosure> {
  const grant = await admit(hub, call, 'read')
  const { read } = hub.store
  const stored = await (asOf === undefined
    ? readRecord(read, call.standard, key)
    : readRecordAt(read, call.standard, { key, instant: asOf }))
  const record = stored && (await shownRecord(hub, grant, stored))
  if (record === undefined) {
    throw await refuseUnknown(hub, call, { operation: 'read', grant, key })
  }
  const [served] = await servedTexts(hub, grant, [record])
  if (served === undefined) throw new Error('bug: a record was not served')
  const etag = tagOf(hub, served.digest, grant.cut)
  const isHad = isKnown(etag, knownTags)
  const outcome = isHad ? 'not-modified' : 'disclosed'
  const entry = await enter(hub, { call, operation: 'read', grant, records: [record], outcome })
  return { entry, etag, body: isHad ? undefined : bytesOf(served.text) }
}

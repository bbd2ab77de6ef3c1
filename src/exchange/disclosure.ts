/** What the calls that disclose records share: which records a grant reaches, and how a reply is known again. */
import { hash } from 'node:crypto'
import type { HubError } from '../errors.ts'
import type { Operation, RecordKey } from '../record.ts'
import { recordPseudonym } from '../seal/pseudonym.ts'
import { majorOf } from '../standard.ts'
import type { StoredRecord } from '../store/records.ts'
import { refuse, type Call } from './access-entry.ts'
import type { Hub } from './hub.ts'
import type { Cut, Grant } from './served-text.ts'

export type Disclosure = {
  /** Number of the (first) log entry. */
  readonly entry: number
  /** Digest of what this client may see: a weak entity tag (RFC 9110 §8.8). */
  readonly etag: string
  /** JSON text; undefined where the client has it already. */
  readonly body: Buffer | undefined
}

/** A reply to what was asked for in a body: nothing that is kept and asked for again. */
export type Answer = { readonly entry: number; readonly body: Buffer }

/** Whether a record, as it stands or once stood, is of the agreement's major and passes its row filter. */
export function isReached({ agreement, reaches }: Grant, { version, body }: StoredRecord): boolean {
  return majorOf(version) === agreement.major && reaches(body)
}

/** The refusal of a record that is not there, or not for this client: it tells nothing of which. */
export function refuseUnknown(
  hub: Hub,
  call: Call,
  { operation, grant, key }: { readonly operation: Operation; readonly grant: Grant; readonly key: RecordKey },
): Promise<HubError> {
  const asked = recordPseudonym(hub.keys.pseudonym, call.standard, key)
  const detail = `There is no record of ${call.standard} with this key that the agreement reaches.`
  const { agreement } = grant
  return refuse(hub, { call, operation, agreement, records: [asked] }, 'record-unknown', detail)
}

/** Changes with what is shown, and with what is held back, and with nothing else. */
export function tagOf(digest: string, { withheldMark }: Cut): string {
  return `W/"${digest}.${withheldMark}"`
}

/** {@link tagOf} of a reply that shows several things: changes with each of them, and with their order. */
export function tagOfList(parts: readonly string[], cut: Cut): string {
  return tagOf(hash('sha256', parts.join('\n'), 'base64url'), cut)
}

/** Whether the client has what the tag stands for: weak comparison (RFC 9110 §13.1.2). */
export function isKnown(etag: string, knownTags: readonly string[]): boolean {
  return knownTags.some(tag => tag === etag || tag === '*' || `W/${tag}` === etag)
}

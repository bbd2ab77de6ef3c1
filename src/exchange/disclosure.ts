/** What the calls that disclose records share: which records a grant reaches, and how a reply is known again. */
import { createHmac, hash } from 'node:crypto'
import type { HubError } from '../errors.ts'
import type { Entry } from '../log/entry.ts'
import type { RecordKey } from '../record.ts'
import { recordPseudonym } from '../seal/pseudonym.ts'
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

/** The refusal of a record that is not there, or not for this client: it tells nothing of which. */
export function refuseUnknown(
  hub: Hub,
  call: Call,
  { operation, grant, key }: { readonly operation: Entry['operation']; readonly grant: Grant; readonly key: RecordKey },
): Promise<HubError> {
  const asked = recordPseudonym(hub.keys.pseudonym, call.standard, key)
  const detail = `There is no record of ${call.standard} with this key that the agreement reaches.`
  const { agreement } = grant
  return refuse(hub, { call, operation, agreement, records: [asked] }, 'record-unknown', detail)
}

/**
 * Changes with what is shown, and with what is held back, and with nothing else.
 *
 * Keyed, so that only who was sent a reply has its tag. From one that is a plain digest a client could tell values that it
 * has guessed, and by 304, which no quota is charged for, every record's in turn.
 */
export function tagOf(hub: Hub, digest: string, { withheldMark }: Cut): string {
  return `W/"${hash('sha256', `${digest}\n${secretOf(hub.keys.pseudonym)}`, 'base64url')}.${withheldMark}"`
}

/** Hashed behind what it keys: an HMAC takes five times as long, and every read waits for it. */
function secretOf(key: Buffer): string {
  let secret = secrets.get(key)
  if (secret === undefined)
    secrets.set(key, (secret = createHmac('sha256', key).update('entity-tag').digest('base64url')))
  return secret
}

const secrets = new WeakMap<Buffer, string>()

/** {@link tagOf} of a reply that shows several things: changes with each of them, and with their order. */
export function tagOfList(hub: Hub, parts: readonly string[], cut: Cut): string {
  return tagOf(hub, parts.join('\n'), cut)
}

/**
 * Whether the client has what the tag stands for: weak comparison (RFC 9110 §13.1.2).
 *
 * Against the letter, `*` stands for nothing here: whoever sends it has not said what it has, and would learn at no charge
 * to any quota that the record is there.
 */
export function isKnown(etag: string, knownTags: readonly string[]): boolean {
  return knownTags.some(tag => tag === etag || `W/${tag}` === etag)
}

/**
 * Compares what a client claims of a record with what the record says, and discloses no value.
 *
 * A claim names a leaf and has the form of its schema. It is compared in canonical form (RFC 8785), and a decimal by what
 * it amounts to, so that 12.50 is 12.5. Where the leaf stands
 * in the elements of an array, it matches if one of them says so; claims are compared each by itself, so that two which
 * match need not be of the same element.
 */
import { canonicalise } from '../canonical.ts'
import { comparable, valuesAt } from '../comparable.ts'
import type { Json, JsonObject, Language, RecordKey } from '../record.ts'
import { storedKey } from '../seal/contents.ts'
import { readRecord } from '../store/records.ts'
import type { SchemaNode } from '../standard.ts'
import { decodeUtf8 } from '../utf8-text.ts'
import { enter, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { requireComparable, type Claims } from './claims.ts'
import { refuseUnknown, type Answer } from './disclosure.ts'
import type { Hub } from './hub.ts'
import { cutOf, servedTexts } from './served-text.ts'
import { shownRecord } from './shown-records.ts'

export type Verdict = 'match' | 'mismatch' | 'unknown'

/**
 * `{"key":…,"results":{field: verdict}}`; unknown is what the record does not say.
 *
 * @throws {HubError} with its entry durable: `field-not-granted`, `record-unknown`, and what {@link admit} throws;
 *   `request-invalid` with issues below `/claims`
 */
export async function verify(
  hub: Hub,
  call: Call,
  asked: { readonly key: RecordKey; readonly claims: Claims; readonly language?: Language | undefined },
): Promise<Answer> {
  const { key, claims, language } = asked
  const admitted = await admit(hub, { ...call, fields: undefined }, 'verify')
  const fields = await requireComparable(hub, call, admitted, { claims, language })
  const grant = { ...admitted, asked: fields, cut: cutOf(admitted.agreement, admitted.standard, fields) }
  const stored = storedKey(grant.standard, hub.keys.pseudonym, key)
  const found = await readRecord(hub.store.read, call.standard, stored)
  const record = found && (await shownRecord(hub, grant, found))
  if (record === undefined) {
    throw await refuseUnknown(hub, call, { operation: 'verify', grant, key })
  }
  // Only the fields that are claimed are cut out, and so unsealed.
  const [served] = await servedTexts(hub, grant, [record])
  if (served === undefined) throw new Error('bug: a record was not served')
  const { data } = JSON.parse(decodeUtf8(served.text)) as { readonly data: JsonObject }
  const results = Object.fromEntries(
    Object.entries(claims).map(([path, claim]) => {
      const schema = grant.standard.fields.find(field => field.path === path)?.schema
      return [path, compare(claim, valuesAt(data, path.split('.')), schema)]
    }),
  )
  const entry = await enter(hub, { call, operation: 'verify', grant, records: [record], outcome: 'disclosed' })
  return { entry, body: Buffer.from(JSON.stringify({ key, results })) }
}

function compare(claim: Json, said: readonly Json[], schema: SchemaNode | undefined): Verdict {
  if (said.length === 0) return 'unknown'
  const text = canonicalise(comparable(claim, schema))
  return said.some(value => canonicalise(comparable(value, schema)) === text) ? 'match' : 'mismatch'
}

/** Records by their keys, which come in a body: the way, too, to a standard whose key is sealed. */
import type { RecordKey } from '../record.ts'
import { storedKey } from '../seal/contents.ts'
import { recordPseudonym } from '../seal/pseudonym.ts'
import { readRecords, type StoredRecord } from '../store/records.ts'
import { bytesOf } from '../utf8-text.ts'
import { enter, enterMissing, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import type { Answer } from './disclosure.ts'
import type { Hub } from './hub.ts'
import { servedTexts, type Grant } from './served-text.ts'
import { shownRecords } from './shown-records.ts'

/** An entry that names missing records is not split: its 32 KiB hold the pseudonyms of so many. */
export const keysAtMost = 1000

type Found = { readonly key: RecordKey; readonly record: StoredRecord }

/**
 * `{"records":[…],"missing":[…]}`: each key once, in the order asked, under its plain text; a record that is not there, or
 * not for this client, is missing.
 *
 * What is found is one entry (or several, where it is too much for one), and what is missing another, a refusal.
 *
 * @param keys at most {@link keysAtMost}
 * @throws {HubError} with its entry durable: what {@link admit} throws
 */
export async function lookUp(hub: Hub, call: Call, keys: readonly RecordKey[]): Promise<Answer> {
  const grant = await admit(hub, call, 'lookup')
  const { found, missing } = await find(hub, grant, [...new Set(keys)])
  const records = found.map(({ record }) => record)
  const texts = await servedTexts(
    hub,
    grant,
    records,
    found.map(({ key }) => key),
  )
  const access = { call, operation: 'lookup', agreement: grant.agreement } as const
  let entry = found.length === 0 ? undefined : await enter(hub, { ...access, grant, records, outcome: 'disclosed' })
  if (missing.length > 0) {
    const asked = missing.map(key => recordPseudonym(hub.keys.pseudonym, call.standard, key))
    const refused = await enterMissing(hub, { ...access, records: asked })
    entry ??= refused
  }
  if (entry === undefined) throw new Error('bug: a lookup of no key')
  const list = texts.map(({ text }) => text).join(',')
  const rest = Buffer.from(`],"missing":${JSON.stringify(missing)}}`)
  return { entry, body: Buffer.concat([bytesOf(`{"records":[${list}`), rest]) }
}

async function find(
  hub: Hub,
  grant: Grant,
  keys: readonly RecordKey[],
): Promise<{ readonly found: readonly Found[]; readonly missing: readonly RecordKey[] }> {
  const { standard } = grant
  const stored = keys.map(key => storedKey(standard, hub.keys.pseudonym, key))
  const records = await shownRecords(hub, grant, await readRecords(hub.store.read, standard.id, stored))
  const found: Found[] = []
  const missing: RecordKey[] = []
  for (const [index, key] of keys.entries()) {
    const record = records[index]
    if (record !== undefined) found.push({ key, record })
    else missing.push(key)
  }
  return { found, missing }
}

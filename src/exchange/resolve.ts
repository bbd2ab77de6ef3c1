/**
 * Resolving: what an adapter takes out of other standards' records is disclosed to the adapter's department.
 *
 * The law of disclosures holds here too: a value reaches a conversion only after its entry is durable, and what no
 * agreement of the department covers ends the delivery with an entry of its own. Called before a batch is kept.
 */
import { verdictOn } from '../agreement/granted.ts'
import { reasons } from '../agreement/reasons.ts'
import type { HubError, ProblemCode } from '../errors.ts'
import type { Adapter, Resolve, Want } from '../map/adapter.ts'
import type { Json, JsonObject, RecordKey, SourceRecord, UnreadableRecord } from '../record.ts'
import { storedKey } from '../seal/contents.ts'
import { recordPseudonym } from '../seal/pseudonym.ts'
import { readRecords } from '../store/records.ts'
import { decodeUtf8 } from '../utf8-text.ts'
import { rowsOf } from './admit.ts'
import { enter, enterMissing, refuse, type Call } from './access-entry.ts'
import { decisionOn, refusalOf } from './decision.ts'
import type { By, Hub } from './hub.ts'
import { requireServed } from './retired.ts'
import { cutOf, servedTexts, type Grant } from './served-text.ts'
import { shownRecords } from './shown-records.ts'

/** On whose behalf records are looked up. */
export type Asking = {
  readonly adapter: Adapter
  readonly by: By
  readonly delivery: string
}

/** An entry that names missing records is not split: its 32 KiB hold the pseudonyms of so many. */
const keysAtOnce = 1000

/**
 * Reads, under agreements of the adapter's department, what the source records of a batch want of other standards.
 *
 * A record that is not there, is withdrawn or has no form in the major that the adapter names, gives nothing.
 *
 * @returns what conversions ask; undefined where the adapter resolves nothing
 * @throws {HubError} `agreement-missing`, `field-not-granted`, `quota-exceeded`, `log-unavailable`
 */
export async function resolveWants(
  hub: Hub,
  asking: Asking,
  items: readonly (SourceRecord | UnreadableRecord)[],
): Promise<Resolve | undefined> {
  const { adapter } = asking
  if (adapter.resolves.length === 0) return undefined
  const known = new Map<string, Json | undefined>()
  for (const { of, keys } of lookups(wantsOf(adapter, items))) {
    const values = await lookUp(hub, asking, of, keys)
    for (const [index, key] of keys.entries()) known.set(nameOf({ ...of, key }), values[index])
  }
  return want => {
    const name = nameOf(want)
    if (!known.has(name)) throw new Error('bug: what a conversion wants hangs on what it was given')
    return known.get(name)
  }
}

/** What conversions ask for, each thing once: they are made once more when it is there. */
function wantsOf({ convert }: Adapter, items: readonly (SourceRecord | UnreadableRecord)[]): Iterable<Want> {
  const wants = new Map<string, Want>()
  const note: Resolve = want => {
    wants.set(nameOf(want), want)
    // Something in the value's place, so that no conversion ends before it has asked for everything.
    return null
  }
  for (const item of items) if ('node' in item) convert(item, 'en', note)
  return wants.values()
}

/** What is wanted of a record. */
type Lookup = Omit<Want, 'key'>

function nameOf({ standard, major, matter, field, key }: Want): string {
  return JSON.stringify([standard, major, matter, field, key])
}

/** Keys by what is wanted of their records: apart, so that no entry names a field that its records did not give. */
function lookups(wants: Iterable<Want>): { readonly of: Lookup; readonly keys: RecordKey[] }[] {
  const all: { of: Lookup; keys: RecordKey[] }[] = []
  const open = new Map<string, { of: Lookup; keys: RecordKey[] }>()
  for (const { key, ...of } of wants) {
    const name = nameOf({ ...of, key: '' })
    let lookup = open.get(name)
    if (lookup === undefined || lookup.keys.length === keysAtOnce) {
      lookup = { of, keys: [] }
      open.set(name, lookup)
      all.push(lookup)
    }
    lookup.keys.push(key)
  }
  return all
}

/** What the records of some keys give, in the order of the keys, when the entries that name them are durable. */
async function lookUp(
  hub: Hub,
  { adapter, by, delivery }: Asking,
  of: Lookup,
  keys: readonly RecordKey[],
): Promise<(Json | undefined)[]> {
  const { standard: id, matter, field } = of
  const call: Call = {
    by: { ...by, department: adapter.department },
    standard: id,
    matter,
    case: undefined,
    fields: [field],
    detail: { adapter: adapter.id, delivery },
  }
  const grant = await admit(hub, call, of)
  const stored = keys.map(key => storedKey(grant.standard, hub.keys.pseudonym, key))
  const read = await readRecords(hub.store.read, id, stored)
  const records = await shownRecords(hub, grant, read)
  const found = records.filter(record => record !== undefined)
  const texts = (await servedTexts(hub, grant, found)).values()
  const missing = keys.filter((_, index) => records[index] === undefined)
  const pseudonyms = missing.map(key => recordPseudonym(hub.keys.pseudonym, id, key))
  const access = { call, operation: 'lookup', agreement: grant.agreement } as const
  await Promise.all([
    found.length > 0 && enter(hub, { ...access, grant, records: found, outcome: 'disclosed' }),
    missing.length > 0 && enterMissing(hub, { ...access, records: pseudonyms }),
  ])
  return records.map(record => {
    const text = record && texts.next().value?.text
    if (text === undefined) return undefined
    const { data } = JSON.parse(decodeUtf8(text)) as { data: JsonObject }
    return field.split('.').reduce<Json | undefined>(member, data)
  })
}

async function admit(hub: Hub, call: Call, { major, field }: Lookup): Promise<Grant> {
  const { department } = call.by
  const decision = await decisionOn(hub, call, 'lookup')
  const { agreement } = decision
  const refusal = (problem: ProblemCode, why: string): Promise<HubError> => {
    const asks = `The adapter looks up ${field} of ${call.standard} (major ${major}) for the matter ${call.matter}`
    const remedy = 'an agreement that allows to look up this field for this matter lets the input be delivered again'
    const detail = `${asks}, but its department, ${department}, ${why}; ${remedy}.`
    return refuse(hub, { call, operation: 'lookup', ...(agreement && { agreement }) }, problem, detail)
  }
  if (!decision.allowed) throw await refusal(refusalOf(hub, decision).problem, reasons[decision.reason].ofDepartment)
  await requireServed(hub, call, 'lookup', decision.agreement)
  if (decision.agreement.major !== major) throw await refusal('agreement-missing', 'may read another major only')
  const { standard, newer } = await hub.published.standard(call.standard, major)
  const leaf = standard.fields.find(({ path }) => path === field)
  if (leaf === undefined || verdictOn(decision.agreement, leaf) !== 'granted') {
    throw await refusal('field-not-granted', 'is not granted this field')
  }
  const asked = new Set([field])
  return {
    agreement: decision.agreement,
    standard,
    newer,
    asked,
    cut: cutOf(decision.agreement, standard, asked),
    reaches: rowsOf(decision.agreement),
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  return value === null || typeof value !== 'object' || Array.isArray(value) ? undefined : value[name]
}

/**
 * The records that a grant reaches, as it shows them: those of its own major as they are, those of a newer one converted.
 *
 * A record that has no valid form in the older major is not there for its consumers. What of it is sealed is unsealed only
 * where a field that is shown is made of it; a fault in what stays sealed is no reason to leave the record out.
 */
import { storedKey } from '../seal/contents.ts'
import type { FieldPath, Issue, JsonObject } from '../record.ts'
import { readText } from '../record-text.ts'
import { keyOf, majorOf } from '../standard.ts'
import { unsealRecords, type StoredRecord } from '../store/records.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8-text.ts'
import type { Hub } from './hub.ts'
import type { NewerMajor } from './newer-majors.ts'
import { cutOf, noteConverted, type Cut, type Grant } from './served-text.ts'

/** One record, or undefined where the grant does not reach it. Synchronous for those of the grant's own major. */
export function shownRecord(
  hub: Hub,
  grant: Grant,
  record: StoredRecord,
): StoredRecord | undefined | Promise<StoredRecord | undefined> {
  if (majorOf(record.version) === grant.agreement.major) return grant.reaches(record.body) ? record : undefined
  return grant.newer.length === 0 ? undefined : shownRecords(hub, grant, [record]).then(([shown]) => shown)
}

/**
 * Each record as the grant shows it, undefined where it is not reached.
 *
 * @param also fields beside those shown that must be known of a record: those that it is chosen by
 */
export async function shownRecords(
  hub: Hub,
  grant: Grant,
  records: readonly (StoredRecord | undefined)[],
  also: readonly FieldPath[] = [],
): Promise<(StoredRecord | undefined)[]> {
  const shown = records.map(record =>
    record !== undefined && majorOf(record.version) === grant.agreement.major && grant.reaches(record.body)
      ? record
      : undefined,
  )
  for (const newer of grant.newer) {
    const places = records.flatMap((record, index) =>
      record !== undefined && majorOf(record.version) === newer.from.major ? [{ record, index }] : [],
    )
    if (places.length === 0) continue
    const converted = await convertAll(
      hub,
      grant,
      planOf(grant, newer, also),
      places.map(({ record }) => record),
    )
    for (const [at, { index }] of places.entries()) shown[index] = converted[at]
  }
  return shown
}

/** What the conversion of records of one newer major goes by. */
type Plan = {
  readonly newer: NewerMajor
  readonly cut: Cut
  /** Whether the key, which every reply carries, may be shown at all. */
  readonly showsKey: boolean
  /** The sealed fields of the newer major that what is shown is made of. */
  readonly unseal: readonly FieldPath[]
  /** The fields of the older major that hang on what stays sealed. */
  readonly unknown: readonly FieldPath[]
}

function planOf(grant: Grant, newer: NewerMajor, also: readonly FieldPath[]): Plan {
  const { agreement, standard, asked } = grant
  const cut = cutOf(agreement, standard, asked, newer)
  const all = cutOf(agreement, standard, undefined, newer).fields
  const sealed = new Set(newer.from.fields.filter(field => field.sealed).map(({ path }) => path))
  const sealedBehind = (path: FieldPath): FieldPath[] => (newer.feeds.get(path) ?? []).filter(fed => sealed.has(fed))
  const known = [...cut.fields, ...also.filter(path => all.includes(path))]
  const unseal = [...new Set(known.flatMap(sealedBehind))]
  return {
    newer,
    cut,
    showsKey: standard.key.every(part => all.includes(part)),
    unseal,
    unknown: standard.fields
      .map(({ path }) => path)
      .filter(path => sealedBehind(path).some(fed => !unseal.includes(fed))),
  }
}

async function convertAll(
  hub: Hub,
  grant: Grant,
  plan: Plan,
  records: readonly StoredRecord[],
): Promise<(StoredRecord | undefined)[]> {
  if (!plan.showsKey) return records.map(() => undefined)
  const { unseal } = plan
  if (unseal.length === 0) return records.map(record => convertOne(hub, grant, plan, { record, sealed: new Map() }))
  // By the open text, as row filters always go by: of what is beside one, nothing is unsealed.
  const reached = records.map(record => isWithinRows(grant, plan, record))
  const found = await unsealRecords(
    hub.store.read,
    hub.keys.master,
    records.filter((_, index) => reached[index]),
    unseal,
  )
  const texts = found.values()
  return records.map((record, index) => {
    if (!reached[index]) return undefined
    return convertOne(hub, grant, plan, { record, sealed: texts.next().value as ReadonlyMap<FieldPath, string> })
  })
}

function isWithinRows({ reaches, agreement }: Grant, { newer }: Plan, { body }: StoredRecord): boolean {
  if (agreement.rows === undefined) return true
  const { record } = newer.convert(readText({ open: decodeUtf8(body), sealed: [] }))
  return reaches(encodeUtf8(newer.textOf(record).open))
}

function convertOne(
  hub: Hub,
  { reaches, standard }: Grant,
  { newer, cut, unknown }: Plan,
  { record, sealed }: { readonly record: StoredRecord; readonly sealed: ReadonlyMap<FieldPath, string> },
): StoredRecord | undefined {
  const texts = [...sealed].map(([field, text]) => ({ field, text }))
  const { record: converted, issues } = newer.convert(readText({ open: decodeUtf8(record.body), sealed: texts }))
  if (faultsOf(newer, { record: converted, issues }, unknown).length > 0) return undefined
  const key = keyOf(standard, converted)
  if (key !== undefined && storedKey(standard, hub.keys.pseudonym, key) !== record.key) return undefined
  const text = newer.textOf(converted)
  const body = encodeUtf8(text.open)
  if (!reaches(body)) return undefined
  const digest = cut.showsAll ? newer.contentsOf(converted).digest : ''
  const shown = { ...record, version: standard.version, body, sealed: null, dataKey: null, digest }
  const own = new Map(text.sealed.map(({ field, text: value }) => [field, value]))
  noteConverted(shown, { newer, cut, record: converted, sealed: own })
  return shown
}

/**
 * Why what a conversion gave is no record of the older major.
 *
 * @param unknown fields that hang on what was not unsealed: what is wrong with them, or with what they stand in, is not known
 */
export function faultsOf(
  { validator }: Pick<NewerMajor, 'validator'>,
  { record, issues }: { readonly record: JsonObject; readonly issues: readonly Issue[] },
  unknown: readonly FieldPath[],
): Issue[] {
  const found = [...issues, ...validator.validate(record).issues]
  if (unknown.length === 0 || found.length === 0) return found
  return found.filter(({ pointer }) => {
    const path = pointer
      .slice(1)
      .split('/')
      .filter(name => !/^\d+$/.test(name))
      .join('.')
    return !unknown.some(field => path === '' || within(path, field) || within(field, path))
  })
}

function within(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}

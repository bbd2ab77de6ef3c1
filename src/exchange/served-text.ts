/** Records as they are served: JSON text put together from stored text; what only passes through is never parsed. */
import { hash } from 'node:crypto'
import { openId, type Agreement } from '../agreement/agreement.ts'
import { grantedFields, grantedThrough } from '../agreement/granted.ts'
import { compileProjection, type Projection } from '../agreement/project.ts'
import type { FieldPath, JsonObject, RecordKey } from '../record.ts'
import type { Standard } from '../standard.ts'
import { unsealRecords, type StoredRecord } from '../store/records.ts'
import { bytesOf, encodeUtf8, type Utf8Text } from '../utf8-text.ts'
import type { Hub } from './hub.ts'
import type { NewerMajor } from './newer-majors.ts'

/** What an allowed call goes by. */
export type Grant = {
  readonly agreement: Agreement
  /** The newest version of the agreement's major. */
  readonly standard: Standard
  /** Newer majors, whose records are shown as records of the agreement's. */
  readonly newer: readonly NewerMajor[]
  /** The leaves that the call asks for; all where undefined. */
  readonly asked: ReadonlySet<FieldPath> | undefined
  /** Of records of the agreement's own major. */
  readonly cut: Cut
  /** Whether the agreement's row filter reaches a record, by its open text. */
  readonly reaches: (open: Utf8Text) => boolean
}

/** What a call of a grant is shown, compiled. */
export type Cut = Projection & {
  /** The JSON text that names what is held back, and a mark that changes with it. */
  readonly withheldText: string
  readonly withheldMark: string
  /** Whether the delivery and the deliverer's own id of the record are shown: they have no level, and the public gets neither. */
  readonly showsOrigin: boolean
  /** Whether the record's own digest is that of what is shown. */
  readonly showsAll: boolean
}

/** A record as it is served, and a digest of what is shown of it. */
export type ServedText = { readonly text: Utf8Text; readonly digest: string }

/** A record of a newer major that was made one of the grant's. */
export type Converted = {
  /** The major that it is of. */
  readonly newer: NewerMajor
  readonly cut: Cut
  readonly record: JsonObject
  /** The texts of its sealed fields, as far as they are known. */
  readonly sealed: ReadonlyMap<FieldPath, string>
}

/** Notes that a record was converted, and what it is shown by. */
export function noteConverted(record: StoredRecord, converted: Converted): void {
  conversions.set(record, converted)
}

/** Undefined of a record that is as it is stored. */
export function convertedOf(record: StoredRecord): Converted | undefined {
  return conversions.get(record)
}

const conversions = new WeakMap<StoredRecord, Converted>()

/**
 * Each record as it is served. Unseals what the grant shows, and nothing else.
 *
 * @param keys the keys that the records are served under, where those that are stored are keyed hashes
 */
export async function servedTexts(
  hub: Hub,
  grant: Grant,
  records: readonly StoredRecord[],
  keys?: readonly RecordKey[],
): Promise<ServedText[]> {
  if (grant.newer.length === 0 || !records.some(record => conversions.has(record))) {
    return storedTexts(hub, grant, records, keys)
  }
  const own = (_: unknown, index: number): boolean => !conversions.has(records[index] as StoredRecord)
  const stored = (await storedTexts(hub, grant, records.filter(own), keys?.filter(own))).values()
  return records.map((record, index) => {
    const converted = conversions.get(record)
    return converted === undefined
      ? (stored.next().value as ServedText)
      : convertedText(record, converted, grant.cut, keys?.[index])
  })
}

/** Its digest is what that of the same record would be if it were stored so, unless more of it is held back. */
function convertedText(record: StoredRecord, { cut, sealed }: Converted, usual: Cut, key?: RecordKey): ServedText {
  const served = servedText(record, cut, field => sealed.get(field), key)
  if (cut.withheldText === usual.withheldText) return served
  return { ...served, digest: hash('sha256', `${served.digest}\n${cut.withheldText}`, 'base64url') }
}

async function storedTexts(
  hub: Hub,
  { cut }: Grant,
  records: readonly StoredRecord[],
  keys?: readonly RecordKey[],
): Promise<ServedText[]> {
  if (cut.sealed.length === 0) return records.map((record, index) => servedText(record, cut, noText, keys?.[index]))
  const unsealed = await unsealRecords(hub.store.read, hub.keys.master, records, cut.sealed)
  return records.map((record, index) => servedText(record, cut, field => unsealed[index]?.get(field), keys?.[index]))
}

/**
 * Compiled once for an agreement, a standard and a set of fields; one that changes is another object.
 *
 * @param newer the major whose records are shown as such of the standard, where it is another
 */
export function cutOf(
  agreement: Agreement,
  standard: Standard,
  asked: ReadonlySet<FieldPath> | undefined,
  newer?: NewerMajor,
): Cut {
  let cuts = compiled.get(agreement)
  if (cuts === undefined) compiled.set(agreement, (cuts = new Map()))
  const version = newer === undefined ? standard.version : newer.name
  const name = asked === undefined ? version : `${version} ${[...asked].join(' ')}`
  let cut = cuts.get(name)
  if (cut === undefined) {
    const granted =
      newer === undefined ? grantedFields(agreement, standard) : grantedThrough(agreement, standard, newer)
    const projection = compileProjection(standard, granted, asked)
    const withheldText = JSON.stringify(projection.withheld)
    cut = {
      ...projection,
      withheldText,
      withheldMark: hash('sha256', withheldText, 'hex').slice(0, 8),
      showsOrigin: agreement.id !== openId,
      showsAll: projection.isWhole && !standard.fields.some(field => field.sealed),
    }
    // Any client may ask for any set of fields: the cache must not grow with what strangers think of.
    if (cuts.size >= 100) cuts.clear()
    cuts.set(name, cut)
  }
  return cut
}

const compiled = new WeakMap<Agreement, Map<string, Cut>>()

const noText = (): undefined => undefined

function servedText(
  record: StoredRecord,
  cut: Cut,
  unsealed: (field: FieldPath) => string | undefined,
  key: RecordKey = record.key,
): ServedText {
  const { standard, version, revision, updatedAt, adapter, delivery, recordId, asOf } = record
  const slash = adapter.indexOf('/')
  let source = `"department":"${adapter.slice(0, slash)}","adapter":"${adapter.slice(slash + 1)}"`
  if (cut.showsOrigin) source += `,"delivery":"${delivery}"`
  if (cut.showsOrigin && recordId !== null) source += `,"recordId":${encodeUtf8(JSON.stringify(recordId))}`
  if (asOf !== null) source += `,"asOf":${encodeUtf8(JSON.stringify(asOf))}`
  const head = `{"standard":"${standard}","version":"${version}","key":${encodeUtf8(JSON.stringify(key))},"revision":${revision}`
  const data = cut.project(record.body, unsealed)
  const text = `${head},"updatedAt":"${updatedAt}","source":{${source}},"data":${data},"withheld":${cut.withheldText}}`
  return { text, digest: cut.showsAll ? record.digest : hash('sha256', bytesOf(data), 'base64url') }
}

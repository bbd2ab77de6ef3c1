/** Records as they are served: JSON text put together from stored text; what only passes through is never parsed. */
import { hash } from 'node:crypto'
import type { Agreement } from '../agreement/agreement.ts'
import { grantedFields } from '../agreement/granted.ts'
import { compileProjection, type Projection } from '../agreement/project.ts'
import type { FieldPath, RecordKey } from '../record.ts'
import type { Standard } from '../standard.ts'
import { unsealRecords, type StoredRecord } from '../store/records.ts'
import { bytesOf, encodeUtf8, type Utf8Text } from '../utf8-text.ts'
import type { Hub } from './hub.ts'

/** What an allowed call goes by. */
export type Grant = {
  readonly agreement: Agreement
  /** The newest version of the agreement's major. */
  readonly standard: Standard
  readonly cut: Cut
  /** Whether the agreement's row filter reaches a record, by its open text. */
  readonly reaches: (open: Utf8Text) => boolean
}

/** What a call of a grant is shown, compiled. */
export type Cut = Projection & {
  /** The JSON text that names what is held back, and a mark that changes with it. */
  readonly withheldText: string
  readonly withheldMark: string
  /** Whether the record's own digest is that of what is shown. */
  readonly showsAll: boolean
}

/** A record as it is served, and a digest of what is shown of it. */
export type ServedText = { readonly text: Utf8Text; readonly digest: string }

/**
 * Each record as it is served. Unseals what the grant shows, and nothing else.
 *
 * @param keys the keys that the records are served under, where those that are stored are keyed hashes
 */
export async function servedTexts(
  hub: Hub,
  { cut }: Grant,
  records: readonly StoredRecord[],
  keys?: readonly RecordKey[],
): Promise<ServedText[]> {
  if (cut.sealed.length === 0) return records.map((record, index) => servedText(record, cut, noText, keys?.[index]))
  const unsealed = await unsealRecords(hub.store.read, hub.keys.master, records, cut.sealed)
  return records.map((record, index) => servedText(record, cut, field => unsealed[index]?.get(field), keys?.[index]))
}

/** Compiled once for an agreement, a standard and a set of fields; one that changes is another object. */
export function cutOf(agreement: Agreement, standard: Standard, asked: ReadonlySet<FieldPath> | undefined): Cut {
  let cuts = compiled.get(agreement)
  if (cuts === undefined) compiled.set(agreement, (cuts = new Map()))
  const name = asked === undefined ? standard.version : `${standard.version} ${[...asked].join(' ')}`
  let cut = cuts.get(name)
  if (cut === undefined) {
    const projection = compileProjection(standard, grantedFields(agreement, standard), asked)
    const withheldText = JSON.stringify(projection.withheld)
    cut = {
      ...projection,
      withheldText,
      withheldMark: hash('sha256', withheldText, 'hex').slice(0, 8),
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
  let source = `"department":"${adapter.slice(0, slash)}","adapter":"${adapter.slice(slash + 1)}","delivery":"${delivery}"`
  if (recordId !== null) source += `,"recordId":${encodeUtf8(JSON.stringify(recordId))}`
  if (asOf !== null) source += `,"asOf":${encodeUtf8(JSON.stringify(asOf))}`
  const head = `{"standard":"${standard}","version":"${version}","key":${encodeUtf8(JSON.stringify(key))},"revision":${revision}`
  const data = cut.project(record.body, unsealed)
  const text = `${head},"updatedAt":"${updatedAt}","source":{${source}},"data":${data},"withheld":${cut.withheldText}}`
  return { text, digest: cut.showsAll ? record.digest : hash('sha256', bytesOf(data), 'base64url') }
}

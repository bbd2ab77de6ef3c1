/**
 * Pages of the records that a grant reaches, in the order of their keys: found by the index of terms as far as that helps,
 * and held against all that they are chosen by.
 *
 * Terms are kept under the names of the major that a record is of. So records of each newer major are looked for by
 * themselves: by its terms where a field is a plain copy of an indexed one, and else one by one.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Json, JsonObject, RecordKey } from '../record.ts'
import { termOf } from '../seal/contents.ts'
import { majorOf } from '../standard.ts'
import { readPage, valuesAtMost, type OneOf, type Page } from '../store/record-pages.ts'
import type { StoredRecord } from '../store/records.ts'
import { fieldsBeingBuilt } from './build-terms.ts'
import type { Hub } from './hub.ts'
import type { NewerMajor } from './newer-majors.ts'
import { convertedOf, cutOf, type Grant } from './served-text.ts'
import { shownRecords } from './shown-records.ts'

export type Wanted = {
  readonly after: RecordKey
  readonly limit: number
  /** Values of indexed fields that are granted, each of which a record must have. */
  readonly filters: ReadonlyMap<FieldPath, string>
}

/** Records of a newer major looked at for one page: where no term helps, few of them may have what is asked for. */
const scannedAtMost = 500

/**
 * Some of the next records, more than `limit` where several majors have them. `next` is the key to go on after, of a record
 * or of none that is reached: it stays in the hub.
 */
export async function readCandidates(hub: Hub, grant: Grant, wanted: Wanted): Promise<Page> {
  const { agreement, standard, newer } = grant
  const { after, limit, filters } = wanted
  const rows = rowTerms(agreement.rows)
  const unbuilt = rows.length === 0 ? new Set() : await fieldsBeingBuilt(hub, standard)
  const terms: OneOf[] = [
    ...[...filters].map(([path, value]): OneOf => [path, [termOf(standard, hub.keys.pseudonym, path, value)]]),
    ...rows.filter(([path]) => !unbuilt.has(path)),
  ]
  const ownPage = await readPage(hub.store.read, agreement.standard, { after, limit, terms })
  if (newer.length === 0 || terms.length === 0) return { ...ownPage, records: await shown(hub, grant, ownPage.records) }
  const pages = [ofMajor(ownPage, agreement.major)]
  for (const major of newer) {
    const page = await readPage(hub.store.read, agreement.standard, {
      after,
      limit: Math.max(limit, scannedAtMost),
      terms: await newerTerms(hub, major, { filters, rows }),
    })
    pages.push(ofMajor(page, major.from.major))
    // Of a scan that finds nothing, other calls go in between.
    await turn()
  }
  const { records, next } = together(pages)
  const reached = await shown(hub, grant, records, [...filters.keys()])
  return { records: reached.filter(record => isChosen(grant, record, filters)), next }
}

async function shown(
  hub: Hub,
  grant: Grant,
  records: readonly StoredRecord[],
  also: readonly FieldPath[] = [],
): Promise<StoredRecord[]> {
  return (await shownRecords(hub, grant, records, also)).filter(record => record !== undefined)
}

/** Without those of other majors, which other terms would have found. */
function ofMajor({ records, next }: Page, major: number): Page {
  return { records: records.filter(({ version }) => majorOf(version) === major), next }
}

/** What several searches have found as far as all of them have looked. */
function together(pages: readonly Page[]): Page {
  const ends = pages.flatMap(({ next }) => (next === undefined ? [] : [next])).toSorted(byteOrder)
  const next = ends[0]
  const records = pages
    .flatMap(page => page.records)
    .filter(({ key }) => next === undefined || byteOrder(key, next) <= 0)
    .toSorted((a, b) => byteOrder(a.key, b.key))
  return { records, next }
}

/** The order of the store, which compares the bytes of UTF-8. */
function byteOrder(a: RecordKey, b: RecordKey): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/**
 * The agreement's row filter as far as the index of terms helps to find what it reaches: the fields with the fewest values.
 * What they let through is held against the whole filter.
 */
function rowTerms(rows: Grant['agreement']['rows'] = {}): OneOf[] {
  return Object.entries(rows)
    .filter(([, values]) => values.length <= valuesAtMost)
    .toSorted(([, one], [, other]) => one.length - other.length)
    .slice(0, rowFieldsAtMost)
}

/** Every value of one is looked up with all values of the others: of five fields, SQLite refuses so many parameters. */
const rowFieldsAtMost = 2

/** The same terms by the names of a newer major, of those fields that are plain copies of an indexed one. */
async function newerTerms(
  hub: Hub,
  { from, copies }: NewerMajor,
  { filters, rows }: { readonly filters: ReadonlyMap<FieldPath, string>; readonly rows: readonly OneOf[] },
): Promise<OneOf[]> {
  const unbuilt = await fieldsBeingBuilt(hub, from)
  const asked = [...filters].map(([path, value]): OneOf => [path, [value]])
  return [...asked, ...rows].flatMap(([path, values]): OneOf[] => {
    const field = from.fields.find(one => one.path === copies.get(path))
    if (field === undefined || !field.indexed || unbuilt.has(field.path)) return []
    return [[field.path, values.map(value => termOf(from, hub.keys.pseudonym, field.path, value))]]
  })
}

/** Of a converted record, whether it has the values that are asked for, in fields that it may show. */
function isChosen(
  { agreement, standard }: Grant,
  record: StoredRecord,
  filters: ReadonlyMap<FieldPath, string>,
): boolean {
  const converted = convertedOf(record)
  if (converted === undefined || filters.size === 0) return true
  const granted = new Set(cutOf(agreement, standard, undefined, converted.newer).fields)
  return [...filters].every(
    ([path, value]) => granted.has(path) && textsAt(converted.record, path.split('.')).includes(value),
  )
}

/** The values at a path as terms have them: arrays passed through, null and absence left out. */
function textsAt(node: Json | undefined, names: readonly string[]): string[] {
  if (node === null || node === undefined) return []
  if (Array.isArray(node)) return node.flatMap(element => textsAt(element, names))
  const [name, ...rest] = names
  if (name === undefined) return [typeof node === 'string' ? node : canonicalise(node)]
  return typeof node === 'object' ? textsAt((node as JsonObject)[name], rest) : []
}

/**
 * Walks the records and finds those that consumers of another major do not see: of a newer major, for they have no valid
 * form in the older one; of the older, for they were never delivered to the newer. The owner's answer to "where has this record gone"; what they say stands in the result by pointer and code only.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { decodeUtf8 } from '../utf8-text.ts'
import type { RecordKey } from '../record.ts'
import { readText } from '../record-text.ts'
import { keyOf, majorOf } from '../standard.ts'
import { storedKey } from '../seal/contents.ts'
import { readPage } from '../store/record-pages.ts'
import type { StoredRecord } from '../store/records.ts'
import { entryOf, type By, type Hub } from './hub.ts'
import type { NewerMajor } from './newer-majors.ts'
import { servedStandards } from './served-majors.ts'
import { faultsOf } from './shown-records.ts'

/** Of the records of one major, what becomes of them in an older one. */
export type ConvertedMajor = {
  readonly from: number
  readonly to: number
  readonly records: number
  /** Records that stand in the older major only: consumers of the newer one do not see them. */
  readonly onlyOlder: number
  /** Records that have no valid form, and are not there for consumers of the older major. */
  readonly unconvertible: number
  /** How many of them each fault has, by its place in the older form, positions left out, and its code. */
  readonly faults: readonly { readonly pointer: string; readonly code: string; readonly records: number }[]
  /** The pseudonyms of the first of them, by which the log and the owner's own keys find them. */
  readonly pseudonyms: readonly string[]
}

const pseudonymsAtMost = 100
const pageRecords = 500

/**
 * By what is open: nothing is unsealed, and a fault in a sealed field alone is not found.
 *
 * @param options.onRecords told how many records were looked at
 * @throws {HubError} `standard-unknown`, `log-unavailable`
 */
export async function checkConverted(
  hub: Hub,
  by: By,
  { standard: id, onRecords = () => {} }: { readonly standard: string; readonly onRecords?: (count: number) => void },
): Promise<ConvertedMajor[]> {
  await hub.published.standard(id)
  const { index } = await hub.published.configuration()
  const majors = servedStandards(index).get(id)?.majors ?? []
  const tallies: Tally[] = []
  for (const { major } of majors) {
    const { newer } = await hub.published.standard(id, major)
    tallies.push(...newer.map(one => new Tally(hub, one)))
  }
  let looked = 0
  for (let after: RecordKey | undefined = ''; after !== undefined && tallies.length > 0;) {
    const page = await readPage(hub.store.read, id, { after, limit: pageRecords, terms: [] })
    for (const record of page.records) for (const tally of tallies) tally.add(record)
    looked += page.records.length
    onRecords(looked)
    after = page.next
    await turn()
  }
  const act = 'check-converted'
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'audit',
    outcome: 'done',
    standard: id,
    count: looked,
    detail: { act },
  })
  return tallies.map(tally => tally.result())
}

class Tally {
  readonly #hub: Hub
  readonly #newer: NewerMajor
  readonly #unknown: readonly string[]
  #records = 0
  #onlyOlder = 0
  #unconvertible = 0
  readonly #faults = new Map<string, number>()
  readonly #pseudonyms: string[] = []

  constructor(hub: Hub, newer: NewerMajor) {
    this.#hub = hub
    this.#newer = newer
    const sealed = new Set(newer.from.fields.filter(field => field.sealed).map(({ path }) => path))
    this.#unknown = [...newer.feeds]
      .filter(([, feeding]) => feeding.some(path => sealed.has(path)))
      .map(([path]) => path)
  }

  add(record: StoredRecord): void {
    const major = majorOf(record.version)
    if (major === this.#newer.to.major) this.#onlyOlder++
    if (major !== this.#newer.from.major) return
    this.#records++
    const faults = this.#faultsOf(record)
    if (faults.size === 0) return
    this.#unconvertible++
    for (const fault of faults) this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1)
    if (this.#pseudonyms.length < pseudonymsAtMost) this.#pseudonyms.push(record.pseudonym)
  }

  /** Each once, as its pointer and code. */
  #faultsOf(record: StoredRecord): ReadonlySet<string> {
    const { to } = this.#newer
    const converted = this.#newer.convert(readText({ open: decodeUtf8(record.body), sealed: [] }))
    const issues = faultsOf(this.#newer, converted, this.#unknown)
    const key = keyOf(to, converted.record)
    const isOther = key !== undefined && storedKey(to, this.#hub.keys.pseudonym, key) !== record.key
    const changed = isOther ? [{ pointer: `/${to.key[0]}`, code: 'key-changed' }] : []
    return new Set(
      [...issues, ...changed].map(({ pointer, code }) => `${pointer.replaceAll(/\/\d+(?=\/|$)/g, '')} ${code}`),
    )
  }

  result(): ConvertedMajor {
    const faults = [...this.#faults].map(([fault, records]) => {
      const [pointer = '', code = ''] = fault.split(' ')
      return { pointer, code, records }
    })
    return {
      from: this.#newer.from.major,
      to: this.#newer.to.major,
      records: this.#records,
      onlyOlder: this.#onlyOlder,
      unconvertible: this.#unconvertible,
      faults: faults.toSorted((a, b) => b.records - a.records),
      pseudonyms: this.#pseudonyms,
    }
  }
}

/** A page of records in the order of their keys: those that an agreement reaches, chosen by fields that it grants. */
import { setImmediate as turn } from 'node:timers/promises'
import { verdictOn } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, RecordKey } from '../record.ts'
import type { Page } from '../store/record-pages.ts'
import { bytesOf } from '../utf8-text.ts'
import { enter, refuse, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { fieldsBeingBuilt } from './build-terms.ts'
import { readCandidates, type Wanted } from './candidates.ts'
import { isKnown, tagOfList, type Disclosure } from './disclosure.ts'
import { readFilters } from './filter-values.ts'
import type { Hub } from './hub.ts'
import { servedTexts, type Grant } from './served-text.ts'

export type PageAsked = {
  /** Values of indexed fields, each of which a record must have. */
  readonly filters: ReadonlyMap<FieldPath, string>
  /** Records at most, from 1. */
  readonly limit: number
  /** From the page before. */
  readonly cursor: string | undefined
  readonly knownTags: readonly string[]
}

/**
 * `{"records":[…],"cursor":…}`: the cursor is null where there are no more.
 *
 * @throws {HubError} with its entry durable: `request-invalid`, `field-not-granted`, and what {@link admit} throws
 */
export async function disclosePage(hub: Hub, call: Call, page: PageAsked): Promise<Disclosure> {
  const grant = await admit(hub, call, 'list')
  const filters = await requireFilters(hub, call, grant, page.filters)
  const after = page.cursor === undefined ? '' : await readCursor(hub, call, grant, page.cursor)
  const { records, next } = await readReached(hub, grant, { after, limit: page.limit, filters })
  const texts = await servedTexts(hub, grant, records)
  const cursor = next === undefined ? 'null' : JSON.stringify(writeCursor(next))
  const body = `{"records":[${texts.map(({ text }) => text).join(',')}],"cursor":${cursor}}`
  const shown = texts.map(({ digest }, index) => `${digest} ${records[index]?.key}`)
  const etag = tagOfList(hub, [...shown, cursor], grant.cut)
  const isHad = isKnown(etag, page.knownTags)
  const outcome = isHad ? 'not-modified' : 'disclosed'
  const named = [...filters.keys()]
  const entry = await enter(hub, { call, operation: 'list', grant, records, outcome, filters: named })
  return { entry, etag, body: isHad ? undefined : bytesOf(body) }
}

/**
 * The next records that the grant reaches. `next` is the key of one of them: a cursor can be read, and must not tell of
 * a record that is not disclosed.
 */
async function readReached(hub: Hub, grant: Grant, { after, limit, filters }: Wanted): Promise<Page> {
  for (let from = after; ;) {
    const { records, next } = await readCandidates(hub, grant, { after: from, limit, filters })
    if (records.length > limit) return { records: records.slice(0, limit), next: records[limit - 1]?.key }
    if (next === undefined) return { records, next }
    if (records.length > 0) return { records, next: records.at(-1)?.key }
    // All of these are of another major, or beside a row filter too wide for the index: other calls go first.
    await turn()
    from = next
  }
}

/** Filtering on a field tells its value: it must be granted, and indexed. Gives the values as records have them. */
async function requireFilters(
  hub: Hub,
  call: Call,
  { standard, agreement }: Grant,
  filters: ReadonlyMap<FieldPath, string>,
): Promise<ReadonlyMap<FieldPath, string>> {
  const unbuilt = filters.size === 0 ? undefined : await fieldsBeingBuilt(hub, standard)
  for (const path of filters.keys()) {
    const field = standard.fields.find(candidate => candidate.path === path)
    if (field === undefined || !field.indexed) {
      const indexed = standard.fields.filter(candidate => candidate.indexed).map(candidate => candidate.path)
      throw new HubError(
        'request-invalid',
        `Records of ${standard.id} are filtered by ${indexed.join(', ') || 'no field'} only.`,
      )
    }
    if (verdictOn(agreement, field) !== 'granted') {
      const detail = `The agreement does not grant ${path}, so that records cannot be filtered by it.`
      throw await refuse(hub, { call, operation: 'list', agreement }, 'field-not-granted', detail)
    }
    if (unbuilt?.has(path)) {
      const detail = `Records cannot be found by ${path} yet: its index is being built since the field became indexed.`
      const refused = { call, operation: 'list', agreement, retryAfterSeconds: buildingSeconds } as const
      throw await refuse(hub, refused, 'index-building', detail)
    }
  }
  return readFilters(hub, standard, filters)
}

/** A guess: some hundred thousand records are indexed in it. */
const buildingSeconds = 30

/** Where a page ended: the mark tells a cursor from other text. */
function writeCursor(key: RecordKey): string {
  return Buffer.from(`after ${key}`).toString('base64url')
}

async function readCursor(hub: Hub, call: Call, { agreement }: Grant, cursor: string): Promise<RecordKey> {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (text.startsWith('after ') && Buffer.from(text).toString('base64url') === cursor)
    return text.slice('after '.length)
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw await refuse(hub, { call, operation: 'list', agreement }, 'request-invalid', detail)
}

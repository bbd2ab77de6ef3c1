/** Records as they are served: JSON text put together from stored text; what only passes through is never parsed. */
import type { Agreement } from '../agreement/agreement.ts'
import { compileProjection, type Projection } from '../agreement/project.ts'
import type { FieldPath } from '../record.ts'
import type { Standard, Version } from '../standard.ts'
import { unsealRecords, type StoredRecord } from '../store/records.ts'
import type { Hub } from './hub.ts'

/** What an allowed call goes by. */
export type Grant = {
  readonly agreement: Agreement
  /** The newest version of the agreement's major. */
  readonly standard: Standard
  /** The leaves that the call asks for; all where undefined. */
  readonly asked: ReadonlySet<FieldPath> | undefined
}

/** Each record as a JSON text. Unseals what the grant shows, and nothing else. */
export async function servedTexts(hub: Hub, grant: Grant, records: readonly StoredRecord[]): Promise<string[]> {
  const cuts = new Map<Version, Cut>()
  for (const { version } of records) if (!cuts.has(version)) cuts.set(version, await cutOf(hub, grant, version))
  const sealed = [...new Set([...cuts.values()].flatMap(cut => cut.projection.sealed))]
  const unsealed = sealed.length > 0 ? await unsealRecords(hub.store.read, hub.keys.master, records, sealed) : []
  return records.map((record, index) => servedText(record, cuts.get(record.version) as Cut, unsealed[index]))
}

/** The fields that a call of this grant is shown. */
export async function shownFields(hub: Hub, grant: Grant): Promise<readonly FieldPath[]> {
  return (await cutOf(hub, grant, grant.standard.version)).projection.fields
}

type Cut = { readonly projection: Projection; readonly withheld: string }

function servedText(record: StoredRecord, cut: Cut, unsealed: ReadonlyMap<FieldPath, string> | undefined): string {
  const { standard, version, key, revision, updatedAt, adapter, delivery, recordId, asOf } = record
  const slash = adapter.indexOf('/')
  let source = `"department":"${adapter.slice(0, slash)}","adapter":"${adapter.slice(slash + 1)}","delivery":"${delivery}"`
  if (recordId !== null) source += `,"recordId":${JSON.stringify(recordId)}`
  if (asOf !== null) source += `,"asOf":${JSON.stringify(asOf)}`
  const head = `"standard":"${standard}","version":"${version}","key":${JSON.stringify(key)},"revision":${revision}`
  const data = cut.projection.project(record.body, field => unsealed?.get(field))
  return `{${head},"updatedAt":"${updatedAt}","source":{${source}},"data":${data},"withheld":${cut.withheld}}`
}

/** Compiled once for an agreement, a set of fields and a version; an agreement that changes is another object. */
const compiled = new WeakMap<Agreement, Map<string, Cut>>()

async function cutOf(hub: Hub, { agreement, standard, asked }: Grant, version: Version): Promise<Cut> {
  let cuts = compiled.get(agreement)
  if (cuts === undefined) compiled.set(agreement, (cuts = new Map()))
  const name = asked === undefined ? version : `${version} ${[...asked].join(' ')}`
  let cut = cuts.get(name)
  if (cut === undefined) {
    const written =
      version === standard.version ? standard : (await hub.published.standard(standard.id, version)).standard
    const projection = compileProjection(written, new Set(agreement.fields), asked)
    cut = { projection, withheld: JSON.stringify(projection.withheld) }
    // Any client may ask for any set of fields: the cache must not grow with what strangers think of.
    if (cuts.size >= 100) cuts.clear()
    cuts.set(name, cut)
  }
  return cut
}

/**
 * Builds the terms of fields that a version has made indexed: batch by batch beside requests and deliveries, by one process
 * or several, and on from where it was after a crash. Until it is done, records cannot be filtered by these fields.
 */
import { readText } from '../record-text.ts'
import type { FieldPath } from '../record.ts'
import { majorOf, type Standard } from '../standard.ts'
import type { Transaction } from '../store/connection.ts'
import { nextGeneration } from '../store/hub-row.ts'
import { unsealRecords } from '../store/records.ts'
import {
  beginTermBuild,
  buildTerms,
  endTermBuild,
  isOlderDeliveryRunning,
  lockTermBuild,
  readTermBuilds,
  readUnbuilt,
  type TermBuild,
  type WithTerms,
} from '../store/term-builds.ts'
import { decodeUtf8 } from '../utf8-text.ts'
import type { Hub } from './hub.ts'
import type { CompiledStandard } from './published.ts'

/** One commit of so many keeps other writers waiting for some hundredths of a second. */
const batchRecords = 500

/** Begins what a version asks for beyond the one before it of its major, in the transaction that publishes it. */
export async function beginTermBuilds(
  tx: Transaction,
  before: Standard | undefined,
  { after, at }: { readonly after: Standard; readonly at: string },
): Promise<void> {
  const was = new Set(before?.fields.filter(({ indexed }) => indexed).map(({ path }) => path))
  const fields = after.fields.filter(({ indexed, path }) => indexed && !was.has(path)).map(({ path }) => path)
  if (before === undefined || fields.length === 0) return
  await beginTermBuild(tx, { standard: after.id, major: after.major, fields, begunAt: at })
}

/** The fields of a standard that records of a major are not found by yet. */
export async function fieldsBeingBuilt(hub: Hub, { id, major }: Standard): Promise<ReadonlySet<FieldPath>> {
  const { termBuilds } = await hub.published.configuration()
  return new Set(
    termBuilds.filter(build => build.standard === id && build.major === major).flatMap(({ fields }) => fields),
  )
}

/** Goes on with all builds as far as that is possible now; whoever asks meanwhile waits for the same. */
export function advanceTermBuilds(hub: Hub): Promise<void> {
  const begun = going.get(hub) ?? advance(hub).finally(() => going.delete(hub))
  going.set(hub, begun)
  return begun
}

const going = new WeakMap<Hub, Promise<void>>()

async function advance(hub: Hub): Promise<void> {
  for (const build of await readTermBuilds(hub.store.read)) {
    const compiled = await hub.published.standard(build.standard, build.major)
    while ((await step(hub, build, compiled)) === 'more') await new Promise(resolve => setImmediate(resolve))
  }
}

/** `waits`: for a delivery by an older version, which may still write records without these terms. */
async function step(hub: Hub, named: TermBuild, compiled: CompiledStandard): Promise<'more' | 'waits' | 'ended'> {
  const ended = await hub.store.transact(async tx => {
    const build = await lockTermBuild(tx, named)
    if (build === undefined) return 'ended'
    // This process has not heard yet of the version that asks for them.
    if (!build.fields.every(path => isIndexed(compiled.standard, path))) return 'waits'
    const rows = await readUnbuilt(tx, build, batchRecords)
    const last = rows.at(-1)
    if (last !== undefined) {
      const own = rows.filter(({ record }) => majorOf(record.version) === build.major)
      const changes = await termChanges(hub, tx, compiled, own)
      await buildTerms(tx, build, { seq: last.seq, changes })
      return 'more'
    }
    if (await isOlderDeliveryRunning(tx, build, hub.clock())) return 'waits'
    await endTermBuild(tx, build)
    await nextGeneration(tx)
    return 'ended'
  })
  if (ended === 'ended') hub.published.expire()
  return ended
}

async function termChanges(
  hub: Hub,
  tx: Transaction,
  { standard, contentsOf }: CompiledStandard,
  rows: readonly WithTerms[],
): Promise<{ key: string; before: string; after: string }[]> {
  const sealed = standard.fields.filter(field => field.sealed).map(({ path }) => path)
  const records = rows.map(({ record }) => record)
  const texts = sealed.length === 0 ? [] : await unsealRecords(tx, hub.keys.master, records, sealed)
  return rows.map(({ terms: before, record }, index) => {
    const unsealed = [...(texts[index] ?? [])].map(([field, text]) => ({ field, text }))
    const { terms } = contentsOf(readText({ open: decodeUtf8(record.body), sealed: unsealed }))
    return { key: record.key, before, after: JSON.stringify(terms) }
  })
}

function isIndexed({ fields }: Standard, path: FieldPath): boolean {
  return fields.some(field => field.path === path && field.indexed)
}

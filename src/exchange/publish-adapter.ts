/**
 * Publishes adapters to a running hub, and puts them back to an earlier version.
 *
 * A version never changes; the newest is in use until the adapter is put back. A version is taken into use only where it
 * can be used with what is published, and gives what its cases expect. Deliveries that run go on by the version that they
 * began with.
 */
import { HubError } from '../errors.ts'
import { compileAdapter, type Adapter } from '../map/adapter.ts'
import { standardsNamedIn } from '../map/named-standards.ts'
import type { Version } from '../standard.ts'
import { readAdapterDocument, readAdapterRows, takeIntoUse, writeAdapter, type AdapterRow } from '../store/adapters.ts'
import { writeCases } from '../store/adapter-cases.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import type { Session } from '../store/session.ts'
import { compareVersions, newest } from '../versions.ts'
import { requireAdapterOwner } from './adapter-owner.ts'
import { caseText, readCases, type Case } from './case-document.ts'
import { requireRoomForCases, writtenCase } from './case-acts.ts'
import { faultsOf, requireWhole, runCases, standingCases, type StandingCase } from './cases.ts'
import { change, type By, type Hub } from './hub.ts'
import { requireDelivered } from './retired.ts'
import { isSame, requireSame, unchanged, type Publication } from './publication.ts'

/**
 * @param sentCases take the place of those of the same names; an adapter that is published already may be sent again with others
 * @throws {HubError} `adapter-invalid` with every issue, `department-unknown`, `standard-unknown`, `owner-only`,
 *   `major-retired`, `version-published`, `version-unfit`, `case-invalid`, `adapter-broken`
 */
export async function publishAdapter(
  hub: Hub,
  by: By,
  input: unknown,
  sentCases: readonly unknown[] = [],
): Promise<Publication> {
  await requireStandard(hub, input)
  const adapter = compileAdapter(input, await hub.published.catalogue(input))
  const { id, version, department } = adapter
  requireAdapterOwner(by, id)
  const { index } = await hub.published.configuration()
  requireDelivered(index, adapter)
  requireDepartment(index, id, department)
  const cases = readCases(sentCases)
  const isNew = await requireNewVersion(hub.store.read, adapter)
  const standing = await standingCases(hub, id, version)
  const changed = cases.filter(one => !standing.some(other => isSameCase(other, one)))
  if (!isNew && changed.length === 0) {
    return unchanged(hub, by, { id, version }, { standard: adapter.standard.id, kind: 'adapter' })
  }

  const putAt = hub.clock().toISOString()
  const written = changed.map(one => writtenCase(one, version, putAt))
  const after = [
    ...standing.filter(({ row }) => !written.some(({ name }) => name === row.name)),
    ...changed.map((one, index) => ({ case: one, row: written[index] as (typeof written)[number] })),
  ]
  requireRoomForCases(id, after)
  const compiled = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  const results = await runCases({ adapter, validator: compiled.validator }, after)
  requireWhole(`${id} ${version} gives something else than its cases expect`, faultsOf(id, results))
  return change(hub, by, async tx => {
    // Somebody else may have published one meanwhile.
    if (isNew && (await requireNewVersion(tx, adapter))) {
      const { standard, document } = adapter
      await writeAdapter(tx, {
        adapter: id,
        version,
        standard: standard.id,
        major: standard.major,
        publishedAt: putAt,
        document,
      })
    }
    await writeCases(tx, hub.keys.master, id, written)
    const detail = { kind: 'adapter', id, version, ...(written.length > 0 && { cases: written.length }) }
    return {
      result: { id, version, outcome: 'published' },
      entry: { operation: 'publish', count: 1, standard: adapter.standard.id, detail },
    }
  })
}

/**
 * Takes another published version of an adapter into use, in the place of the one that is; a version that is published
 * later ends that.
 *
 * @throws {HubError} `owner-only`, `adapter-unknown`, `major-retired`; `adapter-broken` where it cannot be used any more, or its cases fail
 */
export async function rollBackAdapter(hub: Hub, by: By, id: string, to: Version): Promise<Publication> {
  requireAdapterOwner(by, id)
  const current = await hub.published.adapterRow(id)
  const row = await hub.published.adapterRow(id, to)
  if (current.version === to) {
    return unchanged(hub, by, { id, version: to }, { standard: row.standard, kind: 'adapter' })
  }
  const line = await lineOf(hub, row)
  const results = await runCases(line, await standingCases(hub, id, to))
  requireWhole(`${id} ${to} gives something else than its cases expect`, faultsOf(id, results))
  return change(hub, by, async tx => {
    const from = (await readAdapterRows(tx, id)).find(({ isInUse }) => isInUse)?.version ?? current.version
    await takeIntoUse(tx, id, to)
    const detail = { kind: 'adapter', act: 'rollback', id, version: to, from }
    return {
      result: { id, version: to, outcome: 'published' },
      entry: { operation: 'publish', count: 1, standard: row.standard, detail },
    }
  })
}

/** What a version's cases run through today. @throws {HubError} `adapter-broken` */
async function lineOf(hub: Hub, { adapter: id, version }: AdapterRow) {
  try {
    const adapter = await hub.published.adapter(id, version)
    requireDelivered((await hub.published.configuration()).index, adapter)
    const { validator } = await hub.published.standard(adapter.standard.id, adapter.standard.version)
    return { adapter, validator }
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'adapter-invalid') throw error
    const detail = `${id} ${version} cannot be used with what is published by now: publish a new version instead.`
    throw new HubError('adapter-broken', detail, { issues: error.issues, cause: error })
  }
}

/** That the standard which an adapter's document names is published; the document has not been checked yet. */
async function requireStandard(hub: Hub, input: unknown): Promise<void> {
  const { own } = standardsNamedIn(input)
  if (own !== undefined) await hub.published.standard(own.id, own.major)
}

function requireDepartment(index: CatalogueIndex, id: string, department: string): void {
  if (index.departments.some(candidate => candidate.id === department)) return
  throw new HubError('department-unknown', `The adapter ${id} is of ${department}, which is no department here.`)
}

/**
 * Whether the version is to be published; false where it is, with the same content.
 *
 * @throws {HubError} `version-published`, `version-unfit`
 */
async function requireNewVersion(session: Session, { id, version, document }: Adapter): Promise<boolean> {
  const published = await readAdapterDocument(session, id, version)
  if (published !== undefined) {
    requireSame({ id, version }, published, document)
    return false
  }
  const last = newest(await readAdapterRows(session, id))
  if (last === undefined || compareVersions(version, last.version) > 0) return true
  const detail = `${id} is published in version ${last.version}: give the document a higher one than that.`
  throw new HubError('version-unfit', detail)
}

function isSameCase({ case: standing }: StandingCase, one: Case): boolean {
  return standing.name === one.name && isSame(JSON.parse(caseText(standing)), JSON.parse(caseText(one)))
}

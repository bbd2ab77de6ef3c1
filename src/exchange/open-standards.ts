/** Which standards are open, in pages: for portals that look for what they may take. */
import { setImmediate as turn } from 'node:timers/promises'
import { opennessFault } from '../catalogue/openness.ts'
import type { Titles } from '../record.ts'
import { readStandard, type Licence, type StandardDocument, type Version } from '../standard.ts'
import { readDeclaredOpen } from '../store/standard-documents.ts'
import type { Hub } from './hub.ts'
import type { Published } from './published.ts'
import { servedStandards, type ServedStandard } from './served-majors.ts'

export type OpenStandard = {
  readonly id: string
  readonly version: Version
  readonly titles: Titles
  readonly abstract?: Titles
  readonly owner: string
  readonly updateCycle: string
  readonly licences: readonly Licence[]
  /** The fields that records may be filtered by. */
  readonly indexed: readonly string[]
  readonly publishedAt: string
}

/** Documents read before other calls have their turn. */
const readAtOnce = 100

/**
 * Those whose newest served major is open, by id.
 *
 * @param page.after the standard behind which the page begins
 */
export async function listOpenStandards(
  hub: Hub,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly standards: OpenStandard[]; readonly cursor: string | null }> {
  const { index } = await hub.published.configuration()
  const behind = [...servedStandards(index).values()].filter(({ standard }) => after === undefined || standard > after)
  const standards: OpenStandard[] = []
  for (let from = 0; from < behind.length && standards.length <= limit; from += readAtOnce) {
    if (from > 0) await turn()
    standards.push(...(await openAmong(hub, behind.slice(from, from + readAtOnce))))
  }
  const page = standards.slice(0, limit)
  return { standards: page, cursor: standards.length > limit ? (page.at(-1)?.id ?? null) : null }
}

/** Published versions are immutable: what is known of one stays true. */
const known = new WeakMap<Published, Map<string, OpenStandard | undefined>>()

async function openAmong(hub: Hub, served: readonly ServedStandard[]): Promise<OpenStandard[]> {
  let verdicts = known.get(hub.published)
  if (verdicts === undefined) known.set(hub.published, (verdicts = new Map()))
  const newest = served.flatMap(({ standard, majors }) => majors.slice(-1).map(major => ({ standard, ...major })))
  const nameOf = (of: { standard: string; version: Version }): string => `${of.standard}@${of.version}`
  const unread = newest.filter(each => !verdicts.has(nameOf(each)))
  const documents = await readDeclaredOpen(hub.store.read, unread)
  for (const [place, each] of unread.entries()) {
    const document = documents[place]
    verdicts.set(nameOf(each), document && shownIfOpen(document, each.publishedAt))
  }
  return newest.map(each => verdicts.get(nameOf(each))).filter(shown => shown !== undefined)
}

function shownIfOpen(document: StandardDocument, publishedAt: string): OpenStandard | undefined {
  const standard = readStandard(document)
  if (opennessFault(standard) !== undefined) return undefined
  const { id, version, titles, abstract, owner, updateCycle, licences = [] } = document.standard
  const indexed = standard.fields.filter(field => field.indexed).map(({ path }) => path)
  return {
    id,
    version,
    titles,
    ...(abstract === undefined ? {} : { abstract }),
    owner,
    updateCycle,
    licences,
    indexed,
    publishedAt,
  }
}

/**
 * Rejects tried again: kept source records as the newest version of their adapter converts them, and what has come since.
 *
 * They go from map on: grouping was before. What was kept of an unreadable record is text that no record was read from;
 * what stood around it is gone, so that it is never guessed at.
 */
import type { Issue, Language } from '../record.ts'
import { readSources } from '../store/quarantine.ts'
import { newestSnapshot, readOpenRejects, type OpenReject, type Selection } from '../store/replays.ts'
import { convert, readSourceText, type Conversion, type Line } from './convert.ts'
import { batchRecords } from './delivery-run.ts'
import type { By, Hub } from './hub.ts'
import { resolveWants } from './resolve.ts'

/** A page is held as texts, as trees, and as what is made of them; so many characters of sealed text are some megabytes. */
const pageText = 16 * 1024 * 1024

/** A reject, and what is made of it now; `isGone` where a newer snapshot has not met it: it is at the source no more. */
export type Retrial = OpenReject & { readonly conversion: Conversion; readonly isGone: boolean }

/** The open rejects of a selection, some at a time, in the order in which they came. */
export async function* retrials(
  hub: Hub,
  line: Line,
  { selection, by, delivery }: { readonly selection: Selection; readonly by: By; readonly delivery: string },
): AsyncGenerator<Retrial[]> {
  const asking = { adapter: line.adapter, by, delivery }
  const snapshots = new Map<string, number>()
  for (let after: OpenReject | undefined; ;) {
    const rejects = await readOpenRejects(hub.store.read, selection, { after, limit: batchRecords, text: pageText })
    if (rejects.length === 0) return
    after = rejects.at(-1)
    const ids = rejects.map(({ id }) => id)
    const sources = await readSources(hub.store.read, hub.keys.master, ids)
    const items = rejects.map(({ isUnreadable }, index) => itemOf(sources[index] ?? '', isUnreadable, line.language))
    const resolve = await resolveWants(hub, asking, items)
    const tried: Retrial[] = []
    for (const [index, reject] of rejects.entries()) {
      const item = items[index] as (typeof items)[number]
      const conversion = convert(line, item, resolve)
      const isGone = (await newestSnapshotOf(hub, line, conversion, snapshots)) > reject.fence
      tried.push({ ...reject, isUnreadable: 'unreadable' in item, conversion, isGone })
    }
    yield tried
  }
}

function itemOf(source: string, isUnreadable: boolean, language: Language): Parameters<typeof convert>[1] {
  try {
    if (!isUnreadable) return readSourceText(source)
  } catch {
    // Before it was noted which are unreadable, they were kept like all others. What the parser says quotes the text.
  }
  return { unreadable: unreadable(language), position: { ordinal: 1, line: 1, column: 1 }, text: source }
}

function unreadable(language: Language): Issue {
  const messages = {
    'zh-CN': '保留的是无法读作记录的原文，其上下文已不存在，不能重新处理；请在来源更正后重新交付',
    en: 'it was kept as text that could not be read as a record, without what stood around it: mend it at its source and deliver it again',
  }
  return { pointer: '', code: 'reject-unreadable', message: messages[language] }
}

/** The fence of the newest snapshot of the record's scope; 0 where there is none, or the scope cannot be read. */
async function newestSnapshotOf(
  hub: Hub,
  { adapter }: Line,
  conversion: Conversion,
  known: Map<string, number>,
): Promise<number> {
  if (adapter.mode !== 'snapshot') return 0
  const said = 'reject' in conversion ? conversion.reject : conversion.word
  const scope = adapter.scope === undefined ? '' : 'scope' in said ? said.scope : undefined
  if (scope === undefined) return 0
  let fence = known.get(scope)
  if (fence === undefined) {
    fence = await newestSnapshot(hub.store.read, { standard: adapter.standard.id, adapter: adapter.id, scope })
    known.set(scope, fence)
  }
  return fence
}

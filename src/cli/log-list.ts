/** `concord log list`: entries, the last ones or those that are asked for. That they were read is an entry too. */
import type { Command } from 'commander'
import { enterAudit } from '../exchange/audit.ts'
import type { By, Hub } from '../exchange/hub.ts'
import { searchLog, type LogFilters } from '../exchange/log-search.ts'
import type { Found } from '../store/log-index.ts'
import { command, numberFrom } from './command.ts'
import { decoded, entriesText } from './log-entries.ts'
import { addFilters, filtersOf, type FilterOptions } from './log-filters.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Options = FilterOptions & { limit: number; from?: number; json?: boolean }

export function logList(parent: Command): void {
  const summary = 'List entries, the last ones where --from is left out'
  const list = command(parent, 'list', summary, 'log list --department housing --since 2026-03-01 --outcome refused')
    .option('--limit <number>', 'at most so many', numberFrom(1), 20)
    .option('--from <entry>', 'from this entry on', numberFrom(0))
  addFilters(list).action(async ({ limit, from, json, ...options }: Options) => {
    const filters = filtersOf(options)
    const isWhole = Object.keys(filters).length === 0
    const found = await withHub((hub, by) =>
      isWhole ? listEntries(hub, by, { limit, from }) : search(hub, by, { filters, limit, from }),
    )
    const entries = decoded(found)
    show(json, { entries }, () => entriesText(entries))
  })
}

/** Without filters nothing needs the index. */
async function listEntries(
  hub: Hub,
  by: By,
  { limit, from }: { readonly limit: number; readonly from: number | undefined },
): Promise<Found[]> {
  const read = await hub.log.entries({ from: from ?? Math.max(0, (await hub.log.size()) - limit), limit })
  await enterAudit(hub, by, { act: 'list-log', count: read.length })
  return read
}

async function search(
  hub: Hub,
  by: By,
  { filters, limit, from }: { readonly filters: LogFilters; readonly limit: number; readonly from: number | undefined },
): Promise<Found[]> {
  const page = from === undefined ? ({ order: 'newest' } as const) : ({ order: 'oldest', after: from - 1 } as const)
  const { entries } = await searchLog(hub, by, { filters, limit, ...page })
  return entries.toSorted((one, other) => one.index - other.index)
}

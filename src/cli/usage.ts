/** `concord usage`: how records were used, counted from the access log. */
import { Option, type Command } from 'commander'
import { readUsage, type Usage } from '../exchange/usage.ts'
import { usageDimensions, type UsageCounts, type UsageDimension } from '../log/usage.ts'
import { command, listOf } from './command.ts'
import { addUsageFilters, filtersOf, type FilterOptions } from './log-filters.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

type Options = Omit<FilterOptions, 'case' | 'outcome' | 'problem' | 'request' | 'operator'> & {
  by: UsageDimension[]
  json?: boolean
}

export function usage(program: Command): void {
  const summary = 'Count calls about records, records and subjects disclosed, and refusals, from the access log'
  const counted = command(
    program,
    'usage',
    summary,
    'usage --since 2026-03-01 --until 2026-03-31 --by department,matter',
  ).addOption(
    new Option('--by <dimensions>', `one or more of ${usageDimensions.join(', ')}, joined by commas; days are of UTC`)
      .argParser(listOf(usageDimensions))
      .default(['department', 'standard'], 'department,standard'),
  )
  addUsageFilters(counted).action(async ({ by: dimensions, json, ...options }: Options) => {
    const found = await withHub((hub, by) => readUsage(hub, by, { filters: filtersOf(options), by: dimensions }))
    show(json, found, () => usageText(found))
  })
}

function usageText({ by, usage: rows, total, entries }: Usage): string {
  const counts = (row: UsageCounts): string[] => [row.calls, row.records, row.subjects, row.refusals].map(String)
  const lines = rows.map(row => [...by.map(dimension => row[dimension] ?? '–'), ...counts(row)])
  const sum = ['all', ...by.slice(1).map(() => ''), ...counts(total)]
  const text = table([...by, 'calls', 'records', 'subjects', 'refusals'], [...lines, sum], '')
  return `${text}\nCounted from ${entries} entries of the log; days are of UTC. One call or subject may be in several rows.`
}

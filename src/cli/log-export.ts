/** `concord log export`: the log for an auditor, whole, who verifies it without the hub; or those entries that are asked for. */
import type { Command } from 'commander'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { enterAudit } from '../exchange/audit.ts'
import type { By, Hub } from '../exchange/hub.ts'
import { streamLog, type LogFilters } from '../exchange/log-search.ts'
import { command } from './command.ts'
import { exportLine } from './export-lines.ts'
import { addFilters, filtersOf, type FilterOptions } from './log-filters.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Options = FilterOptions & { out?: string; json?: boolean }
type Counts = { entries: number; checkpoints: number }

export function logExport(parent: Command): void {
  const summary = 'Write out the log as NDJSON: whole, entries and checkpoints, or the entries that options choose'
  const exported = command(parent, 'export', summary, 'log export --out log.ndjson')
    .option('--out <file>', 'the file to write; standard output where it is left out')
    .addHelpText('after', '\nA selection has no checkpoints: `log verify` verifies only the whole log.')
  addFilters(exported).action(async ({ out, json, ...options }: Options) => {
    const counts = { entries: 0, checkpoints: 0 }
    const filters = filtersOf(options)
    const isWhole = Object.keys(filters).length === 0
    await withHub((hub, by) =>
      write(isWhole ? wholeLog(hub, by, counts) : selectedEntries(hub, by, { filters, counts }), out),
    )
    if (out === undefined) return
    show(json, { file: out, ...counts, isWhole }, () => (isWhole ? wholeText(out, counts) : selectionText(out, counts)))
  })
}

function wholeText(out: string, { entries, checkpoints }: Counts): string {
  const next = `Verify it anywhere: concord log verify ${out} --key <the output of concord log key>`
  return `Wrote ${entries} entries and ${checkpoints} checkpoints to ${out}.\n${next}`
}

function selectionText(out: string, { entries }: Counts): string {
  const next = 'A selection cannot be verified as a whole; `concord log prove` proves one entry of it.'
  return `Wrote ${entries} entries to ${out}.\n${next}`
}

async function* wholeLog(hub: Hub, by: By, counts: Counts): AsyncGenerator<string> {
  await enterAudit(hub, by, { act: 'export-log', count: await hub.log.size() })
  // An export whose last entries nobody has signed would leave them unprotected.
  await hub.log.keepCheckpoint()
  for await (const item of hub.log.items()) {
    if ('checkpoint' in item) counts.checkpoints++
    else counts.entries++
    yield exportLine(item)
  }
}

async function* selectedEntries(
  hub: Hub,
  by: By,
  { filters, counts }: { readonly filters: LogFilters; readonly counts: Counts },
): AsyncGenerator<string> {
  const { entries } = await streamLog(hub, by, { filters, order: 'oldest' })
  for await (const item of entries) {
    counts.entries++
    yield exportLine(item)
  }
}

async function write(lines: AsyncGenerator<string>, out: string | undefined): Promise<void> {
  if (out === undefined) await pipeline(lines, process.stdout, { end: false })
  else await pipeline(lines, createWriteStream(out, { mode: 0o600 }))
}

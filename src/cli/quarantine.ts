/** `concord quarantine`: rejected source records and why they were rejected. */
import type { Command } from 'commander'
import { discloseReject } from '../exchange/quarantine.ts'
import type { Issue } from '../record.ts'
import { listRejects, type QuarantineRow } from '../store/quarantine.ts'
import { aligned, show } from './output.ts'
import { command, group, numberFrom } from './command.ts'
import { withHub } from './run.ts'

type Filter = { adapter?: string; delivery?: string; limit: number; json?: boolean }

export function quarantine(program: Command): void {
  const rejects = group(program, 'quarantine', 'Rejected source records', 'quarantine list')

  const list = 'quarantine list --adapter food-standards-agency/premises'
  command(rejects, 'list', 'List rejects, newest first, and why they were rejected', list)
    .option('--adapter <department/name>', 'of this adapter only')
    .option('--delivery <id>', 'met last by this delivery only')
    .option('--limit <number>', 'at most so many', numberFrom(1), 100)
    .action(async ({ json, ...filter }: Filter) => {
      const rows = await withHub(hub => listRejects(hub.store.read, filter))
      show(json, { rejects: rows }, () => rows.map(rejectText).join('\n\n') || 'There is nothing in quarantine.')
    })

  const shown = 'Print a rejected source record as it came; that it was shown is entered in the access log'
  command(rejects, 'show', shown, 'quarantine show 0f8c2d1e-…')
    .argument('<id>', 'as `quarantine list` shows it')
    .action(async (id: string, options: { json?: boolean }) => {
      const { reject, source } = await withHub((hub, by) => discloseReject(hub, by, id))
      show(options.json, { ...reject, source }, () => `${rejectText(reject)}\n\n${readable(source)}`)
    })
}

function rejectText({ id, adapter, state, delivery, createdAt, issues }: QuarantineRow): string {
  return [`${id}  ${state}`, `  ${adapter}, ${createdAt}, delivery ${delivery}`, indented(issuesText(issues))].join(
    '\n',
  )
}

/** Issues of a record in columns: where, from what, why. */
export function issuesText(issues: readonly Issue[]): string {
  return aligned(issues.map(({ pointer, source = '', message }) => [pointer || '(the record)', source, message]))
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}

/** What could not be read as a record stands in quarantine as it came. */
function readable(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), null, 2)
  } catch {
    return source
  }
}

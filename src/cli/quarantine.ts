/** `concord quarantine`: rejected source records, why they were rejected, and what becomes of them. */
import { Option, type Command } from 'commander'
import { dismissRejects, discloseReject, enterListing } from '../exchange/quarantine.ts'
import type { Issue } from '../record.ts'
import { listRejects, rejectStates, type QuarantineRow, type RejectState } from '../store/quarantine.ts'
import { aligned, show } from './output.ts'
import { command, group, numberFrom } from './command.ts'
import { replay } from './quarantine-replay.ts'
import { withHub } from './run.ts'

type Filter = { adapter?: string; delivery?: string; state?: RejectState; limit: number; json?: boolean }

export function quarantine(program: Command): void {
  const rejects = group(program, 'quarantine', 'Rejected source records', 'quarantine list')

  const list = 'quarantine list --adapter food-standards-agency/premises --state open'
  command(rejects, 'list', 'List rejects, newest first, and why they were rejected', list)
    .option('--adapter <department/name>', 'of this adapter only')
    .option('--delivery <id>', 'met last by this delivery only')
    .addOption(new Option('--state <state>', 'in this state only').choices(rejectStates))
    .option('--limit <number>', 'at most so many', numberFrom(1), 100)
    .action(async ({ json, ...filter }: Filter) => {
      const rows = await withHub(async (hub, by) => {
        const found = await listRejects(hub.store.read, filter)
        await enterListing(hub, by, found.length)
        return found
      })
      show(json, { rejects: rows }, () => rows.map(rejectText).join('\n\n') || 'There is nothing in quarantine.')
    })

  const shown = 'Print a rejected source record as it came; that it was shown is entered in the access log'
  command(rejects, 'show', shown, 'quarantine show 0f8c2d1e-…')
    .argument('<id>', 'as `quarantine list` shows it')
    .action(async (id: string, options: { json?: boolean }) => {
      const { reject, source } = await withHub((hub, by) => discloseReject(hub, by, id))
      show(options.json, { ...reject, source }, () => `${rejectText(reject)}\n\n${readable(source)}`)
    })

  replay(rejects)

  const dismissed = 'Give rejects up; the same source records stay dismissed when they come again'
  command(rejects, 'dismiss', dismissed, 'quarantine dismiss 0f8c2d1e-… --reason "a test record of the source"')
    .argument('<id...>', 'as `quarantine list` shows them')
    .requiredOption('--reason <text>', 'why, for whoever asks later')
    .action(async (ids: string[], { reason, json }: { reason: string; json?: boolean }) => {
      await withHub((hub, by) => dismissRejects(hub, by, { ids, reason }))
      show(
        json,
        { ids, state: 'dismissed' },
        () => `Dismissed ${ids.length === 1 ? 'one reject' : `${ids.length} rejects`}.`,
      )
    })
}

function rejectText(reject: QuarantineRow): string {
  const { id, adapter, state, delivery, ordinal, createdAt, issues, reason } = reject
  const place = `  ${adapter}, ${createdAt}, record ${ordinal} of delivery ${delivery}`
  const lines = [`${id}  ${state}`, place, indented(issuesText(issues))]
  if (reason !== null) lines.push(`  dismissed by ${reject.decidedBy}: ${reason}`)
  return lines.join('\n')
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

/** `concord log`: reads the access log and lets anybody verify it. That it was read is an entry too. */
import type { Command } from 'commander'
import { HubError } from '../errors.ts'
import { enterAudit } from '../exchange/audit.ts'
import type { Hub } from '../exchange/hub.ts'
import { decodeEntry, type Entry } from '../log/entry.ts'
import { encodeVerifierKey } from '../log/note.ts'
import { command, group, numberFrom } from './command.ts'
import { logExport } from './log-export.ts'
import { logVerify } from './log-verify.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function log(program: Command): void {
  const logs = group(program, 'log', 'The access log: read, export, verify', 'log verify')

  command(logs, 'list', 'List entries, the last ones where --from is left out', 'log list --limit 50')
    .option('--limit <number>', 'at most so many', numberFrom(1), 20)
    .option('--from <entry>', 'from this entry on', numberFrom(0))
    .action(async ({ limit, from, json }: { limit: number; from?: number; json?: boolean }) => {
      const entries = await withHub(async (hub, by) => {
        const read = await hub.log.entries({ from: from ?? Math.max(0, (await hub.log.size()) - limit), limit })
        await enterAudit(hub, by, { act: 'list-log', count: read.length })
        return read.map(({ index, entry }) => ({ index, entry: decodeEntry(entry) }))
      })
      show(json, { entries }, () => entriesText(entries))
    })

  logExport(logs)
  logVerify(logs)

  command(
    logs,
    'checkpoint',
    'Print the signed size and root of the log as it is now',
    'log checkpoint > checkpoint.txt',
  ).action(async (options: { json?: boolean }) => {
    const checkpoint = await withHub(currentCheckpoint)
    // A note ends in its newline; the text printed must be the note itself.
    show(options.json, { checkpoint }, () => checkpoint.replace(/\n$/, ''))
  })

  command(logs, 'key', 'Print the key by which anybody verifies checkpoints', 'log key > log.vkey').action(
    async (options: { json?: boolean }) => {
      const key = await withHub(async hub => encodeVerifierKey(hub.logKey))
      show(options.json, { key }, () => key)
    },
  )
}

async function currentCheckpoint(hub: Hub): Promise<string> {
  await hub.log.keepCheckpoint()
  const checkpoint = await hub.log.checkpoint()
  if (checkpoint === undefined)
    throw new HubError('not-found', 'The log has no entry yet, so there is nothing to sign.')
  return checkpoint
}

function entriesText(entries: readonly { readonly index: number; readonly entry: Entry }[]): string {
  const rows = entries.map(({ index, entry }) => [
    String(index),
    entry.time,
    `${entry.actor.kind}:${entry.actor.id}`,
    entry.operation,
    entry.standard ?? '',
    'problem' in entry ? `${entry.outcome}: ${entry.problem}` : entry.outcome,
    String(entry.count),
    [entry.matter, entry.case].filter(Boolean).join(' '),
    entry.detail === undefined ? '' : JSON.stringify(entry.detail),
  ])
  const head = ['entry', 'time', 'actor', 'operation', 'standard', 'outcome', 'count', 'matter, case', 'detail']
  return table(head, rows, 'There are no such entries.')
}

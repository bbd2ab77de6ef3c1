/** `concord log`: reads the access log and lets anybody verify it. That it was read is an entry too. */
import type { Command } from 'commander'
import { HubError } from '../errors.ts'
import type { Hub } from '../exchange/hub.ts'
import { encodeVerifierKey } from '../log/note.ts'
import { command, group } from './command.ts'
import { logExport } from './log-export.ts'
import { logList } from './log-list.ts'
import { logProve } from './log-prove.ts'
import { logReindex } from './log-reindex.ts'
import { logSubject } from './log-subject.ts'
import { logVerify } from './log-verify.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function log(program: Command): void {
  const logs = group(program, 'log', 'The access log: search, export, prove, verify', 'log verify')

  logList(logs)
  logSubject(logs)
  logExport(logs)
  logReindex(logs)
  logProve(logs)
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

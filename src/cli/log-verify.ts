/** `concord log verify`: the live log, or offline an export of it, which needs neither database nor configuration. */
import type { Command } from 'commander'
import { createReadStream, readFileSync } from 'node:fs'
import { HubError } from '../errors.ts'
import { openCheckpoint } from '../log/checkpoint.ts'
import { parseVerifierKey, type NoteKey } from '../log/note.ts'
import { describe, type Intact, type Verdict } from '../log/verdict.ts'
import { verifyLog, type LogItem } from '../log/verify.ts'
import { command } from './command.ts'
import { importLines } from './export-lines.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Options = { key: NoteKey[]; trusted?: string; json?: boolean }

export function logVerify(parent: Command): void {
  const summary = 'Verify the log: the live one, or an export without the hub'
  command(parent, 'verify', summary, 'log verify log.ndjson --key log.vkey --trusted checkpoint.txt')
    .argument('[file]', 'an export; the live log where it is left out')
    .option('--key <key>', 'verifier key, or the file that holds it; again for one that was replaced', addKey, [])
    .option('--trusted <file>', 'a checkpoint that was kept elsewhere: it shows a tail cut off, and a log written anew')
    .action(async (file: string | undefined, options: Options, self: Command) => {
      if (file !== undefined && options.key.length === 0) {
        self.error('error: an export is verified with --key: what `concord log key` prints, or the file that holds it')
      }
      const verdict = file === undefined ? await verifyLive(options) : await verifyExport(file, options)
      if (verdict.finding === 'none' || options.json === true) show(options.json, verdict, () => describe(verdict))
      if (verdict.finding !== 'none') throw new HubError('log-invalid', describe(verdict))
      requireSigned(verdict, file === undefined ? 'live' : 'export')
    })
}

/** A log is kept signed, and an export ends with a checkpoint: what nobody signed proves nothing. */
function requireSigned({ entries, covered }: Intact, what: 'live' | 'export'): void {
  // The live log has entries of the last second that its next checkpoint will cover.
  if (entries === 0 || covered === entries || (what === 'live' && covered > 0)) return
  const detail = `${entries - covered} of ${entries} entries are under no checkpoint: checkpoints were removed, or entries added.`
  throw new HubError('log-invalid', detail)
}

function verifyLive(options: Options): Promise<Verdict> {
  return withHub(hub => verify(hub.log.items(), { ...options, key: [hub.logKey, ...options.key] }))
}

function verifyExport(file: string, options: Options): Promise<Verdict> {
  return verify(importLines(createReadStream(file, 'utf8')), options)
}

function verify(items: AsyncIterable<LogItem>, { key: keys, trusted: file }: Options): Promise<Verdict> {
  const trusted = file === undefined ? {} : { trusted: openCheckpoint(readFileSync(file, 'utf8'), keys) }
  return verifyLog(items, { keys, ...trusted })
}

function addKey(text: string, keys: readonly NoteKey[]): NoteKey[] {
  const isKey = /^[^+]+\+[0-9a-f]{8}\+/.test(text)
  return [...keys, parseVerifierKey((isKey ? text : readFileSync(text, 'utf8')).trim())]
}

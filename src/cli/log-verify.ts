/**
 * `concord log verify`: the live log, or offline an export of it or a proof, which needs neither database nor
 * configuration.
 */
import type { Command } from 'commander'
import { createReadStream, readFileSync } from 'node:fs'
import { HubError } from '../errors.ts'
import type { NoteKey } from '../log/note.ts'
import type { TreeHead } from '../log/tree.ts'
import { describe, type Intact, type Verdict } from '../log/verdict.ts'
import { verifyLog, type LogItem } from '../log/verify.ts'
import { command } from './command.ts'
import { importLines } from './export-lines.ts'
import { isProofFile, verifyProof } from './log-verify-proof.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'
import { keysOf } from './verifier-keys.ts'
import { inputFault, openTrusted } from './verify-input.ts'

type Options = { key: NoteKey[]; witness: NoteKey[]; trusted?: string; json?: boolean }

export function logVerify(parent: Command): void {
  const summary = 'Verify the log: the live one, or without the hub an export or a proof'
  command(parent, 'verify', summary, 'log verify log.ndjson --key log.vkey --trusted checkpoint.txt')
    .argument('[file]', 'an export, or what `concord log prove` wrote; the live log where it is left out')
    .option(
      '--key <key>',
      'verifier key, or the file that holds it; again for one that was replaced',
      keysOf('signature'),
      [],
    )
    .option('--trusted <file>', 'a checkpoint that was kept elsewhere: it shows a tail cut off, and a log written anew')
    .option(
      '--witness <key>',
      'a witness that must have cosigned the trusted checkpoint, or the proof; again for another',
      keysOf('cosignature'),
      [],
    )
    .action(async (file: string | undefined, options: Options, self: Command) => {
      if (file !== undefined && options.key.length === 0) {
        self.error('error: a file is verified with --key: what `concord log key` prints, or the file that holds it')
      }
      if (file !== undefined && isProofFile(file)) return showProof(file, options, self)
      if (options.witness.length > 0 && options.trusted === undefined) {
        self.error('error: --witness asks for --trusted: a checkpoint with cosignatures, or verify a proof')
      }
      const verdict = file === undefined ? await verifyLive(options) : await verifyExport(file, options)
      const fault = file === undefined ? undefined : await inputFault(file, verdict, () => isWholeBy(file, options))
      if (fault !== undefined) throw new HubError('request-invalid', fault)
      if (verdict.finding === 'none' || options.json === true) show(options.json, verdict, () => describe(verdict))
      if (verdict.finding !== 'none') throw new HubError('log-invalid', describe(verdict))
      requireSigned(verdict, file === undefined ? 'live' : 'export')
    })
}

function showProof(file: string, { key: keys, witness: witnesses, trusted, json }: Options, self: Command): void {
  const proven = verifyProof(readFileSync(file, 'utf8'), { keys, witnesses, ...trustedHead(trusted, keys) })
  if (proven === undefined) {
    self.error('error: a proof that the log has only grown is verified with --trusted: the checkpoint it begins from')
  }
  show(json, proven, () => ('text' in proven ? `${proven.sentence}\n${proven.text}` : proven.sentence))
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

/** Whether the export is whole by the checkpoints that it holds itself. */
async function isWholeBy(file: string, { key, witness }: Options): Promise<boolean> {
  return (await verifyExport(file, { key, witness })).finding === 'none'
}

function verify(items: AsyncIterable<LogItem>, { key: keys, witness, trusted }: Options): Promise<Verdict> {
  return verifyLog(items, { keys, ...trustedHead(trusted, keys, witness) })
}

function trustedHead(file: string | undefined, keys: NoteKey[], witnesses: NoteKey[] = []): { trusted?: TreeHead } {
  return file === undefined ? {} : { trusted: openTrusted(file, keys, witnesses) }
}

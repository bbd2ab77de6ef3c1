/** `concord log prove`: proofs as files for somebody outside, who checks them with the log's public key alone. */
import type { Command } from 'commander'
import { writeFileSync } from 'node:fs'
import { HubError } from '../errors.ts'
import { enterAudit } from '../exchange/audit.ts'
import type { By, Hub } from '../exchange/hub.ts'
import { proveEntry, proveGrowth } from '../exchange/log-proofs.ts'
import { encodeAddCheckpoint } from '../log/add-checkpoint.ts'
import { encodeEntryProof } from '../log/tlog-proof.ts'
import { command, numberFrom } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Options = { entry?: number; size?: number; from?: number; to?: number; out?: string; json?: boolean }

export function logProve(parent: Command): void {
  const summary = 'Prove that an entry is in the log, or that the log has only grown, to whoever has its public key'
  command(parent, 'prove', summary, 'log prove --entry 7 --out 7.tlog-proof')
    .option('--entry <number>', 'the entry; its text goes into the proof', numberFrom(0))
    .option(
      '--size <entries>',
      'under the checkpoint of this size; else the latest that a witness has signed, or the latest',
      numberFrom(1),
    )
    .option(
      '--from <entries>',
      'instead of an entry: that the log begins with its first so many entries',
      numberFrom(1),
    )
    .option('--to <entries>', 'in the log of this size; the latest checkpoint where it is left out', numberFrom(1))
    .option('--out <file>', 'the file to write; standard output where it is left out')
    .action(async (options: Options, self: Command) => {
      const { entry, size, from, to, out } = options
      const isUsed =
        entry === undefined ? from !== undefined && size === undefined : from === undefined && to === undefined
      if (!isUsed) self.error('error: give --entry (and --size), or --from (and --to)')
      const proof = await withHub((hub, by) =>
        entry === undefined ? growth(hub, from as number, to) : inclusion(hub, by, entry, size),
      )
      if (out !== undefined) writeFileSync(out, proof, { mode: 0o600 })
      if (out !== undefined || options.json === true)
        show(options.json, out === undefined ? { proof } : { file: out }, () => nextStep(options))
      else process.stdout.write(proof)
    })
}

/** The proof in the format of C2SP tlog-proof, which carries the entry's text as its extra data. */
async function inclusion(hub: Hub, by: By, number: number, size: number | undefined): Promise<string> {
  const { checkpoint, proof } = await proveEntry(hub, { entry: number, size })
  const note = requireKept(checkpoint)
  const [found] = await hub.log.entries({ from: number, limit: 1 })
  if (found?.index !== number) throw new HubError('entry-unknown', `The log has no entry ${number}: verify it.`)
  await enterAudit(hub, by, { act: 'prove-entry', count: 1, from: number })
  return encodeEntryProof({ index: number, entry: found.entry, proof, checkpoint: note })
}

/** The proof as C2SP tlog-witness sends it, which may be put before any witness. */
async function growth(hub: Hub, from: number, to: number | undefined): Promise<string> {
  const { proof, checkpoint } = await proveGrowth(hub, { from, to })
  return encodeAddCheckpoint({ old: from, proof, checkpoint: requireKept(checkpoint) })
}

function requireKept(checkpoint: string | undefined): string {
  if (checkpoint !== undefined) return checkpoint
  throw new HubError(
    'checkpoint-unknown',
    'The log has kept no checkpoint of this size; leave it out for one that it has.',
  )
}

function nextStep({ out, from }: Options): string {
  const older = from === undefined ? '' : ` --trusted <the checkpoint of ${from} entries>`
  return `Wrote ${out}. Check it anywhere: concord log verify ${out} --key <the output of concord log key>${older}`
}

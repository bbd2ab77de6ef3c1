/** `concord log export`: the whole log for an auditor, who verifies it without the hub. */
import type { Command } from 'commander'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { enterAudit } from '../exchange/audit.ts'
import type { By, Hub } from '../exchange/hub.ts'
import { command } from './command.ts'
import { exportLine } from './export-lines.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function logExport(parent: Command): void {
  command(parent, 'export', 'Write out the whole log as NDJSON: entries and checkpoints', 'log export --out log.ndjson')
    .option('--out <file>', 'the file to write; standard output where it is left out')
    .action(async ({ out, json }: { out?: string; json?: boolean }) => {
      const counts = { entries: 0, checkpoints: 0 }
      await withHub((hub, by) => write(linesOf(hub, by, counts), out))
      if (out === undefined) return
      const { entries, checkpoints } = counts
      const next = `Verify it anywhere: concord log verify ${out} --key <the output of concord log key>`
      show(
        json,
        { file: out, ...counts },
        () => `Wrote ${entries} entries and ${checkpoints} checkpoints to ${out}.\n${next}`,
      )
    })
}

async function* linesOf(hub: Hub, by: By, counts: { entries: number; checkpoints: number }): AsyncGenerator<string> {
  await enterAudit(hub, by, { act: 'export-log', count: await hub.log.size() })
  // An export whose last entries nobody has signed would leave them unprotected.
  await hub.log.keepCheckpoint()
  for await (const item of hub.log.items()) {
    if ('checkpoint' in item) counts.checkpoints++
    else counts.entries++
    yield exportLine(item)
  }
}

async function write(lines: AsyncGenerator<string>, out: string | undefined): Promise<void> {
  if (out === undefined) await pipeline(lines, process.stdout, { end: false })
  else await pipeline(lines, createWriteStream(out, { mode: 0o600 }))
}

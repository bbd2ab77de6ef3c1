/** `concord log reindex`: makes the index of the log anew. It is derived from the log, so that nothing can be lost. */
import cliProgress from 'cli-progress'
import type { Command } from 'commander'
import { enterAudit } from '../exchange/audit.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function logReindex(parent: Command): void {
  const summary = 'Make the index of the log anew; broken off, it is gone on with by the next search'
  command(parent, 'reindex', summary, 'log reindex').action(async (options: { json?: boolean }) => {
    const entries = await withHub(async (hub, by) => {
      await enterAudit(hub, by, { act: 'reindex-log', count: await hub.log.size() })
      const bar = barOf(await hub.log.size())
      try {
        await hub.logIndex.rebuild(({ indexed }) => bar?.update(indexed))
      } finally {
        bar?.stop()
      }
      return hub.log.size()
    })
    show(options.json, { entries }, () => `The index is of ${entries} entries.`)
  })
}

/** Nothing where standard error is no terminal. */
function barOf(entries: number): cliProgress.SingleBar | undefined {
  if (!process.stderr.isTTY) return undefined
  const format = '{bar} {percentage}% | {value} of {total} entries'
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, barsize: 30, hideCursor: true },
    cliProgress.Presets.shades_classic,
  )
  bar.start(entries, 0)
  return bar
}

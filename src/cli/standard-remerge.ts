/** `concord standard remerge`: takes a change of authority up for all records at once. */
import type { Command } from 'commander'
import { remerge } from '../exchange/remerge.ts'
import { countMerged } from '../store/remerges.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { recordProgress } from './progress.ts'
import { withHub } from './run.ts'

export function addRemerge(standards: Command): void {
  const summary =
    'Merge the records that several departments speak of anew, by whose word counts now; run again, it goes on'
  command(standards, 'remerge', summary, 'standard remerge enterprise-registration')
    .argument('<id>', 'standard')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const done = await withHub(async (hub, by) => {
        const bar = await recordProgress(() => countMerged(hub.store.read, id))
        try {
          return await remerge(hub, by, id, { onProgress: records => bar.advance(records) })
        } finally {
          bar.stop()
        }
      })
      show(json, done, () => `${done.merged} records are of several departments; ${done.changed} have changed.`)
    })
}

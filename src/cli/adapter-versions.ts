/** `concord adapter versions` and `rollback`: which version of an adapter is in use, and taking another into use. */
import type { Command } from 'commander'
import { rollBackAdapter } from '../exchange/publish-adapter.ts'
import type { Version } from '../standard.ts'
import { compareVersions } from '../versions.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function adapterVersions(adapters: Command): void {
  const list = 'List the published versions of an adapter, and say which one is in use'
  command(adapters, 'versions', list, 'adapter versions food-standards-agency/premises')
    .argument('<adapter>', 'department/name')
    .action(async (adapter: string, { json }: { json?: boolean }) => {
      const versions = await withHub(async hub => {
        await hub.published.adapterRow(adapter)
        const { index } = await hub.published.configuration()
        return index.adapters
          .filter(row => row.adapter === adapter)
          .toSorted((a, b) => compareVersions(a.version, b.version))
          .map(({ adapter: _, ...row }) => row)
      })
      show(json, { adapter, versions }, () => {
        const rows = versions.map(({ version, standard, major, publishedAt, isInUse }) => [
          version,
          `${standard} ${major}`,
          publishedAt,
          isInUse ? 'in use' : '',
        ])
        return table(['version', 'standard', 'published', ''], rows, '')
      })
    })

  const back = 'Take another published version of an adapter into use, until a new one is published'
  command(adapters, 'rollback', back, 'adapter rollback food-standards-agency/premises --to 1.0.0')
    .argument('<adapter>', 'department/name')
    .requiredOption('--to <version>', 'one of those that `adapter versions` lists')
    .action(async (adapter: string, { to, json }: { to: Version; json?: boolean }) => {
      const publication = await withHub((hub, by) => rollBackAdapter(hub, by, adapter, to))
      show(json, publication, () =>
        publication.outcome === 'unchanged'
          ? `${adapter} ${to} is in use already.`
          : `${adapter} ${to} is in use now. Deliveries that run end by the version that they began with.`,
      )
    })
}

/** `concord adapter`: drafts of adapters, and those that are published. */
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { adapterCases } from './adapter-cases.ts'
import { adapterDocument, whichOf } from './adapter-document.ts'
import { adapterDraft } from './adapter-draft.ts'
import { adapterPublish } from './adapter-publish.ts'
import { adapterVersions } from './adapter-versions.ts'
import { command, group } from './command.ts'
import { show, table } from './output.ts'

export function adapter(program: Command): void {
  const adapters = group(
    program,
    'adapter',
    'Adapters: draft one from a sample, publish one with its cases, list them, put one back to an earlier version, run its cases',
    'adapter list',
  )
  adapterDraft(adapters)
  adapterPublish(adapters)
  adapterVersions(adapters)
  adapterCases(adapters)

  command(adapters, 'list', 'List the adapters, the standard of each and its versions', 'adapter list').action(
    async ({ json }: { json?: boolean }) => {
      const catalogue = await openTrialCatalogue(readConfig())
      const listed = catalogue.adapters()
      show(json, { catalogue: catalogue.from, adapters: listed }, () => {
        const rows = listed.map(({ id, standard, major, version, versions }) => [
          id,
          `${standard} ${major}`,
          version,
          versions.join(', '),
        ])
        return `${table(['adapter', 'standard', 'in use', 'versions'], rows, 'There are none.')}\nOf the ${whichOf(catalogue)}.`
      })
    },
  )

  const example = 'adapter show food-standards-agency/premises > premises.json'
  command(adapters, 'show', 'Print the document of an adapter, in the version that is in use', example)
    .argument('<adapter>', 'department/name')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const document = adapterDocument(await openTrialCatalogue(readConfig(), { adapter: id }), id)
      show(json, document, () => JSON.stringify(document, null, 2))
    })
}

/** `concord adapter`: drafts of adapters, and those that are published. */
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { adapterDocument, whichOf } from './adapter-document.ts'
import { adapterDraft } from './adapter-draft.ts'
import { command, group } from './command.ts'
import { show, table } from './output.ts'

export function adapter(program: Command): void {
  const adapters = group(program, 'adapter', 'Adapters: draft one from a sample, list them, show one', 'adapter list')
  adapterDraft(adapters)

  command(adapters, 'list', 'List the adapters, the standard of each and its versions', 'adapter list').action(
    async ({ json }: { json?: boolean }) => {
      const catalogue = await openTrialCatalogue(readConfig())
      const listed = catalogue.adapters()
      show(json, { catalogue: catalogue.from, adapters: listed }, () => {
        const rows = listed.map(({ id, standard, major, versions }) => [
          id,
          `${standard} ${major}`,
          versions.join(', '),
        ])
        return `${table(['adapter', 'standard', 'versions'], rows, 'There are none.')}\nOf the ${whichOf(catalogue)}.`
      })
    },
  )

  const example = 'adapter show food-standards-agency/premises > premises.json'
  command(adapters, 'show', 'Print the newest document of an adapter', example)
    .argument('<adapter>', 'department/name')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const document = adapterDocument(await openTrialCatalogue(readConfig()), id)
      show(json, document, () => JSON.stringify(document, null, 2))
    })
}

/** `concord standard delete-draft`: a draft that is not to be published. */
import type { Command } from 'commander'
import { deleteStandardDraft } from '../exchange/publish.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function addDeleteDraft(standards: Command): void {
  command(
    standards,
    'delete-draft',
    'Delete a draft of a standard',
    'standard delete-draft enterprise-registration 1.2.0',
  )
    .argument('<standard>', 'its id')
    .argument('<version>', 'one that `standard list --status draft` lists')
    .action(async (id: string, version: string, { json }: { json?: true }) => {
      await withHub((hub, by) => deleteStandardDraft(hub, by, id, version))
      show(json, { id, version, outcome: 'deleted' }, () => `The draft ${id} ${version} is deleted.`)
    })
}

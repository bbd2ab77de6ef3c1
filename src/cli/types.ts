/** `concord types`: the TypeScript types of a published standard, for its consumers. */
import type { Command } from 'commander'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function types(program: Command): void {
  const example = 'types enterprise-registration > enterprise-registration.ts'
  command(program, 'types', 'Print the TypeScript types of a published standard', example)
    .argument('<standard>', 'such as enterprise-registration')
    .argument('[version]', 'major.minor.patch; the newest where it is left out')
    .action(async (id: string, version: string | undefined, options: { json?: boolean }) => {
      const found = await withHub(hub => hub.published.standard(id, version))
      const { standard, types: text } = found
      show(options.json, { standard: standard.id, version: standard.version, types: text }, () => text.trimEnd())
    })
}

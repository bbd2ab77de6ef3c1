/** `concord standard uses`: who would feel the end of a major. */
import type { Command } from 'commander'
import { readUses } from '../exchange/uses.ts'
import { command, numberFrom } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'
import { usesText } from './uses-text.ts'

export function addUses(standards: Command): void {
  const summary = 'Show who uses a major: agreements, adapters, the calls of the last 30 days'
  command(standards, 'uses', summary, 'standard uses enterprise-registration 1')
    .argument('<standard>', 'its id')
    .argument('[major]', 'the newest where it is left out', numberFrom(1))
    .action(async (standard: string, major: number | undefined, { json }: { json?: true }) => {
      const uses = await withHub((hub, by) => readUses(hub, by, { standard, major }, { isAll: true }))
      show(json, uses, () => usesText(uses))
    })
}

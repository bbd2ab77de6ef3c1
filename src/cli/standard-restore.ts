/** `concord standard restore`: takes a deprecation back. */
import type { Command } from 'commander'
import { restoreMajor } from '../exchange/majors.ts'
import { command, numberFrom } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'
import { majorText } from './uses-text.ts'

export function addRestore(standards: Command): void {
  command(standards, 'restore', 'Take the deprecation of a major back', 'standard restore enterprise-registration 1')
    .argument('<standard>', 'its id')
    .argument('<major>', 'its major', numberFrom(1))
    .option('--reason <text>', 'why, for those who use it; it stands in no log')
    .action(async (standard: string, major: number, { reason, json }: { reason?: string; json?: true }) => {
      const done = await withHub((hub, by) => restoreMajor(hub, by, { standard, major, reason }))
      show(json, done, () => majorText(done))
    })
}

/** `concord standard retire`: ends a major for good, once it was seen who is still there. */
import type { Command } from 'commander'
import { retireMajor } from '../exchange/majors.ts'
import { readUses } from '../exchange/uses.ts'
import { command, numberFrom } from './command.ts'
import { confirmUses } from './confirm.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'
import { majorText } from './uses-text.ts'

type Options = { reason: string; leaveRecords?: true; yes?: true; json?: true }

export function addRetire(standards: Command): void {
  const summary = 'Retire a deprecated major, for good: from its sunset on, or before where nothing uses it'
  command(standards, 'retire', summary, 'standard retire enterprise-registration 1 --reason "all have gone over"')
    .argument('<standard>', 'its id')
    .argument('<major>', 'its major', numberFrom(1))
    .requiredOption('--reason <text>', 'why, for those who used it; it stands in no log')
    .option('--leave-records', 'although records stand in this major only, which nobody sees from then on')
    .option('--yes', 'do not ask')
    .action(async (standard: string, major: number, { reason, leaveRecords, yes, json }: Options) => {
      const done = await withHub(async (hub, by) => {
        if (!yes) {
          const uses = await readUses(hub, by, { standard, major }, { isAll: true })
          await confirmUses(uses, `Retire major ${major} of ${standard}? Nothing will be served of it again.`, json)
        }
        return retireMajor(hub, by, { standard, major, reason, leaveRecords })
      })
      show(json, done, () => majorText(done))
    })
}

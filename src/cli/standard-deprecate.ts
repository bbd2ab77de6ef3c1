/** `concord standard deprecate`: says when a major ends, once it was seen whom that concerns. */
import type { Command } from 'commander'
import { deprecateMajor, tryDeprecation } from '../exchange/majors.ts'
import { beginning, command, numberFrom } from './command.ts'
import { confirmUses } from './confirm.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'
import { majorText } from './uses-text.ts'

type Options = { sunset: Date; reason: string; yes?: true; json?: true }

export function addDeprecate(standards: Command): void {
  const summary = 'Deprecate a major, or set another sunset: shows who uses it, and asks'
  const example = 'standard deprecate enterprise-registration 1 --sunset 2027-06-01 --reason "major 2 has branches"'
  command(standards, 'deprecate', summary, example)
    .argument('<standard>', 'its id')
    .argument('<major>', 'its major', numberFrom(1))
    .requiredOption(
      '--sunset <time>',
      'from when it may be retired: a day, from its beginning, or an instant',
      beginning,
    )
    .requiredOption('--reason <text>', 'why, for those who use it; it stands in no log')
    .option('--yes', 'do not ask')
    .action(async (standard: string, major: number, { sunset, reason, yes, json }: Options) => {
      const asked = { standard, major, sunset, reason }
      const done = await withHub(async (hub, by) => {
        const uses = await tryDeprecation(hub, by, asked)
        const question = `Deprecate major ${major} of ${standard}, with its sunset at ${sunset.toISOString()}?`
        if (!yes) await confirmUses(uses, question, json)
        return deprecateMajor(hub, by, { ...asked, uses: uses.digest })
      })
      show(json, done, () => majorText(done))
    })
}

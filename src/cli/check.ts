/** `concord check`: whether an adapter document can be used, what it fills of its standard, and from where. */
import type { Command } from 'commander'
import { coverage, type Coverage, type Feed } from '../catalogue/lineage.ts'
import { readConfig } from '../config.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { compileAdapter, type Adapter } from '../map/adapter.ts'
import { adapterDocument, triedAs, whichOf } from './adapter-document.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'

export function check(program: Command): void {
  const summary = 'Check an adapter; list what it fills of its standard, and from where'
  command(program, 'check', summary, 'check adapters/food-standards-agency/premises.json')
    .argument('<adapter>', 'an adapter document, ….json, or department/name')
    .action(async (given: string, options: { json?: boolean }) => {
      const catalogue = await openTrialCatalogue(readConfig(), triedAs(given))
      const adapter = compileAdapter(adapterDocument(catalogue, given), catalogue)
      const { id, version, standard } = adapter
      const covered = coverage(adapter)
      const checked = { adapter: id, version, standard: standard.id, standardVersion: standard.version }
      show(options.json, { ...checked, catalogue: catalogue.from, ...covered }, () =>
        checkText(adapter, covered, whichOf(catalogue)),
      )
    })
}

function checkText({ id, version, standard }: Adapter, { mapped, unmapped }: Coverage, catalogue: string): string {
  const rows = mapped.flatMap(({ field, level, rules }) =>
    rules.map((rule, at) => [
      at === 0 ? field : '',
      at === 0 ? level : '',
      sourceText(rule),
      rule.via.join(', '),
      rule.decidedBy.join(', '),
    ]),
  )
  const total = mapped.length + unmapped.length
  return [
    `${id} ${version} can be used: it fills ${mapped.length} of the ${total} fields of ${standard.id} ${standard.version}.`,
    `Checked against the ${catalogue}.`,
    '',
    table(['field', 'level', 'from', 'via', 'decided by'], rows, ''),
    '',
    unmapped.length === 0
      ? 'No field is left out.'
      : `Left out, all optional: ${unmapped.map(({ field }) => field).join(', ')}.`,
  ].join('\n')
}

/** A field with several rules takes the first that gives a value, so each stands on a line of its own. */
function sourceText({ sources, isConstant }: Feed): string {
  return isConstant ? '(constant)' : sources.join(', ')
}

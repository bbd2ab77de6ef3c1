/** `concord coverage`: which department’s adapter fills which field of which standard. */
import { Option, type Command } from 'commander'
import type { CoveredField, StandardCoverage } from '../catalogue/coverage.ts'
import { readCoverage, readCoveragePage } from '../exchange/coverage.ts'
import type { Hub } from '../exchange/hub.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function coverage(program: Command): void {
  const summary = 'Show which department’s adapter fills which field of which standard, and what nobody fills'
  command(program, 'coverage', summary, 'coverage food-premises-inspection')
    .argument('[standard]', 'such as enterprise-registration; all that an adapter maps to where it is left out')
    .addOption(new Option('--csv', 'a line for each field and adapter').conflicts('json'))
    .action(async (standard: string | undefined, { json, csv }: { json?: boolean; csv?: boolean }) => {
      const matrices = await withHub(hub => (standard === undefined ? readAll(hub) : readCoverage(hub, standard)))
      show(json, { coverage: matrices }, () =>
        csv === true ? csvText(matrices) : matrices.map(matrixText).join('\n\n'),
      )
    })
}

/** Standards read at a time. */
const pageStandards = 100

async function readAll(hub: Hub): Promise<StandardCoverage[]> {
  const all: StandardCoverage[] = []
  for (let after: string | undefined = ''; after !== undefined;) {
    const { coverage: page, next } = await readCoveragePage(hub, { after, limit: pageStandards })
    all.push(...page)
    after = next
  }
  return all
}

function matrixText({ standard, version, adapters, fields, unfilled }: StandardCoverage): string {
  const head = ['field', 'level', ...adapters.map(({ adapter }) => adapter)]
  const rows = fields.map(field => [
    field.required ? `${field.field} *` : field.field,
    field.level,
    ...adapters.map(({ adapter }) => field.filledBy[adapter] ?? '-'),
  ])
  return [
    `${standard} ${version}`,
    table(head, rows, ''),
    adapters.length === 0
      ? 'No adapter maps to it.'
      : `Filled by nobody: ${unfilled.length === 0 ? 'none of its fields' : unfilled.join(', ')}. * is required.`,
  ].join('\n')
}

/** Names of standards, fields and adapters need no quotes, and are no formulas: they begin with a letter. */
function csvText(matrices: readonly StandardCoverage[]): string {
  const lines = matrices.flatMap(({ standard, version, adapters, fields }) =>
    fields.flatMap(field => linesOf(field, adapters).map(cells => [standard, version, ...cells].join(','))),
  )
  return ['standard,version,field,level,required,department,adapter,filled', ...lines].join('\n')
}

function linesOf(
  { field, level, required, filledBy }: CoveredField,
  adapters: StandardCoverage['adapters'],
): string[][] {
  const of = [field, level, String(required)]
  const filled = adapters.filter(({ adapter }) => filledBy[adapter] !== undefined)
  if (filled.length === 0) return [[...of, '', '', '']]
  return filled.map(({ adapter, department }) => [...of, department, adapter, filledBy[adapter] ?? ''])
}

/** `concord discrepancy`: where departments differ on a record, and how that is settled. Values are never shown. */
import { Option, type Command } from 'commander'
import { findDiscrepancies, settle, showDiscrepancy, type DiscrepancyView } from '../exchange/discrepancies.ts'
import {
  decisions,
  discrepancyStates,
  type Discrepancy,
  type DiscrepancyState,
  type SettledAs,
} from '../store/discrepancies.ts'
import { command, group, numberFrom } from './command.ts'
import { aligned, show, table } from './output.ts'
import { withHub } from './run.ts'

type Filter = { standard?: string; department?: string; state?: DiscrepancyState; limit: number; json?: boolean }

export function discrepancy(program: Command): void {
  const commands = group(program, 'discrepancy', 'Where departments differ on a record', 'discrepancy list')

  const list = 'discrepancy list --standard enterprise-registration --state open'
  command(commands, 'list', 'List discrepancies, newest first: record, field and departments, never a value', list)
    .option('--standard <id>', 'of this standard only')
    .option('--department <id>', 'with this department as one of the two')
    .addOption(new Option('--state <state>', 'in this state only').choices(discrepancyStates))
    .option('--limit <number>', 'at most so many', numberFrom(1), 100)
    .action(async ({ json, ...filter }: Filter) => {
      const found = await withHub((hub, by) => findDiscrepancies(hub, by, filter))
      show(json, { discrepancies: found }, () =>
        table(
          ['id', 'standard', 'key', 'field', 'departments', 'stands', 'state', 'since'],
          found.map(rowOf),
          'No two departments differ.',
        ),
      )
    })

  const shown = 'Show a discrepancy, which source records it is of, and why it was settled so'
  command(commands, 'show', shown, 'discrepancy show 0f8c2d1e-…')
    .argument('<id>', 'as `discrepancy list` shows it')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const found = await withHub((hub, by) => showDiscrepancy(hub, by, id))
      show(json, found, () => textOf(found))
    })

  const settled = 'Settle a discrepancy: it is open no more until one of the two values changes'
  const example = 'discrepancy settle 0f8c2d1e-… --as authority-stands --reason "the register on paper says so too"'
  command(commands, 'settle', settled, example)
    .argument('<id>', 'as `discrepancy list` shows it')
    .addOption(
      new Option('--as <decision>', 'what was decided; over HTTP, `decision`').choices(decisions).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why, for whoever asks later; it is kept sealed')
    .action(async (id: string, { as, reason, json }: { as: SettledAs; reason: string; json?: boolean }) => {
      const found = await withHub((hub, by) => settle(hub, by, { id, decision: as, reason }))
      show(json, found, () => textOf(found))
    })
}

function rowOf({ id, standard, key, field, sides, stands, state, since }: Discrepancy): string[] {
  return [id, standard, key, field, sides.map(({ department }) => department).join(', '), stands, state, since]
}

function textOf(found: DiscrepancyView): string {
  const { id, standard, key, leaves, sides, stands, state, since, decision, decidedBy, reason, own } = found
  const rows: string[][] = [
    ['discrepancy', id],
    ['record', `${standard} ${key}`],
    ['fields', leaves.join(', ')],
    ['departments', sides.map(({ department }) => department).join(', ')],
    ['stands', stands],
    ['state', state],
    ['since', since],
    ...own.map(({ adapter, delivery, recordId }) => [
      `from ${adapter}`,
      `delivery ${delivery}${recordId === null ? '' : `, source record ${recordId}`}`,
    ]),
  ]
  if (decision !== null) rows.push(['decision', `${decision}, by ${decidedBy}: ${reason}`])
  return aligned(rows)
}

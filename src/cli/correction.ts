/** `concord correction`: what consumers say is wrong, and what is answered. */
import { Option, type Command } from 'commander'
import { answerCorrection, findCorrections, showCorrection, type ShownCorrection } from '../exchange/corrections.ts'
import {
  correctionOutcomes,
  correctionStates,
  type CorrectionOutcome,
  type CorrectionState,
} from '../store/corrections.ts'
import { command, group, numberFrom } from './command.ts'
import { aligned, show, table } from './output.ts'
import { withHub } from './run.ts'

type Filter = { standard?: string; state?: CorrectionState; limit: number; json?: boolean }

export function correction(program: Command): void {
  const commands = group(program, 'correction', 'What consumers say is wrong, and what is answered', 'correction list')

  const list = 'correction list --state open'
  command(commands, 'list', 'List corrections, newest first, without what people have written', list)
    .option('--standard <id>', 'of this standard only')
    .addOption(new Option('--state <state>', 'in this state only').choices(correctionStates))
    .option('--limit <number>', 'at most so many', numberFrom(1), 100)
    .action(async ({ json, ...filter }: Filter) => {
      const found = await withHub((hub, by) => findCorrections(hub, by, filter))
      const rows = found.map(each => [
        each.id,
        each.standard,
        each.key,
        each.field,
        each.department,
        each.addressee,
        each.state,
        `${each.dueOn}${each.isOverdue ? ' overdue' : ''}`,
        each.changedAt === null ? '' : 'changed since',
      ])
      const head = ['id', 'standard', 'key', 'field', 'asked by', 'to answer', 'state', 'due', '']
      show(json, { corrections: found }, () => table(head, rows, 'Nobody has asked for a correction.'))
    })

  const shown = 'Show a correction with what people have written; that it was shown is entered in the access log'
  command(commands, 'show', shown, 'correction show 0f8c2d1e-…')
    .argument('<id>', 'as `correction list` shows it')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const found = await withHub((hub, by) => showCorrection(hub, by, id))
      show(json, found, () => textOf(found))
    })

  const answered = 'Answer a correction on behalf of the department that it is addressed to, or pass it on'
  const example = 'correction answer 0f8c2d1e-… --outcome corrected --message "comes with tonight’s delivery"'
  command(commands, 'answer', answered, example)
    .argument('<id>', 'as `correction list` shows it')
    .addOption(new Option('--outcome <outcome>', 'what became of it').choices(correctionOutcomes).makeOptionMandatory())
    .requiredOption('--message <text>', 'for whoever asked; it is kept sealed')
    .option(
      '--to <department>',
      'of what is passed on: another that speaks of the record, or the owner of the standard',
    )
    .action(async (id: string, { json, ...answer }: AnswerOptions) => {
      const found = await withHub((hub, by) => answerCorrection(hub, by, { id, ...answer }))
      show(json, found, () => textOf(found))
    })
}

type AnswerOptions = { outcome: CorrectionOutcome; message: string; to?: string; json?: boolean }

function textOf(found: ShownCorrection): string {
  const { id, standard, key, field, department, addressee, askedAt, dueOn, isOverdue, state, changedAt } = found
  const rows = [
    ['correction', id],
    ['record', `${standard} ${key}`],
    ['field', field],
    ['asked', `by ${department} at ${askedAt}: ${found.message}`],
    ...(found.proposed === null ? [] : [['proposed', found.proposed]]),
    ['to answer', `${addressee}, by ${dueOn}${isOverdue ? ' (overdue)' : ''}`],
    ['state', state],
    ...(changedAt === null ? [] : [['changed', `by a delivery at ${changedAt}`]]),
    ...found.answers.map(({ outcome, department: who, answeredAt, passedTo, message }) => [
      outcome,
      `${passedTo === null ? '' : `to ${passedTo} `}by ${who} at ${answeredAt}: ${message}`,
    ]),
  ]
  return aligned(rows)
}

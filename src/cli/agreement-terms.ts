/** The options by which an agreement's terms are given. */
import { InvalidArgumentError, type Command } from 'commander'
import type { RowFilter } from '../agreement/agreement.ts'
import type { Terms } from '../exchange/agreement-terms.ts'
import { operations } from '../record.ts'
import { beginning, end, listOf, numberFrom } from './command.ts'

export type TermOptions = Omit<Terms, 'rows'> & { readonly rows: RowFilter; readonly json?: boolean }

export function withTerms(command: Command): Command {
  return command
    .requiredOption('--department <id>', 'who may use the standard')
    .requiredOption('--standard <id>', 'the standard')
    .option('--major <number>', 'its major version; the newest where it is left out', numberFrom(1))
    .requiredOption('--fields <fields>', 'fields, joined by commas; investors stands for all below it', listOf())
    .option(
      '--operations <operations>',
      `joined by commas: ${operations.join(', ')}; read where it is left out, verify for a standard that is for comparing only`,
      listOf(operations),
    )
    .option(
      '--rows <field=values>',
      'only records whose indexed field has one of these values, joined by commas; given again for another field',
      addRows,
      {},
    )
    .requiredOption('--matters <matters>', 'matter codes (事项编码) that calls may serve, joined by commas', listOf())
    .option('--case-required', 'every call must name the case that it serves')
    .option('--daily-quota <records>', 'records that may be disclosed a day (UTC)', numberFrom(1))
    .option(
      '--from <date>',
      'a day, from whose beginning (UTC) it holds, or an instant; now where it is left out',
      beginning,
    )
    .requiredOption('--until <date>', 'a day, to whose end (UTC) it holds, or an instant (RFC 3339)', end)
    .option('--id <id>', 'its id; a new one where it is left out')
}

export function termsOf({ json: _, ...terms }: TermOptions): Terms {
  return terms
}

function addRows(text: string, rows: RowFilter): RowFilter {
  const at = text.indexOf('=')
  if (at < 1)
    throw new InvalidArgumentError('Write a field, an equals sign and its values: divisionCode=331199,331100.')
  const [field, values] = [text.slice(0, at), listOf()(text.slice(at + 1))]
  return { ...rows, [field]: [...(rows[field] ?? []), ...values] }
}

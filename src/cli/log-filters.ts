/** The options that choose entries of the log: the same for all commands that read it. */
import { Option, type Command } from 'commander'
import { actorKinds, type LogFilters } from '../exchange/log-search.ts'
import { entryOperations } from '../log/access.ts'
import { outcomes } from '../log/entry.ts'
import { operations } from '../record.ts'
import { beginning, end } from './command.ts'

/** The options as commander reads them. */
export type FilterOptions = Omit<LogFilters, 'from' | 'to' | 'record' | 'subject'> & {
  readonly since?: Date
  readonly until?: Date
}

/** Adds the options that choose entries about records: by time, by whom, of what, for what. */
export function addUsageFilters(command: Command, names: readonly string[] = operations): Command {
  return command
    .option('--since <date>', 'from the beginning of this day, UTC, or from this instant on', beginning)
    .option('--until <date>', 'to the end of this day, UTC, or before this instant', end)
    .option('--client <id>', 'by this client')
    .option('--user <id>', 'by this user')
    .option('--department <id>', 'on behalf of this department')
    .option('--standard <id>', 'of this standard')
    .option('--agreement <id>', 'under this agreement')
    .addOption(new Option('--operation <name>', 'that did this').choices(names))
    .option('--matter <code>', 'for this matter')
}

/** Adds the options that choose any entries. */
export function addFilters(command: Command): Command {
  return addUsageFilters(command, entryOperations)
    .option('--operator <name>', 'by this user of the machine, at the command line')
    .addOption(new Option('--actor <kind>', 'by the public: open data, without credentials').choices(actorKinds))
    .option('--case <case>', 'for this case')
    .addOption(new Option('--outcome <outcome>', 'that ended so').choices(outcomes))
    .option('--problem <code>', 'refused or failed by this problem')
    .option('--request <id>', 'of this request')
}

/** The filters among a command's options; what was not given is absent. */
export function filtersOf(options: FilterOptions): LogFilters {
  const { since, until, client, user, operator, department, standard, agreement, operation, matter } = options
  const { actor, case: of, outcome, problem, request } = options
  const filters = {
    from: since?.toISOString(),
    to: until?.toISOString(),
    client,
    user,
    operator,
    actor,
    department,
    standard,
    agreement,
    operation,
    matter,
    case: of,
    outcome,
    problem,
    request,
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

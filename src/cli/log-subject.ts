/** `concord log subject` and `concord log record`: who was shown what of one person, organisation or record, and why. */
import type { Command } from 'commander'
import { text } from 'node:stream/consumers'
import { HubError } from '../errors.ts'
import type { By, Hub } from '../exchange/hub.ts'
import { pseudonymOfRecord, pseudonymOfSubject, searchLog, type LogFilters } from '../exchange/log-search.ts'
import { command, numberFrom } from './command.ts'
import { decoded, disclosuresText, type Numbered } from './log-entries.ts'
import { addFilters, filtersOf, type FilterOptions } from './log-filters.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Options = FilterOptions & { limit: number; json?: boolean }
type Named = Pick<LogFilters, 'record' | 'subject'>

const stdin = '`-` reads it from standard input, so that no history of a shell keeps it'

export function logSubject(parent: Command): void {
  const subject = 'List every entry that names a person or an organisation: each disclosure, newest first'
  addOptions(command(parent, 'subject', subject, 'log subject - < identifier.txt'))
    .argument('<identifier>', `identity number, unified social credit code or the like; ${stdin}`)
    .action(async (identifier: string, options: Options) =>
      showNamed(options, async hub => ({ subject: await pseudonymOfSubject(hub, await given(identifier)) })),
    )

  const record = 'List every entry that names a record: each disclosure, newest first'
  addOptions(command(parent, 'record', record, 'log record food-premises-inspection 901~11'))
    .argument('<standard>', 'whose record it is')
    .argument('<key>', `its key, parts joined by ~1; ${stdin}`)
    .action(async (standard: string, key: string, options: Options) =>
      showNamed(options, async hub => ({ record: await pseudonymOfRecord(hub, standard, await given(key)) })),
    )
}

function addOptions(parent: Command): Command {
  return addFilters(parent.option('--limit <number>', 'at most so many', numberFrom(1), 1000))
}

async function showNamed(
  { limit, json, ...options }: Options,
  named: (hub: Hub, by: By) => Promise<Named>,
): Promise<void> {
  const { entries, hasMore, ...pseudonyms } = await withHub(async (hub, by) => {
    const names = await named(hub, by)
    const filters = { ...filtersOf(options), ...names }
    const page = await searchLog(hub, by, { filters, order: 'newest', limit })
    return { ...names, entries: decoded(page.entries), hasMore: page.cursor !== undefined }
  })
  show(json, { ...pseudonyms, entries, hasMore }, () => disclosuresText(entries) + hint(entries, hasMore))
}

function hint(entries: readonly Numbered[], hasMore: boolean): string {
  return hasMore ? `\nThere are older ones: --limit takes more than ${entries.length}.` : ''
}

/** @throws {HubError} `request-invalid` */
async function given(argument: string): Promise<string> {
  const identifier = (argument === '-' ? await text(process.stdin) : argument).trim()
  if (identifier !== '') return identifier
  throw new HubError(
    'request-invalid',
    'There is no identifier on standard input: one is read from there, in one line.',
  )
}

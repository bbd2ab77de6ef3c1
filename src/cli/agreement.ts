/** `concord agreement`: which department may use which fields of a standard, for which matters. */
import type { Command } from 'commander'
import type { Agreement } from '../agreement/agreement.ts'
import { createAgreement, revokeAgreement } from '../exchange/administer.ts'
import type { Operation } from '../record.ts'
import { beginning, command, end, group, listOf, numberFrom } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

const operations = [
  'read',
  'list',
  'lookup',
  'export',
  'changes',
  'history',
  'verify',
] as const satisfies readonly Operation[]

type Terms = {
  id?: string
  department: string
  standard: string
  major?: number
  fields: string[]
  operations: Operation[]
  matters: string[]
  from?: Date
  until: Date
  json?: boolean
}

export function agreement(program: Command): void {
  const agreements = group(program, 'agreement', 'Rights of departments to use standards', 'agreement list')

  const create =
    'agreement create --department housing --standard enterprise-registration --fields unifiedSocialCreditCode,name --operations read,list --matters 331199-construction-permit --until 2027-12-31'
  command(agreements, 'create', 'Make an agreement; it holds at once, or from --from on', create)
    .requiredOption('--department <id>', 'who may use the standard')
    .requiredOption('--standard <id>', 'the standard')
    .option('--major <number>', 'its major version; the newest where it is left out', numberFrom(1))
    .requiredOption(
      '--fields <fields>',
      'fields granted, joined by commas; investors stands for all below it',
      listOf(),
    )
    .requiredOption('--operations <operations>', `joined by commas: ${operations.join(', ')}`, listOf(operations))
    .requiredOption('--matters <matters>', 'matter codes (事项编码) that calls may serve, joined by commas', listOf())
    .requiredOption('--until <date>', 'a day, to whose end (UTC) it holds, or an instant (RFC 3339)', end)
    .option(
      '--from <date>',
      'a day, from whose beginning (UTC) it holds, or an instant; now where it is left out',
      beginning,
    )
    .option('--id <id>', 'its id; a new one where it is left out')
    .action(async ({ json, major, from, ...terms }: Terms) => {
      const made = await withHub(async (hub, by) =>
        createAgreement(hub, by, {
          ...terms,
          major: major ?? (await hub.published.standard(terms.standard)).standard.major,
          from: from ?? hub.clock(),
        }),
      )
      show(json, made, () => `Made the agreement ${made.id}; it ends at ${made.until}.`)
    })

  command(agreements, 'list', 'List the agreements', 'agreement list').action(async (options: { json?: boolean }) => {
    const [list, now] = await withHub(async hub => {
      const configuration = await hub.published.configuration()
      return [[...configuration.agreements.values()].flat(), hub.clock().toISOString()] as const
    })
    show(options.json, { agreements: list }, () => agreementsText(list, now))
  })

  command(agreements, 'revoke', 'End an agreement, within a second', 'agreement revoke 0f8c2d1e-…')
    .argument('<id>')
    .action(async (id: string, options: { json?: boolean }) => {
      await withHub((hub, by) => revokeAgreement(hub, by, id))
      show(options.json, { id, status: 'revoked' }, () => `The agreement ${id} is revoked.`)
    })
}

function agreementsText(list: readonly Agreement[], now: string): string {
  const rows = list.map(made => [
    made.id,
    made.department,
    `${made.standard} ${made.major}`,
    stateOf(made, now),
    made.until,
    made.operations.join(','),
    made.matters.join(','),
    made.fields.join(','),
  ])
  const head = ['id', 'department', 'standard', 'state', 'until', 'operations', 'matters', 'fields']
  return table(head, rows, 'There are no agreements yet; `concord agreement create` makes one.')
}

function stateOf({ status, from, until }: Agreement, now: string): string {
  if (status === 'revoked') return 'revoked'
  if (now < from) return 'not begun'
  return now < until ? 'active' : 'expired'
}

/** `concord client`: departments' systems and their credentials. */
import type { Command } from 'commander'
import { createClient, renewSecret, setClientStatus } from '../exchange/administer.ts'
import type { Scope } from '../record.ts'
import { command, group, listOf } from './command.ts'
import { aligned, show, table } from './output.ts'
import { withHub } from './run.ts'

const scopes = ['read', 'deliver', 'publish', 'decide', 'audit', 'administer'] as const satisfies readonly Scope[]

export function client(program: Command): void {
  const clients = group(program, 'client', "Departments' systems and their credentials", 'client list')

  const create = 'client create permits --department housing --title "Permit system" --scopes read'
  command(clients, 'create', 'Make a client and show its secret, once', create)
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .requiredOption('--department <id>', 'whose system it is')
    .requiredOption('--title <title>', 'what it is, for people')
    .requiredOption('--scopes <scopes>', `joined by commas: ${scopes.join(', ')}`, listOf(scopes))
    .action(async (id: string, options: { department: string; title: string; scopes: Scope[]; json?: boolean }) => {
      const { json, ...terms } = options
      showSecret(json, await withHub((hub, by) => createClient(hub, by, { id, ...terms })))
    })

  command(clients, 'list', 'List the clients', 'client list').action(async (options: { json?: boolean }) => {
    const configuration = await withHub(async hub => hub.published.configuration())
    const list = [...configuration.clients.values()].map(
      ({ id, department, title, scopes: own, status, createdAt }) => {
        // Everything but the secret's hash.
        return { id, department, title, scopes: own, status, createdAt }
      },
    )
    show(options.json, { clients: list }, () => {
      const rows = list.map(({ id, department, scopes: own, status, createdAt, title }) => [
        id,
        department,
        own.join(','),
        status,
        createdAt,
        title,
      ])
      const none = 'There are no clients yet; `concord client create` makes one.'
      return table(['id', 'department', 'scopes', 'status', 'created', 'title'], rows, none)
    })
  })

  for (const [name, status, summary] of [
    ['suspend', 'suspended', 'Shut a client out, within a second'],
    ['resume', 'active', 'Let a suspended client in again'],
  ] as const) {
    command(clients, name, summary, `client ${name} permits`)
      .argument('<id>')
      .action(async (id: string, options: { json?: boolean }) => {
        await withHub((hub, by) => setClientStatus(hub, by, id, status))
        show(options.json, { id, status }, () => `The client ${id} is ${status}.`)
      })
  }

  command(
    clients,
    'renew-secret',
    'Give a client a new secret; the old one is void at once',
    'client renew-secret permits',
  )
    .argument('<id>')
    .action(async (id: string, options: { json?: boolean }) => {
      showSecret(options.json, await withHub((hub, by) => renewSecret(hub, by, id)))
    })
}

function showSecret(json: boolean | undefined, credentials: { readonly id: string; readonly secret: string }): void {
  show(json, credentials, () => {
    const rows = aligned(Object.entries(credentials))
    return `${rows}\nKeep the secret now: it is shown this once and stored nowhere.`
  })
}

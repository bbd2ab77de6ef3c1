/** `concord client`: departments' systems, how they are known and bounded. What changes a client's bounds stands in client-bounds.ts. */
import type { Command } from 'commander'
import { createClient, renewSecret, setClientKeys, setClientStatus } from '../exchange/clients.ts'
import { readDocument } from '../exchange/documents.ts'
import { listClients, type ShownClient } from '../exchange/shown-client.ts'
import { scopes, type Scope } from '../record.ts'
import { clientBounds } from './client-bounds.ts'
import { command, group, listOf } from './command.ts'
import { duration } from './duration.ts'
import { aligned, show, table } from './output.ts'
import { withHub } from './run.ts'

export function client(program: Command): void {
  const clients = group(program, 'client', "Departments' systems and their credentials", 'client list')

  const create =
    'client create permits --department housing --title "Permit system" --scopes read --addresses 10.7.0.0/16'
  command(clients, 'create', 'Make a client and show its secret, once', create)
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .requiredOption('--department <id>', 'whose system it is')
    .requiredOption('--title <title>', 'what it is, for people')
    .requiredOption('--scopes <scopes>', `joined by commas: ${scopes.join(', ')}`, listOf(scopes))
    .option('--addresses <ranges>', 'addresses and CIDR ranges that it calls from, joined by commas', listOf())
    .action(async (id: string, { json, ...terms }: Terms) => {
      showSecret(json, await withHub((hub, by) => createClient(hub, by, { id, ...terms })))
    })

  command(clients, 'list', 'List the clients', 'client list').action(async (options: { json?: boolean }) => {
    const list = await withHub(listClients)
    show(options.json, { clients: list }, () => clientsText(list))
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

  const renew = 'client renew-secret permits --overlap 24h'
  command(clients, 'renew-secret', 'Give a client a new secret; the old one is void at once, or after --overlap', renew)
    .argument('<id>')
    .option('--overlap <time>', 'how long what it is known by now still lets in: 90s, 30m, 24h, 7d', duration)
    .action(async (id: string, { json, overlap }: Overlapping) => {
      showSecret(json, await withHub((hub, by) => renewSecret(hub, by, id, overlap)))
    })

  const setKey = 'client set-key permits --jwks permits.jwks.json --overlap 24h'
  command(clients, 'set-key', 'Have a client be known by public keys (private_key_jwt) in place of its secret', setKey)
    .argument('<id>')
    .requiredOption('--jwks <file>', 'JWK Set (RFC 7517) of its public keys: Ed25519, P-256 or RSA')
    .option('--overlap <time>', 'how long what it is known by now still lets in: 90s, 30m, 24h, 7d', duration)
    .action(async (id: string, { json, jwks: file, overlap }: Overlapping & { jwks: string }) => {
      const jwks = readDocument(file)
      const set = await withHub((hub, by) => setClientKeys(hub, by, id, { jwks, overlapMs: overlap ?? 0 }))
      show(json, set, () => {
        const rows = aligned(set.keys.map(thumbprint => ['key', thumbprint]))
        return `The client ${id} is known by its keys (RFC 7638 thumbprints).\n${rows}${overlapText(set.previousUntil)}`
      })
    })

  clientBounds(clients)
}

type Terms = { department: string; title: string; scopes: Scope[]; addresses?: string[]; json?: boolean }
type Overlapping = { json?: boolean; overlap?: number }

function clientsText(list: readonly ShownClient[]): string {
  const rows = list.map(one => [
    one.id,
    one.department,
    one.scopes.join(','),
    one.status,
    knownByText(one),
    one.addresses.join(',') || 'any',
    one.rate === undefined ? '-' : `${one.rate.perSecond}/s, ${one.rate.burst} at once`,
    one.createdAt,
    one.title,
  ])
  const head = ['id', 'department', 'scopes', 'status', 'known by', 'addresses', 'rate', 'created', 'title']
  return table(head, rows, 'There are no clients yet; `concord client create` makes one.')
}

function knownByText({ knownBy, previousUntil }: ShownClient): string {
  const text = knownBy === 'secret' ? 'secret' : knownBy.length === 1 ? 'a key' : `${knownBy.length} keys`
  return previousUntil === undefined ? text : `${text}, the one before until ${previousUntil}`
}

function showSecret(
  json: boolean | undefined,
  credentials: { readonly id: string; readonly secret: string; readonly previousUntil?: string },
): void {
  show(json, credentials, () => {
    const { id, secret, previousUntil } = credentials
    const rows = aligned(Object.entries({ id, secret }))
    return `${rows}\nKeep the secret now: it is shown this once and stored nowhere.${overlapText(previousUntil)}`
  })
}

function overlapText(until: string | undefined): string {
  return until === undefined ? '' : `\nWhat it was known by before lets it in until ${until}.`
}

/** `concord user`: people and their roles. Password and TOTP secret are shown once. */
import type { Command } from 'commander'
import { createUser, listUsers, renewUser, setUserStatus, type Credentials } from '../exchange/users.ts'
import { roles, type Role } from '../record.ts'
import { command, group, listOf } from './command.ts'
import { aligned, show, table } from './output.ts'
import { withHub } from './run.ts'

export function user(program: Command): void {
  const users = group(program, 'user', 'People: stewards, members, auditors, administrators', 'user list')

  const create = 'user create li-wei --department housing --title "Li Wei" --roles steward,member'
  command(users, 'create', 'Make a user and show password and TOTP secret, once', create)
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .option('--department <id>', 'of a steward or member; an administrator or auditor has none')
    .requiredOption('--title <title>', 'their name, for people')
    .requiredOption('--roles <roles>', `joined by commas: ${roles.join(', ')}`, listOf(roles))
    .action(async (id: string, options: { department?: string; title: string; roles: Role[]; json?: boolean }) => {
      const { json, ...terms } = options
      showCredentials(json, await withHub((hub, by) => createUser(hub, by, { id, ...terms })))
    })

  command(users, 'list', 'List the users', 'user list').action(async (options: { json?: boolean }) => {
    const list = await withHub(listUsers)
    show(options.json, { users: list }, () => {
      const rows = list.map(({ id, department = '', roles: own, status, lockedUntil, createdAt, title }) => [
        id,
        department,
        own.join(','),
        // Resuming a suspended user ends a lock too.
        status === 'active' && lockedUntil !== undefined ? `locked until ${lockedUntil}` : status,
        createdAt,
        title,
      ])
      const none = 'There are no users yet; `concord user create` makes one.'
      return table(['id', 'department', 'roles', 'status', 'created', 'title'], rows, none)
    })
  })

  for (const [name, status, summary] of [
    ['suspend', 'suspended', 'Shut a user out, within a second'],
    ['resume', 'active', 'Let a suspended or locked user in again'],
  ] as const) {
    command(users, name, summary, `user ${name} li-wei`)
      .argument('<id>')
      .action(async (id: string, options: { json?: boolean }) => {
        await withHub((hub, by) => setUserStatus(hub, by, id, status))
        show(options.json, { id, status }, () => `The user ${id} is ${status}.`)
      })
  }

  const renew = 'Give a user a new password and TOTP secret; the old ones, and tokens, are void at once'
  command(users, 'renew', renew, 'user renew li-wei')
    .argument('<id>')
    .action(async (id: string, options: { json?: boolean }) => {
      showCredentials(options.json, await withHub((hub, by) => renewUser(hub, by, id)))
    })
}

function showCredentials(json: boolean | undefined, credentials: Credentials): void {
  show(json, credentials, () => {
    const { id, password, totp } = credentials
    const rows = aligned([
      ['id', id],
      ['password', password],
      ['TOTP secret', totp.secret],
      ['TOTP address', totp.uri],
    ])
    return `${rows}\nHand these over now: they are shown this once. An authenticator app takes the address, or the secret by hand.`
  })
}

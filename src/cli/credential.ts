/** `concord credential`: the key store of the sources that adapters pull from. A secret is never an argument. */
import { Option, type Command } from 'commander'
import { removeCredential, secretForms, setCredential } from '../exchange/credentials.ts'
import { listCredentials, type CredentialKind } from '../store/credentials.ts'
import { command, group } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'
import { readSecret } from './secret.ts'

const kinds = Object.keys(secretForms) as CredentialKind[]

type Options = { origin: string; kind: CredentialKind; json?: boolean }

export function credential(program: Command): void {
  const credentials = group(program, 'credential', 'Secrets for the sources of pulls', 'credential list')

  const set =
    'credential set market-regulation/exchange --origin https://exchange.gov.example --kind bearer < token.txt'
  command(
    credentials,
    'set',
    'Seal a secret, read from standard input or asked for; it is sent to one origin only',
    set,
  )
    .argument('<name>', 'department/name: adapters use those of their own department')
    .requiredOption(
      '--origin <origin>',
      'https://host:port, postgres://host:port/database or mysql://…; ?tls=off at the end of a database that speaks plain text',
    )
    .addOption(new Option('--kind <kind>', formsText()).choices(kinds).makeOptionMandatory())
    .action(async (name: string, { json, ...options }: Options) => {
      const { form } = secretForms[options.kind]
      const secret = await readSecret(`Secret (${form}): `)
      const done = await withHub((hub, by) => setCredential(hub, by, { name, ...options, secret }))
      show(json, done, () => `The credential ${name} is set: it is sent to ${done.origin} only.`)
    })

  command(credentials, 'list', 'List the credentials, never their secrets', 'credential list').action(
    async ({ json }: { json?: boolean }) => {
      const list = await withHub(hub => listCredentials(hub.store.read))
      show(json, { credentials: list }, () => {
        const rows = list.map(({ name, kind, origin, createdAt }) => [name, kind, origin, createdAt])
        const none = 'There are no credentials yet; `concord credential set` sets one.'
        return table(['name', 'kind', 'origin', 'set'], rows, none)
      })
    },
  )

  command(credentials, 'remove', 'Destroy a secret', 'credential remove market-regulation/exchange')
    .argument('<name>', 'as `credential list` shows it')
    .action(async (name: string, { json }: { json?: boolean }) => {
      await withHub((hub, by) => removeCredential(hub, by, name))
      show(json, { name }, () => `The credential ${name} is removed.`)
    })
}

function formsText(): string {
  return `how it is sent, and so how it is written: ${kinds.map(kind => `${kind} (${secretForms[kind].form})`).join(', ')}`
}

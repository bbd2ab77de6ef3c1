/** The key store of sources: secrets that are sent to one origin each. Every change is an entry, without the secret. */
import { HubError } from '../errors.ts'
import { deleteCredential, openCredential, writeCredential, type Credential, type CredentialKind } from '../store/credentials.ts' // prettier-ignore
import { change, type By, type Hub } from './hub.ts'

export type SecretCredential = Credential & { readonly secret: string }

/** How the secret of a kind is written, in one line. */
export const secretForms: Readonly<Record<CredentialKind, { readonly form: string; readonly pattern: RegExp }>> = {
  bearer: { form: 'the token', pattern: /^[\x21-\x7e]+$/ },
  basic: { form: 'user:password', pattern: /^[^:\p{Cc}]+:\P{Cc}*$/u },
  header: { form: 'Name: value', pattern: /^[A-Za-z0-9-]+: ?[\x20-\x7e]+$/ },
  query: { form: 'parameter=value', pattern: /^[^=&\p{Cc}]+=\P{Cc}+$/u },
  password: { form: 'user:password', pattern: /^[^:\p{Cc}]+:\P{Cc}*$/u },
}

/**
 * Sets a credential, in place of one of the same name.
 *
 * @throws {HubError} `request-invalid`, `department-unknown`
 */
export async function setCredential(
  hub: Hub,
  by: By,
  { name, kind, origin: given, secret }: Omit<SecretCredential, 'createdAt'>,
): Promise<Credential> {
  const [department = ''] = name.split('/')
  if (!/^[a-z][a-z0-9-]{0,63}\/[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw new HubError('request-invalid', 'A credential is called department/name, in lower-case words with hyphens.')
  }
  const { index } = await hub.published.configuration()
  if (!index.departments.some(({ id }) => id === department)) {
    throw new HubError(
      'department-unknown',
      `There is no department ${department}; \`concord department list\` shows them.`,
    )
  }
  const origin = originOf(given, kind)
  const { form, pattern } = secretForms[kind]
  if (!pattern.test(secret)) throw new HubError('request-invalid', `The secret of kind ${kind} is one line: ${form}.`)
  const credential: Credential = { name, kind, origin, createdAt: hub.clock().toISOString() }
  return change(hub, by, async tx => {
    await writeCredential(tx, hub.keys.master, { ...credential, secret })
    const detail = { act: 'set-credential', credential: name, kind, origin }
    return { result: credential, entry: { operation: 'administer', count: 1, detail } }
  })
}

/** @throws {HubError} `credential-unknown` */
export async function removeCredential(hub: Hub, by: By, name: string): Promise<void> {
  await change(hub, by, async tx => {
    if (!(await deleteCredential(tx, name))) throw unknown(name)
    const detail = { act: 'remove-credential', credential: name }
    return { result: undefined, entry: { operation: 'administer', count: 1, detail } }
  })
}

/**
 * The credential that an adapter of a department names.
 *
 * @throws {HubError} `credential-unknown`
 */
export async function credentialOf(hub: Hub, department: string, name: string): Promise<SecretCredential> {
  const credential = await openCredential(hub.store.read, hub.keys.master, `${department}/${name}`)
  if (credential === undefined) throw unknown(`${department}/${name}`)
  return credential
}

function unknown(name: string): HubError {
  const detail = `There is no credential ${name}; \`concord credential set ${name}\` sets one, \`concord credential list\` shows all.`
  return new HubError('credential-unknown', detail)
}

/** The origin in the form in which it is compared. */
function originOf(text: string, kind: CredentialKind): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isBare = url !== undefined && url.username === '' && url.password === '' && url.hash === '' && url.host !== ''
  if (kind === 'password') {
    const isDatabase = isBare && /^(postgres|mysql):$/.test(url.protocol) && /^\/[^/]+$/.test(url.pathname)
    if (isDatabase && /^(\?tls=off)?$/.test(url.search)) return url.href
    const detail = 'The origin of a password is postgres://host:port/database or mysql://…, at most with ?tls=off.'
    throw new HubError('request-invalid', detail)
  }
  if (isBare && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin
  throw new HubError(
    'request-invalid',
    `The origin of kind ${kind} is https://host or http://host, maybe with a :port.`,
  )
}

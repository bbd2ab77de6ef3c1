/**
 * Names that the log is asked about: one that is mistyped would find nothing, which reads as if nothing had been done.
 *
 * What is administered now is known, and so is what stands in the log: entries outlive what they name, and a call that
 * was refused may have named what never was.
 */
import { HubError, type ProblemCode } from '../errors.ts'
import type { Actor } from '../log/entry.ts'
import type { Selection } from '../log/selection.ts'
import { splitKey, type RecordKey } from '../record.ts'
import type { Hub } from './hub.ts'

/** The filters that name what is administered. */
export type Names = {
  readonly standard?: string | undefined
  readonly department?: string | undefined
  readonly client?: string | undefined
  readonly user?: string | undefined
}

/** @throws {HubError} `standard-unknown`, `department-unknown`, `client-unknown`, `user-unknown` */
export async function requireKnown(hub: Hub, { standard, department, client, user }: Names): Promise<void> {
  const { index, clients, users } = await hub.published.configuration()
  const check = async (isKnown: boolean, selection: Selection, unknown: HubError): Promise<void> => {
    if (isKnown) return
    const { entries } = await hub.logIndex.page(selection, { order: 'newest', limit: 1 })
    if (entries.length === 0) throw unknown
  }
  if (standard !== undefined) {
    const isKnown = index.standards.some(row => row.standard === standard)
    await check(isKnown, { standard }, unknown('standard', standard))
  }
  if (department !== undefined) {
    const isKnown = index.departments.some(({ id }) => id === department)
    await check(isKnown, { department }, unknown('department', department))
  }
  if (client !== undefined) await check(clients.has(client), by('client', client), unknown('client', client))
  if (user !== undefined) await check(users.has(user), by('user', user), unknown('user', user))
}

/**
 * Holds a key against the standard's, in all its versions; of one that nobody publishes any more nothing is known.
 *
 * @throws {HubError} `request-invalid`
 */
export async function requireKeyOf(hub: Hub, standard: string, key: RecordKey): Promise<void> {
  const { index } = await hub.published.configuration()
  const rows = index.standards.filter(row => row.standard === standard)
  const versions = await Promise.all(rows.map(({ version }) => hub.published.standard(standard, version)))
  const keys = versions.map(({ standard: { key: names } }) => names)
  const [last] = keys.slice(-1)
  if (last === undefined || keys.some(names => names.length === splitKey(key).length)) return
  const parts = last.length === 1 ? 'one part' : `${last.length} parts, joined by ~1`
  const detail = `A key of ${standard} has ${parts}: ${last.join('~1')}. A ~ within a part is written ~0.`
  throw new HubError('request-invalid', detail)
}

function by(kind: Actor['kind'], id: string): Selection {
  return { actor: { kind, id } }
}

function unknown(what: keyof Names, name: string): HubError {
  const detail = `There is no ${what} ${name}, and no entry of the log names one; ${lists[what]}.`
  return new HubError(codes[what], detail)
}

const codes: Readonly<Record<keyof Names, ProblemCode>> = {
  standard: 'standard-unknown',
  department: 'department-unknown',
  client: 'client-unknown',
  user: 'user-unknown',
}

const lists: Readonly<Record<keyof Names, string>> = {
  standard: '`GET /v1/standards` shows those that are published',
  department: '`concord department list` shows them',
  client: '`concord client list` shows them',
  user: '`concord user list` shows them',
}

/** Departments, clients and agreements: who may use the hub, and for what. Every change is an entry. */
import { hash, randomBytes, randomUUID } from 'node:crypto'
import { overlap } from '../agreement/decide.ts'
import type { Agreement } from '../agreement/agreement.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, Issue, Operation, Scope } from '../record.ts'
import { readAgreements, writeAgreement } from '../store/agreements.ts'
import { writeDepartment, type DepartmentDocument } from '../store/catalogue.ts'
import { readClients, writeClient, type Client } from '../store/clients.ts'
import { change, type By, type Hub } from './hub.ts'

export async function putDepartment(hub: Hub, by: By, department: DepartmentDocument): Promise<void> {
  await change(hub, by, async tx => {
    await writeDepartment(tx, department)
    const detail = { department: department.id }
    return {
      result: undefined,
      entry: { operation: 'administer', count: 1, detail: { act: 'put-department', ...detail } },
    }
  })
}

/** @throws {HubError} `conflict`, `request-invalid` */
export async function addDepartment(hub: Hub, by: By, department: DepartmentDocument): Promise<void> {
  requireId(department.id)
  const { index } = await hub.published.configuration()
  if (index.departments.some(({ id }) => id === department.id)) {
    throw new HubError('conflict', `There is a department ${department.id} already; choose another id.`)
  }
  await putDepartment(hub, by, department)
}

/** Makes a client. The secret is given once and kept nowhere. */
export async function createClient(
  hub: Hub,
  by: By,
  client: {
    readonly id: string
    readonly department: string
    readonly title: string
    readonly scopes: readonly Scope[]
  },
): Promise<{ readonly id: string; readonly secret: string }> {
  requireId(client.id)
  await requireDepartment(hub, client.department)
  const secret = randomBytes(32).toString('base64url')
  return change(hub, by, async tx => {
    const clients = await readClients(tx)
    if (clients.some(({ id }) => id === client.id)) {
      throw new HubError('conflict', `There is a client ${client.id} already; choose another id.`)
    }
    await writeClient(tx, {
      ...client,
      secretHash: secretHash(secret),
      status: 'active',
      createdAt: hub.clock().toISOString(),
    })
    const detail = {
      act: 'create-client',
      client: client.id,
      department: client.department,
      scopes: [...client.scopes],
    }
    return { result: { id: client.id, secret }, entry: { operation: 'administer', count: 1, detail } }
  })
}

/** Gives a client a new secret; the old one is void at once. */
export async function renewSecret(
  hub: Hub,
  by: By,
  id: string,
): Promise<{ readonly id: string; readonly secret: string }> {
  const secret = randomBytes(32).toString('base64url')
  await changeClient(hub, by, id, 'renew-secret', { secretHash: secretHash(secret) })
  return { id, secret }
}

/** Suspends a client, or lets it in again: every process obeys within a second. */
export async function setClientStatus(hub: Hub, by: By, id: string, status: Client['status']): Promise<void> {
  await changeClient(hub, by, id, status === 'active' ? 'resume-client' : 'suspend-client', { status })
}

/**
 * Makes an active agreement.
 *
 * @throws {HubError} `department-unknown`, `standard-unknown`; `request-invalid` with an issue for each field that the
 *   standard lacks or a record's key lacks; `agreement-ambiguous` where another one would decide the same calls
 */
export async function createAgreement(
  hub: Hub,
  by: By,
  terms: {
    readonly id?: string
    readonly department: string
    readonly standard: string
    readonly major: number
    /** Leaves, or branches, which stand for the leaves that they have today. */
    readonly fields: readonly FieldPath[]
    readonly operations: readonly Operation[]
    readonly matters: readonly string[]
    readonly from: Date
    readonly until: Date
  },
): Promise<Agreement> {
  if (terms.id !== undefined) requireId(terms.id)
  await requireDepartment(hub, terms.department)
  const agreement: Agreement = {
    ...terms,
    id: terms.id ?? randomUUID(),
    fields: await leavesOf(hub, terms),
    from: terms.from.toISOString(),
    until: terms.until.toISOString(),
    status: 'active',
  }
  if (agreement.from >= agreement.until) {
    throw new HubError('request-invalid', 'The term of an agreement must end after it begins.')
  }
  return change(hub, by, async tx => {
    const agreements = await readAgreements(tx)
    if (agreements.some(({ id }) => id === agreement.id)) {
      throw new HubError('conflict', `There is an agreement ${agreement.id} already.`)
    }
    const other = agreements.find(candidate => overlap(candidate, agreement))
    if (other !== undefined) {
      throw new HubError(
        'agreement-ambiguous',
        `The agreement ${other.id} covers the same department, standard and matter at the same time; revoke it first, or name other matters.`,
      )
    }
    await writeAgreement(tx, agreement, hub.clock().toISOString())
    const { id, standard, department, major, from, until } = agreement
    const lists = {
      fields: [...agreement.fields],
      operations: [...agreement.operations],
      matters: [...agreement.matters],
    }
    const detail = { department, major, from, until, ...lists }
    return { result: agreement, entry: { operation: 'approve', count: 1, standard, agreement: id, detail } }
  })
}

export async function revokeAgreement(hub: Hub, by: By, id: string): Promise<void> {
  await change(hub, by, async tx => {
    const agreement = (await readAgreements(tx)).find(candidate => candidate.id === id)
    if (agreement === undefined) throw new HubError('agreement-unknown', `There is no agreement ${id}.`)
    await writeAgreement(tx, { ...agreement, status: 'revoked' }, hub.clock().toISOString())
    return { result: undefined, entry: { operation: 'revoke', count: 1, standard: agreement.standard, agreement: id } }
  })
}

/** What of a client's secret is kept, base64url. A secret is 256 random bits: a slow hash would protect nothing more. */
export function secretHash(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

async function changeClient(hub: Hub, by: By, id: string, act: string, changes: Partial<Client>): Promise<void> {
  await change(hub, by, async tx => {
    const client = (await readClients(tx)).find(candidate => candidate.id === id)
    if (client === undefined)
      throw new HubError('client-unknown', `There is no client ${id}; \`concord client list\` shows them.`)
    await writeClient(tx, { ...client, ...changes })
    return { result: undefined, entry: { operation: 'administer', count: 1, detail: { act, client: id } } }
  })
}

/** Ids stand in addresses, credentials and entries. */
function requireId(id: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) && id.length <= 64) return
  throw new HubError('request-invalid', 'An id is up to 64 lower-case letters and digits, in words joined by hyphens.')
}

async function requireDepartment(hub: Hub, id: string): Promise<void> {
  const { index } = await hub.published.configuration()
  if (!index.departments.some(department => department.id === id)) {
    throw new HubError('department-unknown', `There is no department ${id}; \`concord department list\` shows them.`)
  }
}

/** The leaves that the named fields stand for, in the order of the standard, the key's always among them. */
async function leavesOf(
  hub: Hub,
  terms: { readonly standard: string; readonly major: number; readonly fields: readonly FieldPath[] },
): Promise<FieldPath[]> {
  const { standard } = await hub.published.standard(terms.standard, terms.major)
  const covers = (named: FieldPath, leaf: FieldPath): boolean => named === leaf || leaf.startsWith(`${named}.`)
  const issues: Issue[] = terms.fields
    .filter(named => !standard.fields.some(field => covers(named, field.path)))
    .map(named => ({ pointer: `/fields/${named}`, code: 'field-unknown', message: `is no field of ${standard.id}` }))
  for (const part of standard.key) {
    if (terms.fields.some(named => covers(named, part))) continue
    issues.push({
      pointer: '/fields',
      code: 'key-missing',
      message: `must name ${part}: it is part of the key, which every reply carries`,
    })
  }
  if (issues.length > 0) {
    const list = issues.map(issue => `${issue.pointer} ${issue.message}`).join('; ')
    throw new HubError('request-invalid', `The agreement cannot be made: ${list}.`, { issues })
  }
  return standard.fields.filter(field => terms.fields.some(named => covers(named, field.path))).map(field => field.path)
}

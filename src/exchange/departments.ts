/** Departments: the organisations that provide and consume records. Every change is an entry. */
import { HubError } from '../errors.ts'
import { uscc } from '../identifiers/uscc.ts'
import { readCatalogueIndex, writeDepartment, type DepartmentDocument } from '../store/catalogue.ts'
import { enterAudit } from './audit.ts'
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

/** @throws {HubError} `conflict`; `request-invalid` for an id or a credit code that is none */
export async function addDepartment(hub: Hub, by: By, given: DepartmentDocument): Promise<DepartmentDocument> {
  requireId(given.id)
  const code = given.unifiedSocialCreditCode
  const department = { ...given, ...(code === undefined ? {} : { unifiedSocialCreditCode: creditCode(code) }) }
  return change(hub, by, async tx => {
    const { departments } = await readCatalogueIndex(tx)
    if (departments.some(({ id }) => id === department.id)) {
      throw new HubError('conflict', `There is a department ${department.id} already; choose another id.`)
    }
    await writeDepartment(tx, department)
    const detail = { act: 'put-department', department: department.id }
    return { result: department, entry: { operation: 'administer', count: 1, detail } }
  })
}

/**
 * The departments; that they were looked at is an entry.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function listDepartments(hub: Hub, by: By): Promise<readonly DepartmentDocument[]> {
  const { index } = await hub.published.configuration()
  await enterAudit(hub, by, { act: 'list-departments', count: index.departments.length })
  return index.departments
}

/**
 * Ids stand in addresses, credentials and entries.
 *
 * @throws {HubError} `request-invalid`
 */
export function requireId(id: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) && id.length <= 64) return
  throw new HubError('request-invalid', 'An id is up to 64 lower-case letters and digits, in words joined by hyphens.')
}

/** @throws {HubError} `department-unknown` */
export async function requireDepartment(hub: Hub, id: string): Promise<void> {
  const { index } = await hub.published.configuration()
  if (!index.departments.some(department => department.id === id)) {
    throw new HubError('department-unknown', `There is no department ${id}; \`concord department list\` shows them.`)
  }
}

/** @throws {HubError} `request-invalid` */
function creditCode(text: string): string {
  const code = uscc.normalise(text)
  const fault = uscc.check(code)
  if (fault === undefined) return code
  throw new HubError('request-invalid', `This is no unified social credit code (${fault}).`)
}

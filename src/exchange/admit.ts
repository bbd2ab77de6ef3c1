/** Whether a call about records is allowed, and what it goes by then: agreement, standard, rows, fields. */
import type { Agreement } from '../agreement/agreement.ts'
import { reasons } from '../agreement/reasons.ts'
import { compileRows } from '../agreement/rows.ts'
import { HubError } from '../errors.ts'
import type { Entry } from '../log/entry.ts'
import type { FieldPath, Operation } from '../record.ts'
import type { Standard } from '../standard.ts'
import { refuse, type Call } from './access-entry.ts'
import { decisionOn, refusalOf } from './decision.ts'
import type { Hub } from './hub.ts'
import { requireServed } from './retired.ts'
import { cutOf, type Grant } from './served-text.ts'

/** Operations whose calls name records in their body: only these serve a standard whose key is sealed. */
const bodyOperations: ReadonlySet<Operation> = new Set(['lookup', 'verify'])

/**
 * @throws {HubError} with its entry durable: `agreement-missing`, `quota-exceeded`, `field-not-granted`, `standard-unknown`,
 *   `major-retired`, `request-invalid`
 * @param entered what the entry of a refusal says was done, where it is another act that the operation's right lets do
 */
export async function admit(
  hub: Hub,
  call: Call,
  operation: Operation,
  entered: Entry['operation'] = operation,
): Promise<Grant> {
  const decision = await decisionOn(hub, call, operation)
  if (!decision.allowed) {
    if (!(await isPublished(hub, call.standard))) {
      const detail = `The standard ${call.standard} is not published; GET /v1/standards lists those that are.`
      throw await refuse(hub, { call, operation: entered }, 'standard-unknown', detail)
    }
    const { problem, ...refused } = refusalOf(hub, decision)
    throw await refuse(hub, { call, operation: entered, ...refused }, problem, reasons[decision.reason].toCaller)
  }
  const { agreement } = decision
  await requireServed(hub, call, entered, agreement)
  const { standard, newer } = await hub.published.standard(call.standard, agreement.major)
  if (!servesOperation(standard, operation)) {
    const detail = 'The key of this standard is sealed and never stands in an address: this call does not serve it.'
    throw await refuse(hub, { call, operation: entered, agreement }, 'request-invalid', detail)
  }
  const asked = call.fields === undefined ? undefined : askedLeaves(standard, call.fields)
  const cut = cutOf(agreement, standard, asked)
  const detail = heldBack(agreement, standard, call.fields === undefined ? undefined : cut.fields)
  if (detail !== undefined)
    throw await refuse(hub, { call, operation: entered, agreement }, 'field-not-granted', detail)
  return { agreement, standard, newer, asked, cut, reaches: rowsOf(agreement) }
}

/** Which standards there are is for anyone to know. */
async function isPublished(hub: Hub, id: string): Promise<boolean> {
  const { index } = await hub.published.configuration()
  return index.standards.some(({ standard }) => standard === id)
}

/**
 * Why nothing is shown for the levels of fields: none that was asked for is granted, or the key is not, which every reply
 * carries. Agreements name the key; it is held back where its level was raised since.
 *
 * @param shown the fields that were asked for and are granted; undefined where none were asked for
 */
export function heldBack(
  agreement: Agreement,
  standard: Standard,
  shown: readonly FieldPath[] | undefined,
): string | undefined {
  if (shown?.length === 0) return 'The agreement grants none of the fields that were asked for.'
  const { fields } = cutOf(agreement, standard, undefined)
  if (standard.key.every(part => fields.includes(part))) return undefined
  return 'The key, which every reply carries, is held back until the owner of the standard approves the agreement again.'
}

/** Whether calls of an operation are served at all: a sealed key never stands in an address. */
export function servesOperation(standard: Standard, operation: Operation): boolean {
  return !standard.keySealed || bodyOperations.has(operation)
}

/** Compiled once for an agreement; one that changes is another object. */
export function rowsOf(agreement: Agreement): Grant['reaches'] {
  let rows = compiled.get(agreement)
  if (rows === undefined) compiled.set(agreement, (rows = compileRows(agreement.rows)))
  return rows
}

const compiled = new WeakMap<Agreement, Grant['reaches']>()

/** The leaves that the names stand for; a name that the standard lacks is refused. */
function askedLeaves(standard: Standard, names: readonly FieldPath[]): ReadonlySet<FieldPath> {
  const covers = (name: FieldPath, leaf: FieldPath): boolean => name === leaf || leaf.startsWith(`${name}.`)
  const unknown = names.flatMap((name, index) =>
    standard.fields.some(({ path }) => covers(name, path)) ? [] : [index],
  )
  if (unknown.length > 0) {
    throw new HubError('request-invalid', `${standard.id} has no such field as is named in \`fields\`.`, {
      issues: unknown.map(index => ({ pointer: `/fields/${index}`, code: 'field-unknown', message: 'is no field' })),
    })
  }
  return new Set(standard.fields.map(({ path }) => path).filter(leaf => names.some(name => covers(name, leaf))))
}

/** Whether a call about records is allowed, and what it goes by then: agreement, standard, rows, fields. */
import { decide, type Refusal } from '../agreement/decide.ts'
import type { Agreement } from '../agreement/agreement.ts'
import { compileRows } from '../agreement/rows.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, Operation } from '../record.ts'
import { refuse, type Call } from './access-entry.ts'
import type { Hub } from './hub.ts'
import { cutOf, type Grant } from './served-text.ts'

/** Operations whose calls name records in their body: only these serve a standard whose key is sealed. */
const bodyOperations: ReadonlySet<Operation> = new Set(['lookup', 'verify'])

/**
 * @throws {HubError} with its entry durable: `agreement-missing`, `field-not-granted`, `standard-unknown`, `request-invalid`
 */
export async function admit(hub: Hub, call: Call, operation: Operation): Promise<Grant> {
  const { agreements } = await hub.published.configuration()
  const own = agreements.get(call.by.department) ?? []
  const decision = decide(own, { standard: call.standard, operation, matter: call.matter }, hub.clock())
  if (!decision.allowed) {
    const refused = { call, operation, ...(decision.agreement ? { agreement: decision.agreement } : {}) }
    throw await refuse(hub, refused, 'agreement-missing', reasons[decision.reason])
  }
  const { agreement } = decision
  const { standard } = await hub.published.standard(call.standard, agreement.major)
  if (standard.keySealed && !bodyOperations.has(operation)) {
    const detail = 'The key of this standard is sealed and never stands in an address: this call does not serve it.'
    throw await refuse(hub, { call, operation, agreement }, 'request-invalid', detail)
  }
  const asked = call.fields === undefined ? undefined : await askedLeaves(hub, call, operation, { agreement, standard })
  return { agreement, standard, cut: cutOf(agreement, standard, asked), reaches: rowsOf(agreement) }
}

/** Compiled once for an agreement; one that changes is another object. */
export function rowsOf(agreement: Agreement): Grant['reaches'] {
  let rows = compiled.get(agreement)
  if (rows === undefined) compiled.set(agreement, (rows = compileRows(agreement.rows)))
  return rows
}

const compiled = new WeakMap<Agreement, Grant['reaches']>()

const reasons: Record<Refusal, string> = {
  'no-agreement': 'Your department has no agreement on this standard; ask its owner for one.',
  'no-matter': 'Say what the call is for: put the matter code into the header Concord-Matter.',
  matter: 'No agreement of your department on this standard covers this matter.',
  revoked: 'The agreement that covers this matter was revoked.',
  'not-begun': 'The term of the agreement that covers this matter has not begun.',
  expired: 'The term of the agreement that covers this matter has ended; ask for a new one.',
  operation: 'The agreement that covers this matter does not allow this operation.',
}

/** The leaves that the names stand for; a name that the standard lacks is refused. */
async function askedLeaves(
  hub: Hub,
  call: Call,
  operation: Operation,
  { standard, agreement }: Pick<Grant, 'agreement' | 'standard'>,
): Promise<ReadonlySet<FieldPath>> {
  const names = call.fields ?? []
  const covers = (name: FieldPath, leaf: FieldPath): boolean => name === leaf || leaf.startsWith(`${name}.`)
  const unknown = names.filter(name => !standard.fields.some(({ path }) => covers(name, path)))
  if (unknown.length > 0) {
    throw new HubError('request-invalid', `${standard.id} has no such field as is named in \`fields\`.`, {
      issues: unknown.map((_, index) => ({
        pointer: `/fields/${index}`,
        code: 'field-unknown',
        message: 'is no field',
      })),
    })
  }
  const leaves = standard.fields.map(({ path }) => path).filter(leaf => names.some(name => covers(name, leaf)))
  if (!leaves.some(leaf => agreement.fields.includes(leaf))) {
    const detail = 'The agreement grants none of the fields that were asked for.'
    throw await refuse(hub, { call, operation, agreement }, 'field-not-granted', detail)
  }
  return new Set(leaves)
}

/**
 * A consumer says that a field of a record is wrong: it goes to the department whose word stands for that field.
 *
 * Whoever may see the field may say so, by whatever operation the agreement lets them; nothing is disclosed but that the
 * record is there, which counts as one record of the daily quota, taken before it is looked for. Persons cannot, for no role reads records.
 */
import { HubError } from '../errors.ts'
import { operations, type FieldPath, type Operation } from '../record.ts'
import { storedKey } from '../seal/contents.ts'
import { majorOf, type Standard } from '../standard.ts'
import { fieldsSaid } from '../store/contribution-origin.ts'
import { firstOn } from '../store/contributions.ts'
import { departmentOf } from '../store/differences.ts'
import { readRecord, unsealRecords, type StoredRecord } from '../store/records.ts'
import { markOf } from '../store/watched-fields.ts'
import { decodeUtf8 } from '../utf8-text.ts'
import { refuse, type DepartmentCall } from './access-entry.ts'
import { admit } from './admit.ts'
import { decisionOn } from './decision.ts'
import { refuseUnknown } from './disclosure.ts'
import type { Hub } from './hub.ts'
import { chargeCorrection, keepCorrection, type Asked, type Asking, type Keepable } from './keep-correction.ts'
import { precedenceOf } from './keeping.ts'
import { convertedOf, cutOf, type Grant } from './served-text.ts'
import { shownRecord } from './shown-records.ts'

/**
 * The correction, its entry durable. Sent again, it is the one that it was.
 *
 * @throws {HubError} with its entry durable: `field-not-granted`, `record-unknown`, `quota-exceeded` and what {@link admit}
 *   throws; `request-invalid` for a field that is none; `conflict` where the department has asked about it
 *   in other words, and has no answer yet
 */
export async function askCorrection(hub: Hub, call: DepartmentCall, asked: Asked): Promise<Asking> {
  const grant = await admitToCorrect(hub, call, asked.field)
  const { agreement } = grant
  const giveBack = await chargeCorrection(hub, call, agreement)
  try {
    for (;;) {
      const found = await findAddressed(hub, call, grant, asked)
      const asking = await keepCorrection(hub, { call, agreement, asked, ...found })
      // Else the record has changed since it was read: what is said of it goes by what it says now.
      if (asking === undefined) continue
      if (!asking.isNew) await giveBack()
      return asking
    }
  } catch (error) {
    // That one tells that the record is there.
    const isTold = error instanceof HubError && error.code === 'field-not-granted'
    if (!isTold) await giveBack()
    throw error
  }
}

/** The record as it is now, and who is to answer. @throws {HubError} `record-unknown`, `field-not-granted` */
async function findAddressed(
  hub: Hub,
  call: DepartmentCall,
  grant: Grant,
  { key, field }: Asked,
): Promise<Pick<Keepable, 'record' | 'watched' | 'addressee' | 'mark'>> {
  hub.store.refresh()
  const stored = storedKey(grant.standard, hub.keys.pseudonym, key)
  const found = await readRecord(hub.store.read, call.standard, stored)
  const shown = found && (await shownRecord(hub, grant, found))
  if (found === undefined || shown === undefined) {
    throw await refuseUnknown(hub, call, { operation: 'correct', grant, key })
  }
  const converted = convertedOf(shown)
  await requireGranted(hub, call, grant, { field, fields: (converted?.cut ?? grant.cut).fields })
  // Of a record of a newer major, what the field is made of there.
  const watched = converted === undefined ? field : (converted.newer.feeds.get(field)?.[0] ?? field)
  const addressee = await standingDepartment(hub, found, watched)
  const mark = await markOfRecord(hub, found, watched)
  return { record: found, watched, addressee, mark }
}

/** Admits whoever may see the field in any way. */
async function admitToCorrect(hub: Hub, call: DepartmentCall, field: FieldPath): Promise<Grant> {
  const operation = (await grantedOperation(hub, call)) ?? 'verify'
  const admitted = await admit(hub, { ...call, fields: undefined }, operation, 'correct')
  const { agreement, standard } = admitted
  if (!standard.fields.some(({ path }) => path === field)) {
    throw noLeaf(standard, field)
  }
  const only: ReadonlySet<FieldPath> = new Set([field])
  const grant = { ...admitted, asked: only, cut: cutOf(agreement, standard, only) }
  // Where no record's could be seen, none is looked for: whether it is there would tell.
  const cuts = [grant.cut, ...grant.newer.map(newer => cutOf(agreement, standard, only, newer))]
  await requireGranted(hub, call, grant, { field, fields: cuts.flatMap(({ fields }) => fields) })
  return grant
}

/** The example is a leaf of what was named, or else any of the standard's. */
function noLeaf({ id, fields }: Standard, field: string): HubError {
  const inside = fields.find(({ path }) => path.startsWith(`${field}.`))
  const example = inside ?? fields.find(({ path }) => path.includes('.')) ?? fields[0]
  const suchAs = example === undefined ? '' : `, such as ${example.path}`
  const [detail, message] =
    inside === undefined
      ? [`${id} has no such field; name a leaf of it${suchAs}.`, 'is no field']
      : [`${field} of ${id} holds other fields, and a correction is of one leaf: name one${suchAs}.`, 'is no leaf']
  return new HubError('request-invalid', detail, { issues: [{ pointer: '/field', code: 'field-unknown', message }] })
}

/** One that the agreement lets; whatever else it may refuse, its entry is a correction's. */
async function grantedOperation(hub: Hub, call: DepartmentCall): Promise<Operation | undefined> {
  // First those that serve a standard whose key is sealed.
  for (const operation of ['verify', 'lookup', ...operations] as const) {
    const decision = await decisionOn(hub, call, operation)
    if (decision.allowed || decision.reason !== 'operation') return operation
  }
  return undefined
}

async function requireGranted(
  hub: Hub,
  call: DepartmentCall,
  { agreement }: Grant,
  { field, fields }: { readonly field: FieldPath; readonly fields: readonly FieldPath[] },
): Promise<void> {
  if (fields.includes(field)) return
  const detail = `The agreement does not grant ${field}, so that nothing can be said of it.`
  throw await refuse(hub, { call, operation: 'correct', agreement }, 'field-not-granted', detail)
}

/** Whose word stands for a field; where nobody has it, whose would. */
async function standingDepartment(
  hub: Hub,
  { standard: id, key, version }: StoredRecord,
  field: FieldPath,
): Promise<string> {
  const major = majorOf(version)
  const said = (await fieldsSaid(hub.store.read, id, key)).filter(one => one.major === undefined || one.major === major)
  const { standard } = await hub.published.standard(id, major)
  const precedence = precedenceOf(standard)
  const top = field.split('.', 1)[0] ?? field
  const first = firstOn({ precedence }, said, top)
  const [would] = said.toSorted((a, b) => precedence(a.adapter, b.adapter, top))
  const adapter = (first ?? would)?.adapter
  if (adapter === undefined) throw new Error('bug: a record has no contribution')
  return departmentOf(adapter)
}

/** Of a sealed field, that field alone is unsealed. */
async function markOfRecord(hub: Hub, record: StoredRecord, field: FieldPath): Promise<string> {
  const { standard, key, body } = record
  const [unsealed] = await unsealRecords(hub.store.read, hub.keys.master, [record], [field])
  const sealed = [...(unsealed ?? [])].map(([path, text]) => ({ field: path, text }))
  return markOf(hub.keys.pseudonym, { standard, key, field }, { open: decodeUtf8(body), sealed })
}

/**
 * Corrections as those see them whom they concern: who asks, who is to answer, and who has passed one on.
 *
 * A list names records and fields; what people have written is shown one by one, each with its entry. The deadline is the
 * asker's: passing a correction on does not move it.
 */
import { dayOf } from '../agreement/quota.ts'
import { HubError } from '../errors.ts'
import { adaptersOn } from '../store/contribution-origin.ts'
import {
  listCorrections,
  readCorrection,
  readCorrectionTexts,
  writeAnswer,
  type Correction,
  type CorrectionAnswer,
  type CorrectionFilter,
  type CorrectionOutcome,
} from '../store/corrections.ts'
import { departmentOf } from '../store/differences.ts'
import { post } from '../store/outbox.ts'
import { lockMaster } from '../store/rotation.ts'
import { nameOf } from './agreements.ts'
import { enterAudit } from './audit.ts'
import { ownerOf } from './discrepancies.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'

/** `isOverdue`: it is open, and the last day for an answer is over. */
export type ListedCorrection = Correction & { readonly isOverdue: boolean }

/** With what people have written; the key as whoever asked knows it. */
export type ShownCorrection = ListedCorrection & {
  readonly message: string
  readonly proposed: string | null
  readonly answers: readonly CorrectionAnswer[]
}

type Asked = Omit<CorrectionFilter, 'of'> & { readonly role?: 'asked' | 'to-answer' | undefined }

/** A page of the caller's department, newest first; an entry, durable before this returns. @throws {HubError} `log-unavailable` */
export async function findCorrections(hub: Hub, by: By, { role, ...filter }: Asked): Promise<ListedCorrection[]> {
  const of = by.actor.kind === 'operator' ? undefined : { department: by.department ?? '', role }
  const found = await listCorrections(hub.store.read, { ...filter, of })
  const { standard, state } = filter
  const filters = {
    ...(standard !== undefined && { standard }),
    ...(state !== undefined && { state }),
    ...(role !== undefined && { role }),
  }
  const records = [...new Set(found.map(({ pseudonym }) => pseudonym))]
  await enterAudit(hub, by, { act: 'list-corrections', count: found.length, filters, records })
  return found.map(correction => listed(hub, correction))
}

/** @throws {HubError} `correction-unknown`, `log-unavailable` */
export async function showCorrection(hub: Hub, by: By, id: string): Promise<ShownCorrection> {
  const correction = await find(hub, by, id)
  await enterAudit(hub, by, { act: 'read-correction', count: 1, records: [correction.pseudonym] })
  const { proposed = null, ...texts } = await readCorrectionTexts(hub.store.read, hub.keys.master, id)
  return { ...listed(hub, correction), ...texts, proposed }
}

export type Answer = {
  readonly id: string
  readonly outcome: CorrectionOutcome
  readonly message: string
  /** Of one that is passed on: another department that speaks of the record, or the owner of the standard. */
  readonly to?: string | undefined
}

/**
 * Answers a correction on behalf of the department that it is addressed to, or passes it on; the command line may for any.
 *
 * @throws {HubError} `correction-unknown`, `correction-addressed`; `correction-state` where it is answered already;
 *   `request-invalid` where `to` is none that it can go to
 */
export async function answerCorrection(
  hub: Hub,
  by: By,
  { id, outcome, message, to }: Answer,
): Promise<ShownCorrection> {
  const correction = await find(hub, by, id)
  const { standard, addressee, field, pseudonym } = correction
  if (by.actor.kind !== 'operator' && by.department !== addressee) {
    throw new HubError('correction-addressed', `It is for ${addressee} to answer.`)
  }
  const passedTo = await requireTarget(hub, correction, { outcome, to })
  await hub.store.transact(async tx => {
    await lockMaster(tx)
    const answeredAt = hub.clock().toISOString()
    const answer = { outcome, department: addressee, answeredBy: nameOf(by), answeredAt, passedTo, message }
    if (!(await writeAnswer(tx, hub.keys.master, { id, addressee }, answer))) throw answered()
    const detail = { correction: id, outcome, ...(passedTo !== null && { to: passedTo }) }
    const about = { standard, fields: [field], records: [pseudonym], count: 1, detail }
    await post(tx, { ...entryOf(hub, by), operation: 'settle', outcome: 'done', ...about })
  })
  await carry(hub)
  return showCorrection(hub, by, id)
}

function answered(): HubError {
  return new HubError('correction-state', 'It is answered, or passed on, already: GET /v1/corrections/{id} says how.')
}

async function requireTarget(
  hub: Hub,
  { standard, key, addressee, state }: Correction,
  { outcome, to }: Pick<Answer, 'outcome' | 'to'>,
): Promise<string | null> {
  if (state !== 'open') throw answered()
  if (outcome !== 'passed-on') {
    if (to === undefined) return null
    throw invalidTarget('Only what is passed on goes `to` another department: leave it out.')
  }
  const adapters = await adaptersOn(hub.store.read, standard, key)
  const others = [...new Set([...adapters.map(departmentOf), await ownerOf(hub, standard)])]
  const targets = others.filter(department => department !== addressee)
  if (to !== undefined && targets.includes(to)) return to
  const detail =
    targets.length === 0
      ? 'Nobody else speaks of this record, and the standard is your own: answer it, corrected or rejected.'
      : `It can be passed on to ${targets.join(' or ')}: name one as \`to\`.`
  throw invalidTarget(detail)
}

function invalidTarget(detail: string): HubError {
  const issue = { pointer: '/to', code: 'not-listed', message: 'is no department that it can go to' }
  return new HubError('request-invalid', detail, { issues: [issue] })
}

/** Another department's is as unknown as none. */
async function find(hub: Hub, by: By, id: string): Promise<Correction> {
  const department = by.actor.kind === 'operator' ? undefined : (by.department ?? '')
  const correction = await readCorrection(hub.store.read, id, department)
  if (correction !== undefined) return correction
  throw new HubError('correction-unknown', 'There is no correction with this id that concerns your department.')
}

function listed(hub: Hub, correction: Correction): ListedCorrection {
  const today = dayOf(hub.clock().toISOString())
  return { ...correction, isOverdue: correction.state === 'open' && correction.dueOn < today }
}

/** Keeps a correction that somebody may ask for, with its entry, and charges it to the quota of the agreement. */
import type { Agreement } from '../agreement/agreement.ts'
import { dayOf } from '../agreement/quota.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, RecordKey } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import { readCorrectionTexts, readOpenCorrection, writeCorrection, type CorrectionTexts } from '../store/corrections.ts'
import { post } from '../store/outbox.ts'
import { readRecord, type StoredRecord } from '../store/records.ts'
import { lockMaster } from '../store/rotation.ts'
import { refuse, type DepartmentCall } from './access-entry.ts'
import { nameOf } from './agreements.ts'
import { carry, entryOf, type Hub } from './hub.ts'
import { giveQuotaBack, reserveQuota } from './quota.ts'

export type Asked = {
  readonly key: RecordKey
  /** A leaf. */
  readonly field: FieldPath
  readonly message: string
  readonly proposed?: string
}

/** `isNew` is false where the department has asked the same, in the same words, and has no answer yet. */
export type Asking = { readonly id: string; readonly isNew: boolean }

export type Keepable = {
  readonly call: DepartmentCall
  readonly agreement: Agreement
  readonly asked: Asked
  readonly record: StoredRecord
  /** The field as the record's own major names it, and a keyed hash of what it says. */
  readonly watched: FieldPath
  readonly mark: string
  readonly addressee: string
}

/** Undefined, and nothing kept, where the record is not any more as it was read. @throws {HubError} `conflict` */
export async function keepCorrection(hub: Hub, correction: Keepable): Promise<Asking | undefined> {
  const asking = await hub.store.transact(tx => write(hub, tx, correction))
  if (asking !== undefined) await carry(hub)
  return asking
}

/** As one record; a function that gives it back. @throws {HubError} `quota-exceeded`, with its entry durable */
export async function chargeCorrection(
  hub: Hub,
  call: DepartmentCall,
  agreement: Agreement,
): Promise<() => Promise<void>> {
  const { id, dailyQuota } = agreement
  if (dailyQuota === undefined) return async () => {}
  const at = hub.clock().toISOString()
  const one = { agreement: id, day: dayOf(at), at, records: 1, dailyQuota }
  if ((await reserveQuota(hub.store, one)) === 'reserved') return () => giveQuotaBack(hub.store, one).catch(() => {})
  const detail = `The agreement's daily quota of ${dailyQuota} records is used up; a new day begins at midnight, UTC.`
  throw await refuse(hub, { call, operation: 'correct', agreement }, 'quota-exceeded', detail)
}

async function write(hub: Hub, tx: Transaction, correction: Keepable): Promise<Asking | undefined> {
  const { call, agreement, asked, record, watched, mark, addressee } = correction
  const { by, matter } = call
  const { field, message, proposed } = asked
  const { standard, key, pseudonym } = record
  const subjects = record.subjects === '' ? [] : record.subjects.split(' ')
  await lockMaster(tx)
  // A delivery that came in between has not looked for this correction, and no other will tell it of the change.
  if ((await readRecord(tx, standard, key))?.revision !== record.revision) return undefined
  const askedAt = hub.clock().toISOString()
  const dueOn = dayOf(new Date(Date.parse(askedAt) + hub.config.correctionDays * 86_400_000).toISOString())
  const texts = { key: asked.key, message, ...(proposed !== undefined && { proposed }) }
  const written = await writeCorrection(
    tx,
    hub.keys.master,
    {
      standard, key, field, watched, pseudonym, mark, addressee, askedAt, dueOn,
      subject: subjects[0] ?? pseudonym, department: by.department, askedBy: nameOf(by), agreement: agreement.id,
    }, // prettier-ignore
    texts,
  )
  const id = written ?? (await sameAsked(hub, tx, correction, texts))
  await post(tx, {
    ...entryOf(hub, by),
    operation: 'correct',
    outcome: written === undefined ? 'unchanged' : 'done',
    standard,
    agreement: agreement.id,
    ...(matter !== undefined && { matter }),
    ...(call.case !== undefined && { case: call.case }),
    fields: [field],
    records: [pseudonym],
    ...(subjects.length > 0 && { subjects }),
    count: 1,
    detail: { correction: id, addressee },
  })
  return { id, isNew: written !== undefined }
}

/** The open correction that was asked for in the same words. @throws {HubError} `conflict` */
async function sameAsked(
  hub: Hub,
  tx: Transaction,
  { call, asked, record }: Keepable,
  { message, proposed }: CorrectionTexts,
): Promise<string> {
  const { department } = call.by
  const id = await readOpenCorrection(tx, { ...record, field: asked.field, department })
  if (id === undefined) throw new Error('bug: an open correction stands in the way, and is not there')
  const before = await readCorrectionTexts(tx, hub.keys.master, id)
  if (before.message === message && before.proposed === proposed) return id
  const detail = `Your department has asked about this field of this record already, and has no answer yet: see GET /v1/corrections/${id}.`
  throw new HubError('conflict', detail)
}

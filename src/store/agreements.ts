/** Agreements, as documents. One is never deleted: what it allowed once must be explained later. */
import type { Agreement } from '../agreement/agreement.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

/** In the order in which they were asked for. */
export async function readAgreements(session: Session): Promise<Agreement[]> {
  const rows = await session.all<{ document: string }>('SELECT document FROM agreements ORDER BY created_at, id')
  return rows.map(row => JSON.parse(row.document) as Agreement)
}

export async function readAgreement(session: Session, id: string): Promise<Agreement | undefined> {
  const row = await session.get<{ document: string }>('SELECT document FROM agreements WHERE id = ?', [id])
  return row && (JSON.parse(row.document) as Agreement)
}

/** Whether anybody has ever asked for an agreement on a standard. */
export async function hasAgreements(session: Session, standard: string): Promise<boolean> {
  return (await session.get('SELECT 1 FROM agreements WHERE standard = ? LIMIT 1', [standard])) !== undefined
}

/** @param at when it was asked for; of one that is written again it stays as it was */
export async function writeAgreement(tx: Transaction, agreement: Agreement, at: string): Promise<void> {
  await tx
    .knex('agreements')
    .insert({
      id: agreement.id,
      department: agreement.department,
      standard: agreement.standard,
      document: JSON.stringify(agreement),
      created_at: at,
    })
    .onConflict('id')
    .merge(['document'])
}

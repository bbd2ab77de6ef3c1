/** Agreements, as documents. */
import type { Agreement } from '../agreement/agreement.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

export async function readAgreements(session: Session): Promise<Agreement[]> {
  const rows = await session.all<{ document: string }>('SELECT document FROM agreements ORDER BY created_at, id')
  return rows.map(row => JSON.parse(row.document) as Agreement)
}

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

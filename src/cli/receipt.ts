/** A receipt as text. */
import type { Receipt } from '../record.ts'
import { aligned } from './output.ts'

export function receiptText({ delivery, accepted, unchanged, withdrawn, rejected }: Receipt): string {
  const counts = { accepted, unchanged, withdrawn, rejected }
  return aligned([['delivery', delivery], ...Object.entries(counts).map(([name, count]) => [name, String(count)])])
}

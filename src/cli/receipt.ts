/** A receipt as text. */
import type { Receipt } from '../record.ts'
import { aligned } from './output.ts'

/** @param kept what a revert has left, where it is one */
export function receiptText({ delivery, accepted, unchanged, withdrawn, rejected }: Receipt, kept?: number): string {
  const counts = { accepted, unchanged, withdrawn, rejected, ...(kept !== undefined && { kept }) }
  return aligned([['delivery', delivery], ...Object.entries(counts).map(([name, count]) => [name, String(count)])])
}

/** The migrations of the record store, in their order. */
import type { Migration } from '../connection.ts'
import * as records001 from './001_records.ts'
import * as intake002 from './002_intake.ts'

export const recordMigrations: Readonly<Record<string, Migration>> = {
  '001_records': records001,
  '002_intake': intake002,
}

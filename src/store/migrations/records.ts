/** The migrations of the record store, in their order. */
import type { Migration } from '../connection.ts'
import * as records001 from './001_records.ts'
import * as intake002 from './002_intake.ts'
import * as agreements003 from './003_agreements.ts'
import * as callers004 from './004_callers.ts'
import * as keys005 from './005_keys.ts'
import * as async006 from './006_async.ts'

export const recordMigrations: Readonly<Record<string, Migration>> = {
  '001_records': records001,
  '002_intake': intake002,
  '003_agreements': agreements003,
  '004_callers': callers004,
  '005_keys': keys005,
  '006_async': async006,
}

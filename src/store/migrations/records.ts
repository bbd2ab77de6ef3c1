/** The migrations of the record store, in their order. */
import type { Migration } from '../connection.ts'
import * as records001 from './001_records.ts'
import * as intake002 from './002_intake.ts'
import * as agreements003 from './003_agreements.ts'
import * as callers004 from './004_callers.ts'
import * as keys005 from './005_keys.ts'
import * as async006 from './006_async.ts'
import * as standards007 from './007_standards.ts'
import * as adapters008 from './008_adapters.ts'
import * as lifecycle009 from './009_lifecycle.ts'
import * as sources010 from './010_sources.ts'
import * as terms011 from './011_terms.ts'

export const recordMigrations: Readonly<Record<string, Migration>> = {
  '001_records': records001,
  '002_intake': intake002,
  '003_agreements': agreements003,
  '004_callers': callers004,
  '005_keys': keys005,
  '006_async': async006,
  '007_standards': standards007,
  '008_adapters': adapters008,
  '009_lifecycle': lifecycle009,
  '010_sources': sources010,
  '011_terms': terms011,
}

/** Adapters published to a running hub: which version is in use, and the cases that each must go on passing. */
import type { Knex } from 'knex'
import { newest } from '../../versions.ts'

const columns = [
  'major INTEGER NOT NULL DEFAULT 0',
  // 1 for one version of each adapter: the newest, or the earlier one that it was put back to.
  'in_use INTEGER NOT NULL DEFAULT 0',
]

// `sealed`: what the case gives and expects, as JSON text. `version`: that of the adapter from which on the case stands,
// until a later version brings another of its name.
const cases = `adapter_cases (adapter TEXT, name TEXT, version TEXT, sealed TEXT NOT NULL, data_key TEXT NOT NULL,
  bytes INTEGER NOT NULL, records INTEGER NOT NULL, rejects INTEGER NOT NULL, put_at TEXT NOT NULL,
  PRIMARY KEY (adapter, name, version))`

export async function up(knex: Knex): Promise<void> {
  for (const column of columns) await knex.raw(`ALTER TABLE adapters ADD COLUMN ${column}`)
  await knex.raw(`CREATE TABLE ${cases} WITHOUT ROWID`)
  await noteUse(knex)
  await knex.raw('CREATE UNIQUE INDEX adapters_in_use ON adapters (adapter) WHERE in_use = 1')
}

/** Until now the newest version was in use. */
async function noteUse(knex: Knex): Promise<void> {
  type Row = { adapter: string; version: string; document: string }
  const rows = await knex<Row>('adapters').select('adapter', 'version', 'document')
  for (const { adapter, version, document } of rows) {
    const { major } = (JSON.parse(document) as { standard: { major: number } }).standard
    const isNewest = newest(rows.filter(row => row.adapter === adapter))?.version === version
    await knex('adapters')
      .where({ adapter, version })
      .update({ major, in_use: isNewest ? 1 : 0 })
  }
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

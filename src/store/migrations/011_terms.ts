/** Fields that became indexed: how far the terms of records are built. */
import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  // `fields`: paths, JSON text. Of records up to the change number `seq` the terms are built. `begun_at`: RFC 3339, UTC.
  await knex.raw(`CREATE TABLE term_builds (standard TEXT, major INTEGER, fields TEXT NOT NULL, seq BIGINT NOT NULL,
                    begun_at TEXT NOT NULL, PRIMARY KEY (standard, major)) WITHOUT ROWID`)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

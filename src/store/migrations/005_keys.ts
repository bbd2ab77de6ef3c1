/** Keys: each wrapped data key says by which master key, so that there may be two of them while one takes the other's place. */
import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  // `fingerprint:wrapped`. Until now there was one master key, whose fingerprint the hub's row names.
  await knex.raw(`UPDATE data_keys SET wrapped = (SELECT value FROM hub WHERE name = 'key master') || ':' || wrapped`)
  // A rotation of the master key that has begun and not ended: at most one.
  await knex.raw(`CREATE TABLE rotation (new_key TEXT PRIMARY KEY, old_key TEXT NOT NULL, keeps_old INTEGER NOT NULL,
                    rewrapped BIGINT NOT NULL, touched_at TEXT NOT NULL) WITHOUT ROWID`)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

/** The access log: leaves with their tree hashes, kept checkpoints, and which outbox entries have arrived. */
import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  // `hashes`: the leaf hash, then those of the complete subtrees that this leaf completes.
  await knex.raw(`CREATE TABLE entries (leaf INTEGER PRIMARY KEY, entry TEXT NOT NULL, hashes BLOB NOT NULL)`)
  await knex.raw(`CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL, kept_at BIGINT NOT NULL)`)
  await knex.raw(`CREATE TABLE relayed (id TEXT PRIMARY KEY, leaf BIGINT NOT NULL) WITHOUT ROWID`)
  for (const table of ['entries', 'checkpoints']) {
    for (const verb of ['UPDATE', 'DELETE']) {
      await knex.raw(`CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
                        BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END`)
    }
  }
}

export async function down(): Promise<void> {
  throw new Error('The log is never taken down.')
}

/** The access log: what witnesses have signed below its checkpoints. */
import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  // `witness`: name and id of its key; `line`: the line of the note, as it is served.
  await knex.raw(`CREATE TABLE cosignatures (size INTEGER NOT NULL REFERENCES checkpoints, witness TEXT NOT NULL,
                    line TEXT NOT NULL, kept_at BIGINT NOT NULL, PRIMARY KEY (size, witness)) WITHOUT ROWID`)
  await knex.raw('CREATE INDEX cosignatures_by_witness ON cosignatures (witness, size)')
  for (const verb of ['UPDATE', 'DELETE']) {
    await knex.raw(`CREATE TRIGGER cosignatures_no_${verb.toLowerCase()} BEFORE ${verb} ON cosignatures
                      BEGIN SELECT RAISE(ABORT, 'cosignatures are append-only'); END`)
  }
}

export async function down(): Promise<void> {
  throw new Error('The log is never taken down.')
}

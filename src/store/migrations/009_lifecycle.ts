/** The end of a major: deprecated, retired; notices in the change feed. */
import type { Knex } from 'knex'

const tables = [
  // A major of which nothing was ever said has no row; one that was restored has its acts still. `status`: published,
  // deprecated or retired. `acts`: what was done, by whom and why, oldest first, as JSON text.
  `standard_majors (standard TEXT, major INTEGER, status TEXT NOT NULL, deprecated_at TEXT, sunset TEXT, retired_at TEXT,
     acts TEXT NOT NULL, PRIMARY KEY (standard, major))`,
  // What consumers are told of a standard, numbered with its revisions: a number of its head is of the one or the other.
  `notices (standard TEXT, seq BIGINT, kind TEXT NOT NULL, major INTEGER NOT NULL, version TEXT, sunset TEXT,
     at TEXT NOT NULL, PRIMARY KEY (standard, seq))`,
]

/** As revisions: what a cursor has passed does not change behind it. */
const appendOnly = (['UPDATE', 'DELETE'] as const).map(
  verb => `CREATE TRIGGER notices_no_${verb.toLowerCase()} BEFORE ${verb} ON notices
             BEGIN SELECT RAISE(ABORT, 'notices are append-only'); END`,
)

export async function up(knex: Knex): Promise<void> {
  for (const table of tables) await knex.raw(`CREATE TABLE ${table} WITHOUT ROWID`)
  for (const trigger of appendOnly) await knex.raw(trigger)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

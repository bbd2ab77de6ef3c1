/** The index of the access log: derived from it, and made anew when it is lost. */
import type { Knex } from 'knex'

const tables = [
  // How far the log is indexed: its entries below `next`; `last` is the leaf hash of the last of them, which tells
  // whether this is the index of this log.
  `progress (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL, last BLOB)`,
  // Texts that many entries share, numbered in the order in which they came.
  `words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)`,
  // One row an entry. Members that are texts are words; `time` in ms; `request` is a mark.
  `entries (leaf INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor INTEGER NOT NULL, department INTEGER, standard INTEGER,
     agreement INTEGER, operation INTEGER NOT NULL, matter INTEGER, outcome INTEGER NOT NULL, problem INTEGER,
     count INTEGER NOT NULL, request BLOB NOT NULL, is_access INTEGER NOT NULL)`,
  // Where what hardly two entries share stands: records, subjects, cases and requests, by their marks. By segment of the
  // log, so that what is written next goes to few pages, however long the log is.
  `mentions (segment INTEGER, mark BLOB, leaf INTEGER, PRIMARY KEY (segment, mark, leaf)) WITHOUT ROWID`,
  // The subjects disclosed by an entry about records, by their marks.
  `subjects (leaf INTEGER, mark BLOB, PRIMARY KEY (leaf, mark)) WITHOUT ROWID`,
  // Where the entries of a day of UTC stand: entries of one moment may come in another order than their times.
  `days (day INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL)`,
]

export async function up(knex: Knex): Promise<void> {
  for (const table of tables) await knex.raw(`CREATE TABLE ${table}`)
  await knex('progress').insert({ one: 1, next: 0 })
}

export async function down(): Promise<void> {
  throw new Error('The index is derived from the log: remove the file instead.')
}

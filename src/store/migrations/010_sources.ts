/** Several sources of one record: discrepancies, and corrections that consumers ask for. */
import type { Knex } from 'knex'

const tables = [
  // What two departments say differently of one top-level field; no value. `department` < `other`. Marks are keyed hashes
  // of the two values; `leaves` paths, JSON text; `stands` a department. `subject`: under whose data key `reason` is sealed.
  // One that is gone keeps its decision, for it may come back with the same values.
  `discrepancies (standard TEXT, record_key TEXT, field TEXT, department TEXT, other TEXT, id TEXT NOT NULL UNIQUE,
     adapter TEXT NOT NULL, other_adapter TEXT NOT NULL, mark TEXT NOT NULL, other_mark TEXT NOT NULL, leaves TEXT NOT NULL,
     stands TEXT NOT NULL, pseudonym TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL,
     gone_at TEXT, decision TEXT, reason TEXT, decided_by TEXT, decided_at TEXT,
     PRIMARY KEY (standard, record_key, field, department, other)) WITHOUT ROWID`,

  // A consumer says that a field of a record is wrong. `sealed` holds the plain key, the message and the proposed value,
  // under the data key of `subject`; `record_key` is as stored. `department` asks, `addressee` is to answer. `mark`: a keyed
  // hash of the value that is said to be wrong, while it is waited for to change, in the field that the record's own major
  // calls `watched`.
  `corrections (id TEXT PRIMARY KEY, standard TEXT NOT NULL, record_key TEXT NOT NULL, field TEXT NOT NULL,
     watched TEXT NOT NULL, pseudonym TEXT NOT NULL, subject TEXT NOT NULL, department TEXT NOT NULL, asked_by TEXT NOT NULL, agreement TEXT NOT NULL,
     asked_at TEXT NOT NULL, due_on TEXT NOT NULL, addressee TEXT NOT NULL, state TEXT NOT NULL, mark TEXT, changed_at TEXT,
     sealed TEXT NOT NULL)`,
  // What became of it, step by step: an answer, or to whom it was passed on. `sealed` holds the message.
  `correction_answers (correction TEXT, number INTEGER, outcome TEXT NOT NULL, department TEXT NOT NULL,
     answered_by TEXT NOT NULL, answered_at TEXT NOT NULL, passed_to TEXT, sealed TEXT NOT NULL,
     PRIMARY KEY (correction, number)) WITHOUT ROWID`,

  // How far records are merged anew by a standard's newest versions (`of`): all keys up to `after`.
  `remerges (standard TEXT PRIMARY KEY, of TEXT NOT NULL, after TEXT NOT NULL, merged BIGINT NOT NULL,
     changed BIGINT NOT NULL, begun_at TEXT NOT NULL) WITHOUT ROWID`,
]

const indexes = [
  'CREATE INDEX discrepancies_by_time ON discrepancies (since, id)',
  'CREATE INDEX discrepancies_of_standard ON discrepancies (standard, state, since, id)',
  'CREATE INDEX corrections_by_asker ON corrections (department, asked_at, id)',
  'CREATE INDEX corrections_by_addressee ON corrections (addressee, asked_at, id)',
  // Looked at by every delivery: it holds what is waited for, and nothing else.
  'CREATE INDEX corrections_watched ON corrections (standard, record_key) WHERE mark IS NOT NULL',
  // A department asks once about a field of a record, until it has an answer.
  `CREATE UNIQUE INDEX corrections_open ON corrections (standard, record_key, field, department) WHERE state = 'open'`,
]

export async function up(knex: Knex): Promise<void> {
  for (const table of tables) await knex.raw(`CREATE TABLE ${table}`)
  for (const index of indexes) await knex.raw(index)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

/** Several sources of one record: discrepancies, and corrections that consumers ask for. */
import type { Knex } from 'knex'

const tables = [
  // What two departments say differently of one top-level field; no value. `department` < `other`. Marks are keyed hashes
  // of the two values; `leaves` paths, JSON text; `stands` a department. `reason_subject`: under whose data key `reason` is
  // sealed. A decision is of the values with the marks `decided_mark` and `decided_other_mark`, and is kept: they may come back.
  `discrepancies (standard TEXT, record_key TEXT, field TEXT, department TEXT, other TEXT, id TEXT NOT NULL UNIQUE,
     adapter TEXT NOT NULL, other_adapter TEXT NOT NULL, mark TEXT NOT NULL, other_mark TEXT NOT NULL, leaves TEXT NOT NULL,
     stands TEXT NOT NULL, pseudonym TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL,
     gone_at TEXT, decision TEXT, reason TEXT, reason_subject TEXT, decided_by TEXT, decided_at TEXT, decided_mark TEXT,
     decided_other_mark TEXT,
     PRIMARY KEY (standard, record_key, field, department, other)) WITHOUT ROWID`,

  // A consumer says that a field of a record is wrong. `sealed` holds the plain key, the message and the proposed value,
  // under the data key of `subject`; `record_key` is as stored. `department` asks, `addressee` is to answer. `mark`: a keyed
  // hash of the value that is said to be wrong, while it is open or waited for to change, in the field that the record's own major
  // calls `watched`.
  `corrections (id TEXT PRIMARY KEY, standard TEXT NOT NULL, record_key TEXT NOT NULL, field TEXT NOT NULL,
     watched TEXT NOT NULL, pseudonym TEXT NOT NULL, subject TEXT NOT NULL, department TEXT NOT NULL, asked_by TEXT NOT NULL, agreement TEXT NOT NULL,
     asked_at TEXT NOT NULL, due_on TEXT NOT NULL, addressee TEXT NOT NULL, state TEXT NOT NULL, mark TEXT, changed_at TEXT,
     sealed TEXT NOT NULL)`,
  // What became of it, step by step: an answer, or to whom it was passed on. `sealed` holds the message; `asked_at` is the
  // correction's, by which a department's are listed.
  `correction_answers (correction TEXT, number INTEGER, outcome TEXT NOT NULL, department TEXT NOT NULL,
     answered_by TEXT NOT NULL, answered_at TEXT NOT NULL, passed_to TEXT, sealed TEXT NOT NULL, asked_at TEXT NOT NULL,
     PRIMARY KEY (correction, number)) WITHOUT ROWID`,

  // How far records are merged anew by a standard's newest versions (`of`): all keys up to `after`.
  `remerges (standard TEXT PRIMARY KEY, of TEXT NOT NULL, after TEXT NOT NULL, merged BIGINT NOT NULL,
     changed BIGINT NOT NULL, begun_at TEXT NOT NULL) WITHOUT ROWID`,
]

const indexes = [
  'CREATE INDEX discrepancies_by_time ON discrepancies (state, since, id)',
  'CREATE INDEX discrepancies_of_standard ON discrepancies (standard, state, since, id)',
  'CREATE INDEX discrepancies_of_department ON discrepancies (department, state, since, id)',
  'CREATE INDEX discrepancies_of_other ON discrepancies (other, state, since, id)',
  'CREATE INDEX corrections_by_time ON corrections (state, asked_at, id)',
  'CREATE INDEX corrections_by_asker ON corrections (department, state, asked_at, id)',
  'CREATE INDEX corrections_by_addressee ON corrections (addressee, state, asked_at, id)',
  // Who has answered finally is the addressee still: only those that were passed on need be found by it.
  `CREATE INDEX corrections_passed_on ON correction_answers (department, asked_at, correction) WHERE passed_to IS NOT NULL`,
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

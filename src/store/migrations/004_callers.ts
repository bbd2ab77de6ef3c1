/** Who calls: users, and what clients are known and bounded by. */
import type { Knex } from 'knex'

const tables = [
  // People. `roles` joined by blanks; `credential` changes with password and TOTP secret, and tokens name it; `totp` is
  // sealed under `data_key`.
  `users (id TEXT PRIMARY KEY, department TEXT, title TEXT NOT NULL, roles TEXT NOT NULL, status TEXT NOT NULL,
     credential TEXT NOT NULL, password_hash TEXT NOT NULL, totp TEXT NOT NULL, data_key TEXT NOT NULL,
     created_at TEXT NOT NULL)`,
  // What signing in has come to, by user: the last TOTP step that was taken, failures in a row, the end of the lock (ms),
  // and failures ever: by that every failure changes the row, and so costs the same commit.
  `sign_ins (user_id TEXT PRIMARY KEY, last_step BIGINT NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
     locked_until BIGINT NOT NULL DEFAULT 0, failures_ever BIGINT NOT NULL DEFAULT 0)`,
  // Assertions that clients have used to ask for a token (RFC 7523), until they are void by their own time (ms).
  `client_assertions (client TEXT, jti TEXT, expires_at BIGINT NOT NULL, PRIMARY KEY (client, jti))`,
]

/** Columns that other tables gain. */
const columns: readonly (readonly [table: string, column: string])[] = [
  ['clients', `credential TEXT NOT NULL DEFAULT ''`],
  ['clients', 'previous TEXT'],
  ['clients', `addresses TEXT NOT NULL DEFAULT ''`],
  ['clients', 'rate TEXT'],
]

export async function up(knex: Knex): Promise<void> {
  for (const table of tables) await knex.raw(`CREATE TABLE ${table} WITHOUT ROWID`)
  for (const [table, column] of columns) await knex.raw(`ALTER TABLE ${table} ADD COLUMN ${column}`)
  await knex.raw(`UPDATE clients SET credential = '{"kind":"secret","hash":"' || secret_hash || '"}'`)
  await knex.raw('ALTER TABLE clients DROP COLUMN secret_hash')
  // The row of whoever is no user: a failure of theirs is written like a user's.
  await knex('sign_ins').insert({ user_id: '' })
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

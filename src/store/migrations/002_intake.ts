/** The way in, widened: what undoes a delivery, orders and decides rejects, crosswalks, and where records are pulled from. */
import type { Knex } from 'knex'

const columns: readonly (readonly [table: string, column: string])[] = [
  // The fence of the delivery that last changed the contribution; `delivery` is the last one that met it.
  ['contributions', 'changed BIGINT NOT NULL DEFAULT 0'],
  // `delivery`, `replay` (of rejects) or `revert` (of the delivery in `of`).
  ['deliveries', `kind TEXT NOT NULL DEFAULT 'delivery'`],
  ['deliveries', 'of TEXT'],
  // The first and the last change number that the delivery has written.
  ['deliveries', 'first_seq BIGINT'],
  ['deliveries', 'last_seq BIGINT'],
  // Why a reject was dismissed, by whom it was decided, and when.
  ['quarantine', 'reason TEXT'],
  ['quarantine', 'decided_by TEXT'],
  ['quarantine', 'decided_at TEXT'],
]

const tables = [
  // What a contribution was before a delivery (its fence) changed it. `before_seq`: the revision that held its text
  // while it was the record's only one; else the text itself. Without either, the delivery has made the contribution.
  `contribution_changes (standard TEXT, adapter TEXT, fence BIGINT, record_key TEXT, withdrawn INTEGER NOT NULL,
     before_seq BIGINT, scope TEXT, digest TEXT, body TEXT, sealed TEXT, data_key TEXT, record_id TEXT, as_of TEXT,
     PRIMARY KEY (standard, adapter, fence, record_key))`,
  // By adapters that name an order: the highest mark that was met of a key, withdrawals included.
  `order_marks (standard TEXT, record_key TEXT, adapter TEXT, mark TEXT NOT NULL, fence BIGINT NOT NULL,
     PRIMARY KEY (standard, record_key, adapter))`,
  `crosswalks (id TEXT, version TEXT, document TEXT NOT NULL, published_at TEXT NOT NULL, PRIMARY KEY (id, version))`,
  // Secrets for sources that records are pulled from, sealed; each may be sent to one origin only.
  `credentials (name TEXT PRIMARY KEY, kind TEXT NOT NULL, origin TEXT NOT NULL, sealed TEXT NOT NULL,
     data_key TEXT NOT NULL, created_at TEXT NOT NULL)`,
  // When an adapter pulls next, how its last run went, and what the next one goes on from (JSON text).
  `pulls (adapter TEXT PRIMARY KEY, next_at TEXT, started_at TEXT, ended_at TEXT, outcome TEXT, problem TEXT,
     delivery TEXT, failures INTEGER NOT NULL, resume TEXT NOT NULL)`,
]

export async function up(knex: Knex): Promise<void> {
  for (const [table, column] of columns) await knex.raw(`ALTER TABLE ${table} ADD COLUMN ${column}`)
  for (const table of tables) await knex.raw(`CREATE TABLE ${table} WITHOUT ROWID`)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

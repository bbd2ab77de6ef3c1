/** The way in, widened: what undoes a delivery, orders and decides rejects, crosswalks, and where records are pulled from. */
import type { Knex } from 'knex'

const columns: readonly (readonly [table: string, column: string])[] = [
  // Whose word the contribution is: the fence of the delivery that changed it last, or that a revert has led back to.
  // `delivery` is the last one that met it.
  ['contributions', 'changed BIGINT NOT NULL DEFAULT 0'],
  // The fence of the delivery that had met it before `delivery`, which has merely confirmed it.
  ['contributions', 'met_before BIGINT'],
  // The standard's version by which its own text is written; null while it has none.
  ['contributions', 'version TEXT'],
  // `delivery`, `replay` (of rejects) or `revert` (of the delivery in `of`).
  ['deliveries', `kind TEXT NOT NULL DEFAULT 'delivery'`],
  ['deliveries', 'of TEXT'],
  // What a revert has left as it was, since a later delivery had changed it.
  ['deliveries', 'kept BIGINT NOT NULL DEFAULT 0'],
  // Source records, or rows, that the adapter's `where` has passed over.
  ['deliveries', 'passed_over BIGINT NOT NULL DEFAULT 0'],
  // The first and the last change number that the delivery has written.
  ['deliveries', 'first_seq BIGINT'],
  ['deliveries', 'last_seq BIGINT'],
  // Where the source record stood in the input of `delivery`, and whether it is a record at all, or text that was none.
  ['quarantine', 'ordinal BIGINT NOT NULL DEFAULT 0'],
  ['quarantine', 'unreadable INTEGER NOT NULL DEFAULT 0'],
  // By adapters whose order is a mark: that of the record.
  ['quarantine', 'mark TEXT'],
  // Why a reject was dismissed, by whom it was dismissed or released, and when.
  ['quarantine', 'reason TEXT'],
  ['quarantine', 'decided_by TEXT'],
  ['quarantine', 'decided_at TEXT'],
  // The delivery that has moved it to its state, and what it was before: to revert that delivery, the two change places.
  ['quarantine', 'moved_by TEXT'],
  ['quarantine', 'state_before TEXT'],
  ['quarantine', 'delivery_before TEXT'],
]

const tables = [
  // What a contribution was before the delivery with that fence changed it; without a digest, it was not there.
  // `changed`: whose word it has been since; `before_changed`: whose it was. `before_seq`: the revision that held its
  // text, while it was the record's only one; else the text itself. A record's first and only contribution has no row.
  `contribution_changes (standard TEXT, adapter TEXT, record_key TEXT, fence BIGINT, changed BIGINT NOT NULL,
     before_changed BIGINT, before_seq BIGINT, delivery TEXT, scope TEXT, digest TEXT, body TEXT, sealed TEXT,
     data_key TEXT, version TEXT, record_id TEXT, as_of TEXT, PRIMARY KEY (standard, adapter, record_key, fence))`,
  // By adapters whose order is a mark: the highest that a delivery has met of a key, withdrawals included.
  // `undone`: 1 while the delivery is reverted, so that it counts no more.
  `order_marks (standard TEXT, record_key TEXT, adapter TEXT, fence BIGINT, mark TEXT NOT NULL,
     undone INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (standard, record_key, adapter, fence))`,
  // The scopes of which a snapshot that ended well has said all that there is.
  `snapshots (standard TEXT, adapter TEXT, scope TEXT, fence BIGINT, delivery TEXT NOT NULL,
     PRIMARY KEY (standard, adapter, scope, fence))`,
  `crosswalks (id TEXT, version TEXT, document TEXT NOT NULL, published_at TEXT NOT NULL, PRIMARY KEY (id, version))`,
  // Secrets for sources that records are pulled from, sealed; each may be sent to one origin only.
  `credentials (name TEXT PRIMARY KEY, kind TEXT NOT NULL, origin TEXT NOT NULL, sealed TEXT NOT NULL,
     data_key TEXT NOT NULL, created_at TEXT NOT NULL)`,
  // When an adapter pulls next (by which schedule that was reckoned), how its last run went, and what the next one goes
  // on from (JSON text).
  `pulls (adapter TEXT PRIMARY KEY, schedule TEXT NOT NULL, next_at TEXT, started_at TEXT, ended_at TEXT, outcome TEXT, problem TEXT,
     delivery TEXT, failures INTEGER NOT NULL, resume TEXT NOT NULL)`,
]

const indexes = [
  `CREATE INDEX contribution_changes_by_fence ON contribution_changes (standard, adapter, fence, record_key)`,
  `CREATE INDEX order_marks_by_fence ON order_marks (standard, adapter, fence)`,
  `CREATE INDEX quarantine_open ON quarantine (adapter, record_key) WHERE state = 'open'`,
  `CREATE INDEX quarantine_by_delivery ON quarantine (delivery)`,
]

export async function up(knex: Knex): Promise<void> {
  for (const [table, column] of columns) await knex.raw(`ALTER TABLE ${table} ADD COLUMN ${column}`)
  for (const table of tables) await knex.raw(`CREATE TABLE ${table} WITHOUT ROWID`)
  for (const statement of indexes) await knex.raw(statement)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

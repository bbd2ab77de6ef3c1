/** The record store: catalogue, administration, deliveries, records. Keys of record tables begin with the shard key. */
import type { Knex } from 'knex'

const tables = [
  // What the hub knows of itself: fingerprints of its keys, the generation of its configuration.
  `hub (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,

  `departments (id TEXT PRIMARY KEY, document TEXT NOT NULL)`,
  `standards (standard TEXT, version TEXT, major INTEGER NOT NULL, document TEXT NOT NULL, types TEXT NOT NULL,
     published_at TEXT NOT NULL, PRIMARY KEY (standard, version))`,
  `code_lists (id TEXT, version TEXT, document TEXT NOT NULL, published_at TEXT NOT NULL, PRIMARY KEY (id, version))`,
  `adapters (adapter TEXT, version TEXT, standard TEXT NOT NULL, document TEXT NOT NULL, published_at TEXT NOT NULL,
     PRIMARY KEY (adapter, version))`,
  `clients (id TEXT PRIMARY KEY, department TEXT NOT NULL, title TEXT NOT NULL, secret_hash TEXT NOT NULL,
     scopes TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL)`,
  `agreements (id TEXT PRIMARY KEY, department TEXT NOT NULL, standard TEXT NOT NULL, document TEXT NOT NULL,
     created_at TEXT NOT NULL)`,

  `leases (adapter TEXT PRIMARY KEY, fence BIGINT NOT NULL, holder TEXT NOT NULL, expires_at BIGINT NOT NULL)`,
  `deliveries (id TEXT PRIMARY KEY, adapter TEXT NOT NULL, adapter_version TEXT NOT NULL, standard TEXT NOT NULL,
     fence BIGINT NOT NULL, actor TEXT NOT NULL, state TEXT NOT NULL, accepted BIGINT NOT NULL, unchanged BIGINT NOT NULL,
     withdrawn BIGINT NOT NULL, rejected BIGINT NOT NULL, warned BIGINT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, problem TEXT)`,
  `idempotency (client TEXT, idempotency_key TEXT, adapter TEXT NOT NULL, digest TEXT NOT NULL, delivery TEXT NOT NULL,
     PRIMARY KEY (client, idempotency_key))`,

  `heads (standard TEXT PRIMARY KEY, seq BIGINT NOT NULL)`,
  // Append-only: at once the history and the change feed. `previous` chains a record's revisions.
  `revisions (standard TEXT, seq BIGINT, record_key TEXT NOT NULL, revision BIGINT NOT NULL, previous BIGINT,
     version TEXT NOT NULL, withdrawn INTEGER NOT NULL, body TEXT NOT NULL, sealed TEXT, data_key TEXT,
     digest TEXT NOT NULL, pseudonym TEXT NOT NULL, subjects TEXT NOT NULL, adapter TEXT NOT NULL,
     delivery TEXT NOT NULL, record_id TEXT, as_of TEXT, updated_at TEXT NOT NULL, PRIMARY KEY (standard, seq))`,
]

/** Small rows found by their key alone: one B-tree where the engine can do so. */
const keyedTables = [
  `records (standard TEXT, record_key TEXT, seq BIGINT NOT NULL, revision BIGINT NOT NULL, withdrawn INTEGER NOT NULL,
     contributions INTEGER NOT NULL, terms TEXT NOT NULL, PRIMARY KEY (standard, record_key))`,
  // `body` and `sealed` are null while this is the record's only contribution: then the record's revision holds them.
  `contributions (standard TEXT, record_key TEXT, adapter TEXT, scope TEXT NOT NULL, digest TEXT NOT NULL,
     delivery TEXT NOT NULL, body TEXT, sealed TEXT, data_key TEXT,
     record_id TEXT, as_of TEXT, PRIMARY KEY (standard, record_key, adapter))`,
  `record_terms (standard TEXT, field TEXT, value TEXT, record_key TEXT,
     PRIMARY KEY (standard, field, value, record_key))`,
  `data_keys (subject TEXT PRIMARY KEY, wrapped TEXT NOT NULL)`,
]

const rest = [
  // Rejected source records, their text sealed. `delivery` is the last one that met it.
  `quarantine (id TEXT PRIMARY KEY, adapter TEXT NOT NULL, fingerprint TEXT NOT NULL, standard TEXT NOT NULL,
     record_key TEXT, scope TEXT, adapter_version TEXT NOT NULL, sealed TEXT NOT NULL, data_key TEXT NOT NULL,
     issues TEXT NOT NULL, state TEXT NOT NULL, delivery TEXT NOT NULL, created_at TEXT NOT NULL,
     UNIQUE (adapter, fingerprint))`,
  // Log entries on their way into the access log: written with what they tell of, in one transaction.
  `outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, entry TEXT NOT NULL)`,
]

const indexes = [
  `CREATE INDEX quarantine_by_key ON quarantine (adapter, record_key)`,
  `CREATE INDEX deliveries_by_adapter ON deliveries (adapter, started_at)`,
]

/** Triggers by which the engine itself forbids to change history (with `recursive_triggers`, also INSERT OR REPLACE). */
const appendOnly = (['UPDATE', 'DELETE'] as const).map(
  verb => `CREATE TRIGGER revisions_no_${verb.toLowerCase()} BEFORE ${verb} ON revisions
             BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END`,
)

export async function up(knex: Knex): Promise<void> {
  for (const table of [...tables, ...rest]) await knex.raw(`CREATE TABLE ${table}`)
  for (const table of keyedTables) await knex.raw(`CREATE TABLE ${table} WITHOUT ROWID`)
  for (const statement of [...indexes, ...appendOnly]) await knex.raw(statement)
  await knex('hub').insert({ name: 'generation', value: '0' })
}

export async function down(): Promise<void> {
  throw new Error('The first migration has no way back: restore a backup instead.')
}

/**
 * Opens a database file and runs statements on it: prepared once, inside or outside a transaction.
 *
 * One connection writes, taken from knex's pool of one, so that writers of this process wait for each other without
 * blocking the event loop; a second one reads, so that a reader sees only what is committed. Nobody outside `store/`
 * knows which engine runs below.
 */
import BetterSqlite from 'better-sqlite3'
import knex, { type Knex } from 'knex'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { HubError } from '../errors.ts'
import { asUnavailable, session, snapshots, type Session } from './session.ts'

/** A session inside a transaction; `knex` builds statements for what is not hot. */
export type Transaction = Session & { readonly knex: Knex }

export type Database = {
  /** Outside any transaction; sees what is committed, in one state for each turn of the event loop. */
  readonly read: Session
  /** Has the next read see what was committed by now, if this turn has read before. */
  refresh(): void
  readonly knex: Knex
  /** The names of the migrations that opening has applied. */
  readonly applied: readonly string[]
  /**
   * Runs `work` in one transaction. Its first statement must write: a transaction that begins by reading could not
   * become a writer once another process has written (SQLITE_BUSY_SNAPSHOT).
   */
  transact<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export type Migration = { readonly up: (knex: Knex) => Promise<void>; readonly down: (knex: Knex) => Promise<void> }

/** How long one process waits for another's transaction before it gives up, in milliseconds. */
const busyTimeoutMs = 10_000

/**
 * Opens a database file and brings it up to date.
 *
 * @throws {HubError} `store-unavailable`
 */
export async function openDatabase(file: string, migrations: Readonly<Record<string, Migration>>): Promise<Database> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // Made by us, so that nobody else reads it, nor what SQLite puts beside it.
    closeSync(openSync(file, 'a', 0o600))
  } catch (cause) {
    throw new HubError('store-unavailable', `The database ${file} cannot be opened; is its folder writable?`, { cause })
  }
  const db = knex({
    client: 'better-sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    // What it warns of, it throws as well.
    log: { warn() {} },
    pool: {
      min: 1,
      max: 1,
      afterCreate(raw: BetterSqlite.Database, done: (error: Error | null, raw: BetterSqlite.Database) => void) {
        try {
          for (const pragma of pragmas) raw.pragma(pragma)
          done(null, raw)
        } catch (error) {
          done(error as Error, raw)
        }
      },
    },
    migrations: { migrationSource: sourceOf(migrations) },
  })
  try {
    const applied = await migrate(db, Object.keys(migrations))
    const reader = openReader(file)
    const read = snapshots(reader)
    const sessions = new WeakMap<BetterSqlite.Database, Session>()
    return {
      knex: db,
      applied,
      read: session(reader, read.begin),
      refresh: read.end,
      async transact(work) {
        try {
          return await db.transaction(async knex => {
            const raw = (await knex.client.acquireConnection()) as BetterSqlite.Database
            const own = sessions.get(raw) ?? session(raw)
            sessions.set(raw, own)
            return work({ ...own, knex })
          })
        } catch (error) {
          throw asUnavailable(error)
        } finally {
          read.end()
        }
      },
      async close() {
        read.end()
        reader.close()
        await db.destroy()
      },
    }
  } catch (cause) {
    await db.destroy()
    throw new HubError('store-unavailable', `The database ${file} cannot be opened; is its folder writable?`, { cause })
  }
}

/**
 * Reads from a database file that another run has made, and never writes to it.
 *
 * @throws {HubError} `store-unavailable`
 */
export async function readDatabase<Result>(file: string, work: (read: Session) => Promise<Result>): Promise<Result> {
  let reader: BetterSqlite.Database | undefined
  try {
    reader = openReader(file)
    return await work(session(reader))
  } catch (cause) {
    if (!(cause instanceof BetterSqlite.SqliteError)) throw cause
    throw new HubError(
      'store-unavailable',
      `The database ${file} cannot be read; \`concord migrate\` opens it to write.`,
      { cause },
    )
  } finally {
    reader?.close()
  }
}

const pragmas = [
  'journal_mode = WAL',
  // A receipt, and an entry, must outlive a power cut.
  'synchronous = FULL',
  'foreign_keys = ON',
  // Else INSERT OR REPLACE would pass by the triggers that keep history.
  'recursive_triggers = ON',
  `busy_timeout = ${busyTimeoutMs}`,
  // A checkpoint of SQLite's own copies each page once, however often it was written since the last: fewer are faster.
  'wal_autocheckpoint = 20000',
  'cache_size = -65536',
]

/** Brings the database up to date; the names of the migrations that were applied. */
async function migrate(db: Knex, names: readonly string[]): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await isUpToDate(db, names)) ? [] : await migrateAlone(db)
    } catch (error) {
      if (attempt === 50 || isBroken(error)) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

async function isUpToDate(db: Knex, names: readonly string[]): Promise<boolean> {
  const [table] = (await db.raw(`SELECT name FROM sqlite_master WHERE name = 'knex_migrations'`)) as object[]
  if (table === undefined) return false
  const applied = (await db.raw('SELECT name FROM knex_migrations')) as { name: string }[]
  return applied.length === names.length && applied.every(({ name }) => names.includes(name))
}

/**
 * All migrations in one transaction, which is the lock: knex's own is a row that outlives a process killed in the midst, and
 * of which two processes that begin at once make two, which knex takes for locked for ever.
 */
async function migrateAlone(db: Knex): Promise<string[]> {
  return db.transaction(async trx => {
    // A statement that writes, so that from here on no other process migrates.
    await trx.raw('PRAGMA user_version = 1')
    await trx.raw('DROP TABLE IF EXISTS knex_migrations_lock')
    const [, applied] = (await trx.migrate.latest()) as [batch: number, applied: string[]]
    return applied
  })
}

/** What no waiting mends. */
function isBroken(error: unknown): boolean {
  return (
    error instanceof BetterSqlite.SqliteError &&
    /^SQLITE_(NOTADB|CORRUPT|CANTOPEN|READONLY|FULL|IOERR)/.test(error.code)
  )
}

function sourceOf(migrations: Readonly<Record<string, Migration>>): Knex.MigrationSource<string> {
  return {
    getMigrations: async () => Object.keys(migrations).sort(),
    getMigrationName: name => name,
    getMigration: async name => migrations[name] as Migration,
  }
}

function openReader(file: string): BetterSqlite.Database {
  const raw = new BetterSqlite(file, { readonly: true, timeout: busyTimeoutMs })
  raw.pragma('cache_size = -65536')
  return raw
}

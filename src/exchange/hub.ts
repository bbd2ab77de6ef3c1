/** Opens a hub: keys, record store, access log, what is published. One a process; several may share the databases. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Actor, Entry } from '../log/entry.ts'
import { noteKey, type NoteKey } from '../log/note.ts'
import { defaultLimits, type Limits } from '../parse/limits.ts'
import { fingerprint } from '../seal/fingerprint.ts'
import { loadKeys, type Keys } from '../seal/keys.ts'
import { AccessLog } from '../store/access-log.ts'
import { openDatabase, type Database, type Transaction } from '../store/connection.ts'
import { LogIndex } from '../store/log-index.ts'
import { claimKeys, claimOrigin, nextGeneration, requireWholeLog } from '../store/hub-row.ts'
import { recordMigrations } from '../store/migrations/records.ts'
import { post } from '../store/outbox.ts'
import { Apart } from './apart.ts'
import { Published } from './published.ts'
import { witnessesOf, Witnessing } from './witnessing.ts'

export type Clock = () => Date

export type Hub = {
  readonly config: Config
  readonly clock: Clock
  readonly keys: Keys
  /** The key, and by it the name, that checkpoints are signed with. */
  readonly logKey: NoteKey
  readonly store: Database
  readonly log: AccessLog
  /** Finds entries of the log, and counts use in it. */
  readonly logIndex: LogIndex
  readonly witnessing: Witnessing
  readonly published: Published
  readonly limits: Limits
  /** Does what strangers' standards may make long. */
  readonly apart: Apart
  close(): Promise<void>
}

/** Who does something, and for which request: what an entry says of every act. */
export type By = { readonly actor: Actor; readonly department?: string; readonly request: string }

type Opening = {
  readonly clock?: Clock
  readonly server?: boolean
  /** How long a comparison may take where requests are served. */
  readonly apartSeconds?: number
}

const recordsFile = 'concord.sqlite'

/** Whether a hub was made in a data directory. */
export function hasHub(dataDirectory: string): boolean {
  return existsSync(join(dataDirectory, recordsFile))
}

/**
 * Opens the databases of the data directory, made and brought up to date where needed.
 *
 * @param options.server whether requests will be served: then threads of their own write the access log and compare
 *   standards
 *
 * @throws {HubError} `key-unreadable`, `store-unavailable`
 */
export async function openHub(
  config: Config,
  { clock = () => new Date(), server = false, apartSeconds = 30 }: Opening = {},
): Promise<Hub> {
  const keys = loadKeys(config, { mayMake: !hasHub(config.dataDirectory) })
  const logKey = noteKey(config.logOrigin, keys.signing)
  const witnesses = witnessesOf(config)
  const store = await openDatabase(join(config.dataDirectory, recordsFile), recordMigrations)
  try {
    await store.transact(async tx => {
      await claimOrigin(tx, config.logOrigin)
      // After the first write, when no rotation can change the file of master keys.
      keys.master.reload()
      await claimKeys(tx, fingerprintsOf(keys))
    })
    const now = (): number => clock().getTime()
    const logFile = join(config.dataDirectory, 'log.sqlite')
    const log = await AccessLog.open(logFile, logKey, { now, thread: server })
    const logIndex = new LogIndex(join(config.dataDirectory, 'log-index.sqlite'), log, logFile, { thread: server })
    await requireWholeLog(store.read, await log.size()).catch(async (error: unknown) => {
      await log.close()
      throw error
    })
    await carry({ log, store })
    const apart = new Apart({ thread: server, seconds: apartSeconds })
    return {
      config,
      clock,
      keys,
      logKey,
      store,
      log,
      logIndex,
      witnessing: new Witnessing(log, witnesses, now),
      published: new Published(store, keys, clock),
      limits: { ...defaultLimits, inputBytes: config.bodyLimitBytes },
      apart,
      async close() {
        await apart.close()
        await logIndex.close()
        await log.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** An act that changes catalogue or administration: the change and its entry in one transaction. */
export async function change<Result>(
  hub: Hub,
  by: By,
  work: (tx: Transaction) => Promise<{ result: Result; entry: ActEntry }>,
): Promise<Result> {
  const result = await hub.store.transact(async tx => {
    await nextGeneration(tx)
    const done = await work(tx)
    await post(tx, { ...entryOf(hub, by), outcome: 'done', ...done.entry })
    return done.result
  })
  hub.published.expire()
  await carry(hub)
  return result
}

/**
 * Carries posted entries into the log. Where that fails they wait, durable, and are carried later: what they tell of has
 * happened, and whoever did it must learn its result.
 */
export async function carry(hub: Pick<Hub, 'log' | 'store'>): Promise<void> {
  await hub.log.relay(hub.store).catch(() => {})
}

/** What an act adds to the entry that its actor and time begin. */
export type ActEntry = Pick<Entry, 'operation' | 'count'> & Partial<Pick<Entry, 'standard' | 'agreement' | 'detail'>>

/** The part of an entry that every act and disclosure shares. */
export function entryOf(hub: Hub, by: By): Pick<Entry, 'time' | 'actor' | 'request' | 'department'> {
  return {
    time: hub.clock().toISOString(),
    actor: by.actor,
    request: by.request,
    ...(by.department === undefined ? {} : { department: by.department }),
  }
}

/** The command line acts as the user of the machine who runs it. */
export function operator(user: string): By {
  return { actor: { kind: 'operator', id: user }, request: randomUUID() }
}

function fingerprintsOf(keys: Keys): Record<string, readonly string[]> {
  return {
    pseudonym: [fingerprint(keys.pseudonym)],
    master: keys.master.inFile,
    signing: [fingerprint(keys.signing)],
  }
}

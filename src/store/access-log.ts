/**
 * The access log as the hub uses it: entries in, durable, by group commit; entries and checkpoints out, in order.
 *
 * A log that cannot be written refuses with `log-unavailable`; whoever appends must not go on without the answer.
 */
import { HubError } from '../errors.ts'
import type { Entry } from '../log/entry.ts'
import { GroupCommit } from '../log/group-commit.ts'
import type { NoteKey } from '../log/note.ts'
import { encodeEntries } from '../log/split-entry.ts'
import type { ReadHashes } from '../log/tree.ts'
import type { LogItem } from '../log/verify.ts'
import { openDatabase, type Database } from './connection.ts'
import {
  readCheckpointOf,
  readCosignedSize,
  readLatestCheckpoint,
  readTree,
  type KeptCheckpoint,
} from './log-checkpoints.ts'
import { LogFile, type Arrival, type Cosignature, type LogAppender } from './log-file.ts'
import { LogThread } from './log-thread.ts'
import { clearOutbox, readOutbox } from './outbox.ts'
import * as log001 from './migrations/001_log.ts'
import * as log002 from './migrations/002_cosignatures.ts'

/** How many rows are read at a time. */
const pageRows = 1000

/** Largest batch of one commit: what waits longer than a commit of this many would be a stuck disk. */
const batchEntries = 4096

export class AccessLog {
  readonly #db: Database
  readonly #appender: LogAppender
  readonly #group: GroupCommit<Arrival>
  readonly #now: () => number
  #checkpointTimer: NodeJS.Timeout | undefined
  #probe: { readonly at: number; readonly result: Promise<number> } | undefined

  private constructor(db: Database, appender: LogAppender, now: () => number) {
    this.#db = db
    this.#appender = appender
    this.#now = now
    this.#group = new GroupCommit(batch => this.#commit(batch), batchEntries)
  }

  /**
   * Opens the log's file, made if it is not there.
   *
   * @param options.thread whether a thread of its own writes it: for a server, whose event loop must not wait for disks
   */
  static async open(
    path: string,
    signer: NoteKey,
    options: { readonly now: () => number; readonly thread?: boolean },
  ): Promise<AccessLog> {
    const db = await openDatabase(path, { '001_log': log001, '002_cosignatures': log002 })
    const appender = options.thread ? await LogThread.start(path, signer) : new LogFile(path, signer)
    return new AccessLog(db, appender, options.now)
  }

  /**
   * Appends an entry, or the several that one too long becomes; the number of the first, once all are durable.
   *
   * @throws {HubError} `log-unavailable`
   */
  async append(entry: Entry): Promise<number> {
    return (await this.appendParts(entry)).first
  }

  /** As {@link append}, with the number of entries that the one became: a streamed reply numbers its parts through. */
  async appendParts(entry: Entry): Promise<{ readonly first: number; readonly parts: number }> {
    const [first, ...rest] = encodeEntries(entry)
    if (rest.length === 0) return { first: await this.#group.append({ text: first }), parts: 1 }
    const numbers = await Promise.all([first, ...rest].map(text => this.#group.append({ text })))
    return { first: numbers[0] as number, parts: numbers.length }
  }

  /** Carries the outbox of the record store over, in its order; what arrived before is not taken twice. */
  async relay(store: Database): Promise<void> {
    for (;;) {
      const entries = await readOutbox(store.read, pageRows)
      if (entries.length === 0) return
      // Not among the group's: one that is skipped would shift the numbers of those behind it.
      await this.#commit(entries.map(({ id, entry }) => ({ text: entry, outbox: id })))
      await clearOutbox(store, entries, await this.size())
    }
  }

  /** @throws {HubError} `log-unavailable` where the log could not take an entry now */
  async requireWritable(): Promise<void> {
    // One probe for all who ask within a second: anybody may ask, and each takes the log's lock.
    if (this.#probe === undefined || this.#now() - this.#probe.at >= 1000) {
      const result = this.#commit([])
      this.#probe = { at: this.#now(), result }
      result.catch(() => {})
    }
    await this.#probe.result
  }

  /** The names of the migrations that opening has applied. */
  get applied(): readonly string[] {
    return this.#db.applied
  }

  /** Signs what no checkpoint covers yet: for whoever takes the log away now. */
  async keepCheckpoint(): Promise<void> {
    try {
      await this.#appender.keepCheckpoint(this.#now())
      this.#db.refresh()
    } catch (cause) {
      throw unwritable(cause)
    }
  }

  async size(): Promise<number> {
    const row = await this.#db.read.get<{ leaf: number }>('SELECT leaf FROM entries ORDER BY leaf DESC LIMIT 1')
    return row === undefined ? 0 : row.leaf + 1
  }

  /** The latest kept checkpoint, a signed note. */
  async checkpoint(): Promise<string | undefined> {
    return (await this.latestCheckpoint())?.note
  }

  /** @param options.isCosigned the latest that a witness has signed too, which may be an older one */
  latestCheckpoint(options?: { readonly isCosigned?: boolean }): Promise<KeptCheckpoint | undefined> {
    return readLatestCheckpoint(this.#db.read, options)
  }

  /** The kept checkpoint of this size. */
  checkpointOf(size: number): Promise<KeptCheckpoint | undefined> {
    return readCheckpointOf(this.#db.read, size)
  }

  /** The size of the last checkpoint that the witness has cosigned; 0 where there is none. */
  cosignedSize(witness: string): Promise<number> {
    return readCosignedSize(this.#db.read, witness)
  }

  /** @throws {HubError} `log-unavailable` */
  async keepCosignature(cosignature: Cosignature): Promise<void> {
    try {
      await this.#appender.keepCosignature(cosignature, this.#now())
      this.#db.refresh()
    } catch (cause) {
      throw unwritable(cause)
    }
  }

  /** Computes a proof or a tile of the first entries from the hashes that are stored with them. */
  tree<Result>(compute: (read: ReadHashes) => Result): Promise<Result> {
    return readTree(this.#db.read, compute)
  }

  /** Entries from a leaf on, in order. */
  async entries(range: { readonly from: number; readonly limit: number }): Promise<{ index: number; entry: string }[]> {
    return this.#db.read.all('SELECT leaf AS "index", entry FROM entries WHERE leaf >= ? ORDER BY leaf LIMIT ?', [
      range.from,
      range.limit,
    ])
  }

  /** As {@link size}, but never that of the beginning of this turn of the event loop. */
  async sizeNow(): Promise<number> {
    this.#db.refresh()
    return this.size()
  }

  /** The entries at some leaves, in the order of those; one that the log lacks is left out. */
  async entriesAt(leaves: readonly number[]): Promise<{ index: number; entry: string }[]> {
    const rows = await this.#db.read.getEach<{ index: number; entry: string }>(
      'SELECT leaf AS "index", entry FROM entries WHERE leaf = ?',
      leaves.map(leaf => [leaf]),
    )
    return rows.filter(row => row !== undefined)
  }

  /** Everything in the order that verification takes: each checkpoint behind the entries that it covers. */
  async *items(): AsyncGenerator<LogItem> {
    const { read } = this.#db
    let from = 0
    for (;;) {
      // Before the entries: were they read after, a checkpoint of what another process has just added would seem to
      // sign entries that are missing.
      const ahead = await read.all<{ size: number; note: string }>(
        'SELECT size, note FROM checkpoints WHERE size > ? ORDER BY size LIMIT ?',
        [from, pageRows],
      )
      const entries = await read.all<{ index: number; entry: string; hashes: Uint8Array }>(
        'SELECT leaf AS "index", entry, hashes FROM entries WHERE leaf >= ? ORDER BY leaf LIMIT ?',
        [from, pageRows],
      )
      const isLast = entries.length < pageRows
      const end = (entries.at(-1)?.index ?? from - 1) + 1
      const checkpoints = isLast ? ahead : ahead.filter(({ size }) => size <= end)
      for (const entry of entries) {
        while (checkpoints[0] !== undefined && checkpoints[0].size <= entry.index) {
          yield { checkpoint: (checkpoints.shift() as { note: string }).note }
        }
        yield entry
      }
      for (const { note } of checkpoints) yield { checkpoint: note }
      if (isLast) return
      from = end
    }
  }

  /** Waits for what is under way, and keeps a last checkpoint. */
  async close(): Promise<void> {
    await this.#group.close()
    clearTimeout(this.#checkpointTimer)
    try {
      await this.#appender.keepCheckpoint(this.#now())
    } catch {
      // The entries are durable without it; the next process keeps the checkpoint.
    }
    await this.#appender.close()
    await this.#db.close()
  }

  async #commit(batch: readonly Arrival[]): Promise<number> {
    try {
      const first = await this.#appender.append(batch, this.#now())
      this.#db.refresh()
      this.#checkpointTimer ??= setTimeout(() => void this.#keepLastCheckpoint(), 1000).unref()
      return first
    } catch (cause) {
      throw unwritable(cause)
    }
  }

  /** For the second in which activity ended; while it goes on, appending keeps one a second. */
  async #keepLastCheckpoint(): Promise<void> {
    this.#checkpointTimer = undefined
    try {
      await this.#appender.keepCheckpoint(this.#now())
    } catch {
      this.#checkpointTimer = setTimeout(() => void this.#keepLastCheckpoint(), 1000).unref()
    }
  }
}

function unwritable(cause: unknown): HubError {
  const detail =
    'The access log cannot be written, so nothing is disclosed. Check the disk that holds it (space, rights, mount), and that its file is where it was.'
  return new HubError('log-unavailable', detail, { cause })
}

/**
 * The access log's file: appends batches of entries, each durable before `append` returns.
 *
 * Synchronous on a connection of its own: it runs where blocking harms nobody. Several processes append to one file:
 * the tree's size is read under the write lock and never remembered.
 */
import BetterSqlite from 'better-sqlite3'
import { statSync } from 'node:fs'
import { signCheckpoint } from '../log/checkpoint.ts'
import { GrowingTree } from '../log/growing-tree.ts'
import type { NoteKey } from '../log/note.ts'
import { leafHash } from '../log/tree.ts'

/** An entry on its way: its text, and the name of the outbox row that it comes from, if it does. */
export type Arrival = { readonly text: string; readonly outbox?: string }

/** A witness's signature below a kept checkpoint. */
export type Cosignature = { readonly size: number; readonly witness: string; readonly line: string }

/** Appends to the log's file, in this thread or in one of its own. */
export type LogAppender = {
  /**
   * Appends a batch and gives the leaf of its first entry; the others follow, save those that had arrived before.
   *
   * @param now milliseconds since the epoch
   */
  append(arrivals: readonly Arrival[], now: number): Promise<number>
  /** Keeps a checkpoint of what no checkpoint covers yet. */
  keepCheckpoint(now: number): Promise<void>
  /** Keeps a cosignature; the first of each witness below a checkpoint stays. */
  keepCosignature(cosignature: Cosignature, now: number): Promise<void>
  close(): Promise<void>
}

/** A checkpoint is kept for every second in which the log grew. */
const checkpointMs = 1000

export class LogFile implements LogAppender {
  readonly #db: BetterSqlite.Database
  readonly #signer: NoteKey
  readonly #statements: ReturnType<typeof prepare>
  readonly #commit: (arrivals: readonly Arrival[], now: number) => number
  readonly #file: string
  readonly #opened: string
  /** Undefined until something was written: SQLite makes the write-ahead log then, and keeps it while it is open. */
  #openedWal: string | undefined

  /** Opens a file that has been migrated. */
  constructor(file: string, signer: NoteKey) {
    this.#db = new BetterSqlite(file, { fileMustExist: true, timeout: 10_000 })
    for (const pragma of ['synchronous = FULL', 'recursive_triggers = ON']) this.#db.pragma(pragma)
    this.#file = file
    this.#opened = identityOf(file)
    this.#signer = signer
    this.#statements = prepare(this.#db)
    this.#commit = this.#db.transaction((arrivals: readonly Arrival[], now: number) =>
      this.#append(arrivals, now),
    ).immediate
  }

  async append(arrivals: readonly Arrival[], now: number): Promise<number> {
    return this.appendNow(arrivals, now)
  }

  async keepCheckpoint(now: number): Promise<void> {
    this.keepCheckpointNow(now)
  }

  async keepCosignature(cosignature: Cosignature, now: number): Promise<void> {
    this.keepCosignatureNow(cosignature, now)
  }

  async close(): Promise<void> {
    this.closeNow()
  }

  appendNow(arrivals: readonly Arrival[], now: number): number {
    const first = this.#commit(arrivals, now)
    this.#requireInPlace()
    return first
  }

  keepCheckpointNow(now: number): void {
    this.#db
      .transaction(() => {
        const size = this.#size()
        const last = this.#statements.lastCheckpoint.get() as { size: number } | undefined
        if (size > (last?.size ?? 0)) this.#keep(this.#open(size), now)
      })
      .immediate()
  }

  keepCosignatureNow({ size, witness, line }: Cosignature, now: number): void {
    this.#statements.keepCosignature.run(size, witness, line, now)
  }

  /**
   * A file that was moved away, deleted or replaced while it is open goes on to take entries, which nobody finds again.
   *
   * Looked at behind the commit: what it has written must stand in the file that has the name.
   */
  #requireInPlace(): void {
    const wal = identityOf(`${this.#file}-wal`)
    this.#openedWal ??= wal
    if (identityOf(this.#file) === this.#opened && wal === this.#openedWal) return
    throw new Error(
      'another file has taken the place of the log: put the one back that was opened, or start the hub again',
    )
  }

  closeNow(): void {
    this.#db.close()
  }

  #append(arrivals: readonly Arrival[], now: number): number {
    const { insert, relayed, lastCheckpoint } = this.#statements
    const first = this.#size()
    const tree = this.#open(first)
    for (const { text, outbox } of arrivals) {
      if (outbox !== undefined && relayed.run(outbox, tree.size).changes === 0) continue
      insert.run(tree.size, text, tree.append(leafHash(text)))
    }
    const last = lastCheckpoint.get() as { kept_at: number } | undefined
    if (tree.size > first && now - (last?.kept_at ?? 0) >= checkpointMs) this.#keep(tree, now)
    return first
  }

  #keep(tree: GrowingTree, now: number): void {
    this.#statements.keep.run(tree.size, signCheckpoint(tree.head(), [this.#signer]), now)
  }

  #size(): number {
    const last = this.#statements.lastLeaf.get() as { leaf: number } | undefined
    return last === undefined ? 0 : last.leaf + 1
  }

  #open(size: number): GrowingTree {
    return GrowingTree.open(size, leaf => (this.#statements.hashes.get(leaf) as { hashes: Buffer }).hashes)
  }
}

/** @throws where there is no such file */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path)
  return `${dev} ${ino}`
}

function prepare(db: BetterSqlite.Database) {
  return {
    lastLeaf: db.prepare('SELECT leaf FROM entries ORDER BY leaf DESC LIMIT 1'),
    hashes: db.prepare('SELECT hashes FROM entries WHERE leaf = ?'),
    insert: db.prepare('INSERT INTO entries (leaf, entry, hashes) VALUES (?, ?, ?)'),
    relayed: db.prepare('INSERT INTO relayed (id, leaf) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    lastCheckpoint: db.prepare('SELECT size, kept_at FROM checkpoints ORDER BY size DESC LIMIT 1'),
    keep: db.prepare('INSERT INTO checkpoints (size, note, kept_at) VALUES (?, ?, ?)'),
    keepCosignature: db.prepare(
      'INSERT INTO cosignatures (size, witness, line, kept_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
  }
}

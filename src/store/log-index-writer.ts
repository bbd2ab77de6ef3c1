/** Writes entries of the log into its index. Runs inside a transaction of whoever calls. */
import type BetterSqlite from 'better-sqlite3'
import { isAccess } from '../log/access.ts'
import type { Entry } from '../log/entry.ts'
import { dayMs, markOf, segmentEntries, type MarkKind } from './log-index-mark.ts'

export class IndexWriter {
  readonly #db: BetterSqlite.Database
  readonly #statements: ReturnType<typeof prepare>
  /** Of this transaction only: another process may clear the index and number its words anew. */
  readonly #words = new Map<string, number>()

  constructor(db: BetterSqlite.Database) {
    this.#db = db
    this.#statements = prepare(db)
  }

  /** Comes first in every transaction. */
  begin(): void {
    this.#words.clear()
  }

  add(leaf: number, entry: Entry): void {
    const time = Date.parse(entry.time)
    const access = isAccess(entry)
    const request = this.#mention('request', entry.request, leaf)
    this.#statements.entry.run(
      leaf,
      time,
      this.#word(`${entry.actor.kind}:${entry.actor.id}`),
      this.#word(entry.department),
      this.#word(entry.standard),
      this.#word(entry.agreement),
      this.#word(entry.operation),
      this.#word(entry.matter),
      this.#word(entry.outcome),
      this.#word('problem' in entry ? entry.problem : undefined),
      entry.count,
      request,
      access ? 1 : 0,
    )
    if (entry.case !== undefined) this.#mention('case', entry.case, leaf)
    for (const record of entry.records ?? []) this.#mention('record', record, leaf)
    for (const subject of entry.subjects ?? []) {
      const mark = this.#mention('subject', subject, leaf)
      if (access && entry.outcome === 'disclosed') this.#statements.subject.run(leaf, mark)
    }
    this.#statements.day.run(Math.floor(time / dayMs), leaf, leaf)
  }

  noteProgress(next: number, last: Uint8Array): void {
    this.#statements.progress.run(next, last)
  }

  clear(): void {
    for (const table of ['words', 'entries', 'mentions', 'subjects', 'days']) this.#db.exec(`DELETE FROM ${table}`)
    this.#words.clear()
    this.#statements.progress.run(0, null)
  }

  #mention(kind: MarkKind, text: string, leaf: number): Buffer {
    const mark = markOf(kind, text)
    this.#statements.mention.run(Math.floor(leaf / segmentEntries), mark, leaf)
    return mark
  }

  #word(word: string | undefined): number | null {
    if (word === undefined) return null
    let id = this.#words.get(word)
    if (id === undefined) {
      const { wordId, newWord } = this.#statements
      const known = wordId.get(word) as { id: number } | undefined
      id = known?.id ?? Number(newWord.run(word).lastInsertRowid)
      this.#words.set(word, id)
    }
    return id
  }
}

function prepare(db: BetterSqlite.Database) {
  return {
    entry: db.prepare(
      `INSERT INTO entries (leaf, time, actor, department, standard, agreement, operation, matter, outcome, problem,
         count, request, is_access) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    // A record may stand twice in one entry.
    mention: db.prepare('INSERT INTO mentions (segment, mark, leaf) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    subject: db.prepare('INSERT INTO subjects (leaf, mark) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    day: db.prepare(
      `INSERT INTO days (day, first, last) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)`,
    ),
    wordId: db.prepare('SELECT id FROM words WHERE word = ?'),
    newWord: db.prepare('INSERT INTO words (word) VALUES (?)'),
    progress: db.prepare('UPDATE progress SET next = ?, last = ?'),
  }
}

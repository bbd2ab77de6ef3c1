/**
 * Statements on one connection: prepared once, asynchronous for whoever calls, whatever the engine below is.
 */
import BetterSqlite from 'better-sqlite3'
import { HubError } from '../errors.ts'

export type Value = string | number | null | Uint8Array

/** Statements on one connection. Placeholders are `?`. */
export type Session = {
  get<Row>(sql: string, parameters?: readonly Value[]): Promise<Row | undefined>
  all<Row>(sql: string, parameters?: readonly Value[]): Promise<Row[]>
  /** The rows as arrays, in the order of the columns: for what is hot, as naming many columns costs as much as reading them. */
  allColumns<Columns extends readonly Value[]>(sql: string, parameters?: readonly Value[]): Promise<Columns[]>
  /** Runs a statement; the number of rows that it changed. */
  run(sql: string, parameters?: readonly Value[]): Promise<number>
  /** The row for each set of parameters, in their order. */
  getEach<Row>(sql: string, rows: readonly (readonly Value[])[]): Promise<(Row | undefined)[]>
  /** As {@link getEach}, each row as an array, in the order of the columns. */
  getEachColumns<Columns extends readonly Value[]>(
    sql: string,
    rows: readonly (readonly Value[])[],
  ): Promise<(Columns | undefined)[]>
  runEach(sql: string, rows: readonly (readonly Value[])[]): Promise<void>
}

/** @param begin called before every statement */
export function session(raw: BetterSqlite.Database, begin: () => void = () => {}): Session {
  const statements = new Map<string, BetterSqlite.Statement>()
  const statement = (sql: string): BetterSqlite.Statement => {
    let prepared = statements.get(sql)
    if (prepared === undefined) statements.set(sql, (prepared = raw.prepare(sql)))
    return prepared
  }
  const columnStatements = new Map<string, BetterSqlite.Statement>()
  const columns = (sql: string): BetterSqlite.Statement => {
    let prepared = columnStatements.get(sql)
    if (prepared === undefined) columnStatements.set(sql, (prepared = raw.prepare(sql).raw()))
    return prepared
  }
  const attempt = async <Result>(work: () => Result): Promise<Result> => {
    try {
      begin()
      return work()
    } catch (error) {
      throw asUnavailable(error)
    }
  }
  return {
    get: (sql, parameters = []) => attempt(() => statement(sql).get(...parameters) as undefined),
    all: (sql, parameters = []) => attempt(() => statement(sql).all(...parameters) as never[]),
    allColumns: (sql, parameters = []) => attempt(() => columns(sql).all(...parameters) as never[]),
    run: (sql, parameters = []) => attempt(() => statement(sql).run(...parameters).changes),
    getEach(sql, rows) {
      return attempt(() => {
        const prepared = statement(sql)
        return rows.map(row => prepared.get(...row) as undefined)
      })
    },
    getEachColumns(sql, rows) {
      return attempt(() => {
        const prepared = columns(sql)
        return rows.map(row => prepared.get(...row) as never)
      })
    },
    runEach(sql, rows) {
      return attempt(() => {
        const prepared = statement(sql)
        for (const row of rows) prepared.run(...row)
      })
    },
  }
}

/**
 * Read transactions of one turn of the event loop each.
 *
 * To begin and end one takes SQLite as long as to find a record, so that requests which arrive together share one; at
 * the end of the turn it ends, and holds no checkpoint up.
 */
export function snapshots(raw: BetterSqlite.Database): { begin(): void; end(): void } {
  const [beginning, ending] = [raw.prepare('BEGIN'), raw.prepare('COMMIT')]
  let isOpen = false
  const end = (): void => {
    if (isOpen && raw.open) ending.run()
    isOpen = false
  }
  return {
    begin() {
      if (isOpen) return
      beginning.run()
      isOpen = true
      setImmediate(end)
    },
    end,
  }
}

/** What is wrong with disk or file, and not with the statement, in the hub's words. */
export function asUnavailable(error: unknown): unknown {
  const code = error instanceof BetterSqlite.SqliteError ? error.code : ''
  if (!/^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN|NOTADB|CORRUPT)/.test(code)) return error
  const detail = 'The record store cannot be written. Check the disk that holds it: space, rights, mount.'
  return new HubError('store-unavailable', detail, { cause: error })
}

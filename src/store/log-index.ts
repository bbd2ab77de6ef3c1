/**
 * The index of the access log as the hub uses it: entries found, and their use counted, without reading the whole log.
 *
 * It is derived from the log alone. Every question is answered as of the log's size when it was asked: what was durable
 * then is not missed, however far the index had come. An index that was lost, is broken, or is of another log is made
 * anew by itself. Nothing opens its file before the first question or the first turn in the background.
 */
import { existsSync, rmSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { HubError } from '../errors.ts'
import { decodeEntry } from '../log/entry.ts'
import { isSelected, type Selection } from '../log/selection.ts'
import type { AccessLog } from './access-log.ts'
import { openDatabase } from './connection.ts'
import { LogIndexFile, type LogIndexEngine, type Progress } from './log-index-file.ts'
import type { Order } from './log-index-search.ts'
import { LogIndexThread } from './log-index-thread.ts'
import type { Counted, UsageQuery } from './log-index-usage.ts'
import * as index001 from './migrations/001_log_index.ts'

/** An entry's number and text. */
export type Found = { readonly index: number; readonly entry: string }

export type FoundPage = {
  readonly entries: Found[]
  /** Where the next page goes on; undefined on the last one. */
  readonly cursor: number | undefined
}

/** Entries taken in before the event loop, where they are taken in on it, has its turn. */
const turnEntries = 500

/** Entries that a thread takes in before it rests. */
const threadEntries = 2_000

/** In the background, so many times as long as it worked: disclosures need the processor, the index can wait. */
const restFactor = 3

export class LogIndex {
  readonly #file: string
  readonly #log: AccessLog
  readonly #logFile: string
  readonly #hasThread: boolean
  #engine: Promise<LogIndexEngine> | undefined
  #indexed = -1
  #isAdvancing = false
  #isClosed = false

  /** @param options.thread whether a thread of its own works: for a server, whose event loop must not wait */
  constructor(file: string, log: AccessLog, logFile: string, options: { readonly thread?: boolean } = {}) {
    this.#file = file
    this.#log = log
    this.#logFile = logFile
    this.#hasThread = options.thread === true
  }

  /**
   * A page of the entries of a selection.
   *
   * @param page.size only entries below this leaf; all that there are where it is left out
   * @throws {HubError} `store-unavailable`, `log-invalid`
   */
  async page(
    selection: Selection,
    page: { readonly order: Order; readonly limit: number; readonly after?: number; readonly size?: number },
  ): Promise<FoundPage> {
    const size = page.size ?? (await this.#log.sizeNow())
    const leaves = await this.#ask(engine => engine.find(selection, { ...page, size, limit: page.limit + 1 }))
    const entries = await this.#log.entriesAt(leaves.slice(0, page.limit))
    const hasMark = [selection.record, selection.subject, selection.case, selection.request].some(Boolean)
    return {
      // A mark is a hash, which another text may share.
      entries: hasMark ? entries.filter(({ entry }) => isSelected(selection, decodeEntry(entry))) : entries,
      cursor: leaves.length > page.limit ? leaves[page.limit - 1] : undefined,
    }
  }

  /** How many entries a selection has, among those below `size`. */
  async count(selection: Selection, size?: number): Promise<number> {
    const bound = size ?? (await this.#log.sizeNow())
    return this.#ask(engine => engine.count(selection, bound))
  }

  async usage(query: UsageQuery): Promise<Counted & { readonly size: number }> {
    const size = await this.#log.sizeNow()
    return { ...(await this.#ask(engine => engine.usage(query, size))), size }
  }

  /** Takes in, beside other work, what the log has gained. */
  async advance(): Promise<void> {
    if (this.#isAdvancing || this.#isClosed || (await this.#log.size()) === this.#indexed) return
    this.#isAdvancing = true
    try {
      for (;;) {
        const begin = performance.now()
        const { indexed, size } = await this.#advance(this.#hasThread ? threadEntries : turnEntries)
        if (indexed >= size) return
        await setTimeout((performance.now() - begin) * restFactor, undefined, { ref: false })
        if (this.#isEnded()) return
      }
    } finally {
      this.#isAdvancing = false
    }
  }

  /** Takes in all that the log has now. @param onProgress told after every batch */
  async catchUp(onProgress: (progress: Progress) => void = () => {}): Promise<void> {
    const end = await this.#log.sizeNow()
    for (;;) {
      const progress = await this.#advance(threadEntries)
      onProgress(progress)
      if (progress.indexed >= end) return
      await setImmediate()
    }
  }

  /** Forgets what was indexed and takes the whole log in anew; broken off, it is gone on with by whoever asks next. */
  async rebuild(onProgress?: (progress: Progress) => void): Promise<void> {
    await this.#ask(engine => engine.clear())
    await this.catchUp(onProgress)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await (await this.#engine?.catch(() => undefined))?.close()
  }

  /** Asked anew after every rest, during which it may have been closed. */
  #isEnded(): boolean {
    return this.#isClosed
  }

  async #advance(limit: number): Promise<Progress> {
    const progress = await this.#ask(engine => engine.advance(limit))
    this.#indexed = progress.indexed
    return progress
  }

  async #ask<Result>(question: (engine: LogIndexEngine) => Promise<Result>): Promise<Result> {
    try {
      return await question(await this.#opened())
    } catch (error) {
      if (!isBroken(error) || this.#isClosed) throw asHubError(error)
    }
    try {
      await this.#remove()
      return await question(await this.#opened())
    } catch (error) {
      throw asHubError(error)
    }
  }

  #opened(): Promise<LogIndexEngine> {
    if (this.#engine === undefined) {
      this.#engine = this.#open()
      this.#engine.catch(() => (this.#engine = undefined))
    }
    return this.#engine
  }

  async #open(): Promise<LogIndexEngine> {
    await (await openDatabase(this.#file, { '001_log_index': index001 })).close()
    return this.#hasThread
      ? LogIndexThread.start(this.#file, this.#logFile)
      : new LogIndexFile(this.#file, this.#logFile)
  }

  /** Whoever else has the broken file open keeps what they have; the next one to open it makes a new one. */
  async #remove(): Promise<void> {
    await (await this.#engine?.catch(() => undefined))?.close()
    this.#engine = undefined
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(this.#file + suffix)) rmSync(this.#file + suffix)
    }
  }
}

/** Whether a new file would do better: this one is no database, a damaged one, or of another version of the hub. */
function isBroken(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown }
  if (code === 'store-unavailable') return cause !== undefined && (isBroken(cause) || isOfAnotherVersion(cause))
  return (
    /^SQLITE_(NOTADB|CORRUPT)/.test(code ?? '') ||
    (code === 'SQLITE_ERROR' && /no such (table|column)/.test(String(error)))
  )
}

function isOfAnotherVersion(error: unknown): boolean {
  return /migration directory is corrupt/.test(String(error))
}

function asHubError(error: unknown): unknown {
  const { code } = error as { code?: string }
  if (error instanceof HubError || code?.startsWith('SQLITE_') !== true) return error
  const detail = 'The index of the access log cannot be used. Check the disk that holds it: space, rights, mount.'
  return new HubError('store-unavailable', detail, { cause: error })
}

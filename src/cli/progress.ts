/** A progress bar on a terminal, on standard error: how much of a file was read, or of a standard was written. */
import cliProgress from 'cli-progress'
import type { Receipt } from '../record.ts'

export type Progress = {
  /** @param bytes read since the last call */
  advance(bytes: number): void
  count(receipt: Receipt): void
  stop(): void
}

export type RecordProgress = {
  /** @param records written since the last call */
  advance(records: number): void
  stop(): void
}

/** Shows nothing where standard error is no terminal, or the total is not known. */
export function progressOf(totalBytes: number | undefined): Progress {
  if (!process.stderr.isTTY || totalBytes === undefined) return { advance() {}, count() {}, stop() {} }
  const format = '{bar} {percentage}% | {accepted} accepted, {unchanged} unchanged, {rejected} rejected'
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, barsize: 30, hideCursor: true },
    cliProgress.Presets.shades_classic,
  )
  bar.start(totalBytes, 0, { accepted: 0, unchanged: 0, rejected: 0 })
  return {
    advance: bytes => bar.increment(bytes),
    count: ({ accepted, unchanged, rejected }) => bar.update({ accepted, unchanged, rejected }),
    stop: () => bar.stop(),
  }
}

/** Of records, whose number is looked for only where it is shown; there may be fewer in the end. */
export async function recordProgress(totalRecords: () => Promise<number>): Promise<RecordProgress> {
  if (!process.stderr.isTTY) return { advance() {}, stop() {} }
  const format = '{bar} {value} records of {total} at most'
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, barsize: 30, hideCursor: true },
    cliProgress.Presets.shades_classic,
  )
  bar.start(await totalRecords(), 0)
  return { advance: records => bar.increment(records), stop: () => bar.stop() }
}

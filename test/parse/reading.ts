/** Reads small inputs whole, as the tests of this folder want them. */
import { existsSync, readFileSync } from 'node:fs'
import { HubError } from '../../src/errors.ts'
import type { Json, SourceRecord, UnreadableRecord } from '../../src/record.ts'
import { defaultLimits, type Limits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source } from '../../src/source.ts'

export type Outcome = {
  /** In the order given, and as ordinary objects. */
  readonly records: (SourceRecord | UnreadableRecord)[]
  readonly error: HubError | undefined
}

export type Options = {
  readonly limits?: Partial<Limits>
  readonly context?: readonly string[]
  /** Where the bytes are cut into chunks; by default they come in one. */
  readonly cuts?: readonly number[]
}

/** Parses text (as UTF-8) or bytes. Any error but a HubError is thrown. */
export async function read(input: string | Uint8Array, source: Source, options: Options = {}): Promise<Outcome> {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input
  const { limits, context = [], cuts = [] } = options
  const records: (SourceRecord | UnreadableRecord)[] = []
  try {
    const batches = parse(chunks(bytes, cuts), source, { limits: { ...defaultLimits, ...limits }, context })
    for await (const batch of batches) records.push(...batch)
  } catch (error) {
    if (error instanceof HubError) return { records: plain(records), error }
    throw error
  }
  return { records: plain(records), error: undefined }
}

/** The trees of an input that must be read without error. */
export async function nodes(input: string | Uint8Array, source: Source, options?: Options): Promise<Json[]> {
  const { records, error } = await read(input, source, options)
  if (error !== undefined) throw error
  return records.map(record => ('node' in record ? record.node : { unreadable: record.unreadable.code }))
}

/** The trees have no prototype, which deepStrictEqual takes for a difference. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Bytes as they may come: cut at the places given, each modulo the length. */
export async function* chunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].toSorted((a, b) => a - b)
  let at = 0
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(at, end)
    at = end
  }
}

/** Options for a test that reads real data, so that it skips itself where there is none. */
export function needs(path: string): { skip: string | false } {
  return { skip: existsSync(realDataUrl(path)) ? false : `no ../shared/data/${path} here` }
}

export function realData(path: string): Buffer {
  return readFileSync(realDataUrl(path))
}

export function realDataUrl(path: string): URL {
  return new URL(path.split('/').map(encodeURIComponent).join('/'), new URL('../../../shared/data/', import.meta.url))
}

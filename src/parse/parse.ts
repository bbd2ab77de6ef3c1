/**
 * Bytes → source records: the first station of the line.
 *
 * Streams in bounded memory whatever the size of the input. XML, JSON and NDJSON become the same trees of texts; a
 * DOCTYPE, U+0000 and what goes beyond a limit are refused.
 */
import type { SourceRecord, UnreadableRecord } from '../record.ts'
import { decode, type Piece } from './decode.ts'
import { open } from './envelope.ts'
import type { Limits } from './limits.ts'
import { OuterTexts } from './outer-texts.ts'
import { newReader } from './reader.ts'
import { Records, type Context } from './records.ts'
import type { Source } from './source.ts'
import { Window } from './window.ts'

export type ParseOptions = {
  readonly limits: Limits
  /** Absolute paths of texts that are wanted from outside the records: they come with each record read after them. */
  readonly context?: readonly string[]
}

/**
 * Gives the records of an input in order, as many at a time as a block of its bytes held.
 *
 * Where an input is refused the records that were complete before come first, then the error. An input in which the
 * records' path meets nothing has none.
 *
 * The texts of a record are slices of the block they came in: keep a copy of what outlives its batch, or the block stays.
 *
 * @throws {HubError} `input-malformed`, `input-refused` or `encoding-unreadable`; the detail has the place, counted in
 *   the innermost document, and no text of the input but names of elements.
 */
export async function* parse(
  bytes: AsyncIterable<Uint8Array>,
  source: Source,
  { limits, context: wanted = [] }: ParseOptions,
): AsyncGenerator<(SourceRecord | UnreadableRecord)[]> {
  const { pieces, context } = await documentIn(bytes, source, { limits, wanted })
  const window = new Window()
  const records = new Records(window, limits)
  const reader = newReader({ source, limits, window, records, outer: new OuterTexts(wanted, context) })
  try {
    for await (const { text, failure } of pieces) {
      if (window.append(text)) reader.read()
      if (failure !== undefined) {
        window.slide()
        reader.read()
        throw window.refusal(window.text.length, failure.code, failure.what)
      }
      if (!records.isEmpty) yield records.take()
    }
    window.end()
    reader.read()
  } catch (error) {
    if (!records.isEmpty) yield records.take()
    throw error
  }
  if (!records.isEmpty) yield records.take()
}

async function documentIn(
  bytes: AsyncIterable<Uint8Array>,
  { format, encoding, envelope = [] }: Source,
  options: { readonly limits: Limits; readonly wanted: readonly string[] },
): Promise<{ pieces: AsyncIterable<Piece> | Iterable<Piece>; context: Context }> {
  const outermost = envelope[0]?.format ?? format
  const pieces = decode(bytes, { format: outermost, ...(encoding !== undefined && { encoding }) }, options.limits)
  return envelope.length === 0 ? { pieces, context: {} } : open(pieces, envelope, options)
}

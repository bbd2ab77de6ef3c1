/**
 * Bytes → source records: the first station of the line.
 *
 * Streams in bounded memory whatever the size of the input. XML, JSON, NDJSON and CSV become the same trees of texts;
 * a DOCTYPE, U+0000 and what goes beyond a limit are refused.
 */
import type { SourceRecord, UnreadableRecord } from '../record.ts'
import type { Source } from '../source.ts'
import { documentsIn, type Document } from './envelope.ts'
import type { Limits } from './limits.ts'
import { OuterTexts } from './outer-texts.ts'
import { newReader } from './reader.ts'
import type { Reading } from './reading.ts'
import { Records } from './records.ts'
import { unfold } from './unfold.ts'
import { Window } from './window.ts'

export type ParseOptions = {
  readonly limits: Limits
  /** Absolute paths of texts that are wanted from outside the records: they come with each record read after them. */
  readonly context?: readonly string[]
}

/** The records of an input, as many at a time as a block of its bytes held. */
export type Batch = (SourceRecord | UnreadableRecord)[]

/**
 * Gives the records of an input in order. An XML element's or a JSON member's name stands in the context as `#name`.
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
): AsyncGenerator<Batch> {
  const { unfold: unfolding } = source
  const unfolded = { count: 0 }
  let count = 0
  for await (const { pieces, context } of documentsIn(bytes, source, { limits, wanted })) {
    const window = new Window()
    const records = new Records(window, limits, count)
    const outer = new OuterTexts(wanted, context, records)
    for await (const batch of read(pieces, { source, limits, window, records, outer })) {
      if (unfolding === undefined) yield batch
      else yield* unfold(batch, unfolding, { ordinal: unfolded, limits })
    }
    count = records.count
  }
}

async function* read(pieces: Document['pieces'], reading: Reading): AsyncGenerator<Batch> {
  const { window, records } = reading
  const reader = newReader(reading)
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

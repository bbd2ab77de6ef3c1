/** From bytes to source records, and on to batches: the one way in for whoever converts an input. */
import type { Adapter } from '../map/adapter.ts'
import { group } from '../parse/group.ts'
import type { Limits } from '../parse/limits.ts'
import { parse, type Batch, type ParseOptions } from '../parse/parse.ts'
import { sizeOf } from '../parse/tree.ts'
import type { SourceRecord } from '../record.ts'
import type { Source } from '../source.ts'
import { openRowSpool } from '../store/row-spool.ts'
import type { Documents } from './delivery-request.ts'

/** Beyond this, rows that wait for the rest of their groups go to a temporary table. */
const held = {
  // 16 Mi UTF-16 units are at most 32 MiB; the lists around the texts of so many rows take some 5 MiB more.
  text: 16 * 1024 * 1024,
  rows: 50_000,
}

/**
 * The source records of an input, as many at a time as are there: parsed, admitted and grouped as the adapter says.
 *
 * Where rows of a group need not follow one another, nothing is given out before the input has ended.
 *
 * @param onPassedOver told of records, or rows before they are grouped, that the adapter does not count
 * @throws {HubError} as {@link parse} does; `store-unavailable` where rows must wait and have no place to
 */
export function sourceRecords(
  body: AsyncIterable<Uint8Array>,
  adapter: Sourcing,
  limits: Limits,
  onPassedOver?: (records: number) => void,
): AsyncGenerator<Batch> {
  return sourceRecordsOf([body], adapter, limits, onPassedOver)
}

/** As {@link sourceRecords}, of several documents: a group goes on from one to the next. */
export function sourceRecordsOf(
  documents: Documents,
  { source, context, admits, group: grouping }: Sourcing,
  limits: Limits,
  onPassedOver: (records: number) => void = () => {},
): AsyncGenerator<Batch> {
  const all = rowsOf(documents, source, { limits, context })
  const rows = admits === undefined ? all : admitted(all, admits, onPassedOver)
  return grouping === undefined ? rows : group(rows, grouping, { limits, held, openSpool: openRowSpool })
}

/** What of an adapter says which records an input has. */
type Sourcing = Pick<Adapter, 'source' | 'context' | 'admits' | 'group'>

/** What cannot be read might have counted: it stays. */
async function* admitted(
  items: AsyncIterable<Batch>,
  admits: (item: SourceRecord) => boolean,
  onPassedOver: (records: number) => void,
): AsyncGenerator<Batch> {
  for await (const batch of items) {
    const counting = batch.filter(item => 'unreadable' in item || admits(item))
    if (counting.length < batch.length) onPassedOver(batch.length - counting.length)
    if (counting.length > 0) yield counting
  }
}

async function* rowsOf(documents: Documents, source: Source, options: ParseOptions): AsyncGenerator<Batch> {
  for await (const document of documents) yield* parse(document, source, options)
}

/** A batch is held as trees, and again as what is made of them; ordinary ones never come to so many UTF-16 units. */
const batchText = 16 * 1024 * 1024

/** Items in batches of a size, or of fewer where those are large; items before an error come before it. */
export async function* batches(items: AsyncIterable<Batch>, size: number): AsyncGenerator<Batch> {
  let batch: Batch = []
  let text = 0
  try {
    for await (const more of items) {
      for (const item of more) {
        batch.push(item)
        text += 'node' in item ? sizeOf(item.node) : item.text.length
        if (batch.length < size && text < batchText) continue
        yield batch
        batch = []
        text = 0
      }
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

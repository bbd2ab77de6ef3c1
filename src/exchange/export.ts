/**
 * Everything that an agreement grants, streamed: by pages of keys, each of which has its entry before it leaves.
 *
 * Goes at the pace of whoever takes the chunks, in memory for one page, and holds no read transaction between pages. What
 * changes meanwhile is sent by the cursor at its end, which is of before the first page.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { readHead } from '../store/heads.ts'
import { enterParts, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { readCandidates } from './candidates.ts'
import { writeCursor } from './change-cursor.ts'
import type { ExportWriter } from './export-writer.ts'
import type { Hub } from './hub.ts'
import { readmit } from './readmit.ts'
import { servedTexts, type Grant } from './served-text.ts'

export type Export = {
  /** Number of the first entry. */
  readonly entry: number
  /** What changes goes on from: the state of before the first page. */
  readonly cursor: string
  /** Fails where the export may not go on: what came until then is not whole. */
  readonly chunks: AsyncGenerator<Buffer>
}

/** Records a page: each keeps the other calls of the process waiting, and is in memory whole. Of 1,000, 100 MB more are in use. */
const pageRecords = 500

/**
 * Resolves when the first page has its entry.
 *
 * @param options.onRecords told how many records have their entries
 * @throws {HubError} with its entry durable: what {@link admit} throws; `chunks` throws what `readmit` does as well
 */
export async function exportRecords(
  hub: Hub,
  call: Call,
  {
    writerOf,
    onRecords = () => {},
  }: { readonly writerOf: (grant: Grant) => ExportWriter; readonly onRecords?: (count: number) => void },
): Promise<Export> {
  const grant = await admit(hub, call, 'export')
  const cursor = await writeCursor(hub, grant, await readHead(hub.store.read, call.standard))
  const writer = writerOf(grant)
  const pages = readPages(hub, call, grant, writer)
  const first = await pages.next()
  if (first.done) throw new Error('bug: an export has no first page')
  return { entry: first.value.entry, cursor, chunks: chunksOf() }

  async function* chunksOf(): AsyncGenerator<Buffer> {
    yield writer.begin
    for (let page: IteratorResult<Entered> = first; !page.done; page = await pages.next()) {
      onRecords(page.value.count)
      yield page.value.bytes
    }
    yield writer.end(cursor)
  }
}

type Entered = { readonly entry: number; readonly count: number; readonly bytes: Buffer }

async function* readPages(hub: Hub, call: Call, begun: Grant, writer: ExportWriter): AsyncGenerator<Entered> {
  let grant = begun
  let part = 1
  for (let after = ''; ;) {
    const page = await readCandidates(hub, grant, { after, limit: pageRecords, filters: new Map() })
    const isLast = page.next === undefined
    const { records } = page
    // Not to learn that nothing is left: what came may be all that the quota had room for.
    if (after !== '' && !(isLast && records.length === 0)) grant = await readmit(hub, call, 'export', grant)
    // An export of nothing is an entry too.
    if (records.length > 0 || (isLast && part === 1)) {
      const texts = await servedTexts(hub, grant, records)
      const disclosed = { call, operation: 'export', grant, records, outcome: 'disclosed', part } as const
      const { first: entry, parts } = await enterParts(hub, disclosed)
      part += parts
      yield { entry, count: records.length, bytes: writer.write(texts.map(({ text }) => text)) }
    } else {
      await turn()
    }
    if (page.next === undefined) return
    after = page.next
  }
}

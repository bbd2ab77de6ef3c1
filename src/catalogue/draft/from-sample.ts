/** From the bytes of a sample to a draft: of the places where records may stand, the one whose records fit the standard best. */
import { HubError } from '../../errors.ts'
import { defaultLimits } from '../../parse/limits.ts'
import { parse } from '../../parse/parse.ts'
import type { SourceNode } from '../../record.ts'
import { draftAdapter, type Draft, type DraftOptions } from './draft.ts'
import { withContext } from './outer.ts'
import { describeSources, type Reading } from './source.ts'

/** So many records show what a source writes; more would only take longer. */
const mostRecords = 1000

/**
 * @param head the input, decompressed, or as much of its beginning as is looked at
 * @param isCut whether it goes on after that
 * @throws {HubError} `input-malformed`, `input-refused` or `encoding-unreadable` of a sample that cannot be read
 */
export async function draftFromSample(head: Uint8Array, isCut: boolean, options: DraftOptions): Promise<Draft> {
  const drafts: Draft[] = []
  let problem: unknown
  for (const reading of await describeSources(head, isCut)) {
    try {
      const nodes = await sampleOf(head, isCut, reading)
      if (nodes.length > 0) drafts.push(draftAdapter({ source: reading.source, nodes }, options))
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      problem = error
    }
  }
  const [best] = drafts.toSorted((a, b) => fitness(b) - fitness(a))
  if (best !== undefined) return best
  throw problem ?? new HubError('input-malformed', 'The sample has no records: nothing in it repeats or has members.')
}

/** What is left over speaks against a place, a little: it may be the whole document around the records. */
function fitness({ worth, left, document }: Draft): number {
  return worth - 0.02 * left.length + 0.01 * document.source.records.split('/').length
}

async function sampleOf(head: Uint8Array, isCut: boolean, { source, around }: Reading): Promise<SourceNode[]> {
  const nodes: SourceNode[] = []
  try {
    for await (const items of parse(once(head), source, { limits: defaultLimits, context: around })) {
      for (const item of items) if ('node' in item) nodes.push(withContext(item.node, item.context))
      if (nodes.length >= mostRecords) break
    }
  } catch (error) {
    // Of a sample that was cut off, the records before the cut are enough.
    if (!isCut || nodes.length === 0) throw error
  }
  return nodes.slice(0, mostRecords)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

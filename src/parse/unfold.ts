/** One record for each node of a list inside a record, with all that stands around the node. */
import type { SourceNode, SourceRecord } from '../record.ts'
import { namesOf } from './source.ts'
import { newTree } from './tree.ts'
import type { Batch } from './parse.ts'

/**
 * Makes of each record as many as there are nodes at a path: each is the record with only that node at the path, so
 * that it is reached by the same paths wherever it stands. A record without a node there gives none.
 *
 * Members are shared between the records of one: nothing changes a source record.
 *
 * @param ordinal counts on over the batches of an input, from 0
 */
export function unfold(batch: Batch, path: string, ordinal: { count: number }): Batch {
  const names = namesOf(path)
  const renumbered = (item: Batch[number]): Batch[number] => ({
    ...item,
    position: { ...item.position, ordinal: ++ordinal.count },
  })
  return batch.flatMap(item => {
    if ('unreadable' in item) return [renumbered(item)]
    return narrowed(item.node, names).map(node => renumbered({ ...item, node } satisfies SourceRecord))
  })
}

/** The node as often as there are nodes at the names below it, each time with one of them; lists on the way are taken apart. */
function narrowed(node: SourceNode, names: readonly string[]): SourceNode[] {
  if (Array.isArray(node)) return node.flatMap(member => narrowed(member, names))
  const [name, ...below] = names
  if (name === undefined) return node === null ? [] : [node]
  if (node === null || typeof node !== 'object' || !Object.hasOwn(node, name)) return []
  return narrowed(node[name] as SourceNode, below).map(child => Object.assign(new newTree(), node, { [name]: child }))
}

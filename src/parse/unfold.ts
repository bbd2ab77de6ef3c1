/** Several records out of one: for each node of a list inside it, each member of an object, each place in its columns. */
import type { SourceNode } from '../record.ts'
import type { Unfolding } from '../source.ts'
import type { Batch } from './parse.ts'
import { namesOf } from './source.ts'
import { newTree, type SourceTree } from './tree.ts'

/**
 * Makes of each record as many as the unfolding says. Each is the whole record around what was unfolded, so that what
 * stands before and behind is reached by the same paths; a record with nothing to unfold gives none.
 *
 * Nodes are shared between the records of one: nothing changes a source record.
 *
 * @param ordinal counts on over the batches of an input, from 0
 */
export function unfold(batch: Batch, unfolding: Unfolding, ordinal: { count: number }): Batch {
  const { names, expand } = expansionOf(unfolding)
  const renumbered = (item: Batch[number]): Batch[number] => ({
    ...item,
    position: { ...item.position, ordinal: ++ordinal.count },
  })
  return batch.flatMap(item => {
    if ('unreadable' in item) return [renumbered(item)]
    return narrowed(item.node, names, expand).map(node => renumbered({ ...item, node }))
  })
}

type Expand = (node: SourceNode) => SourceNode[]

function expansionOf(unfolding: Unfolding): { names: readonly string[]; expand: Expand } {
  if (typeof unfolding === 'string') return { names: namesOf(unfolding), expand: node => [node] }
  const { as } = unfolding
  const path = 'members' in unfolding ? unfolding.members : unfolding.columns
  const parts = 'members' in unfolding ? membersOf : rowsOf
  const expand: Expand = node => {
    if (!isTree(node)) return []
    // What else is large stays behind, or every part would carry all the others along.
    const texts = Object.entries(node).filter(([, value]) => typeof value === 'string')
    return parts(node).map(part => Object.assign(new newTree(), Object.fromEntries(texts), { [as]: part }))
  }
  return { names: path === '.' ? [] : namesOf(path), expand }
}

function membersOf(tree: SourceTree): SourceNode[] {
  return Object.entries(tree).map(([name, value]) => treeOf([['name', name], ['value', value]])) // prettier-ignore
}

/** The lists among the members as the columns of a table; a shorter one lacks the last rows. */
function rowsOf(tree: SourceTree): SourceNode[] {
  const columns = Object.entries(tree).filter((member): member is [string, SourceNode[]] => Array.isArray(member[1]))
  const length = columns.reduce((longest, [, cells]) => Math.max(longest, cells.length), 0)
  return Array.from({ length }, (_, row) => treeOf(columns.map(([name, cells]) => [name, cells[row] ?? null])))
}

/** The node as often as expanding what is at the names below it gives, each time with one of them; lists are taken apart. */
function narrowed(node: SourceNode, names: readonly string[], expand: Expand): SourceNode[] {
  if (Array.isArray(node)) return node.flatMap(member => narrowed(member, names, expand))
  const [name, ...below] = names
  if (node === null) return []
  if (name === undefined) return expand(node)
  if (!isTree(node) || !Object.hasOwn(node, name)) return []
  return narrowed(node[name] ?? null, below, expand).map(child => Object.assign(new newTree(), node, { [name]: child }))
}

function treeOf(members: readonly (readonly [string, SourceNode])[]): SourceTree {
  return Object.assign(new newTree(), Object.fromEntries(members))
}

function isTree(node: SourceNode): node is SourceTree {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

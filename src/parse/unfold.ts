/** Several records out of one: for each node of a list inside it, each member of an object, each place in its columns. */
import type { SourceNode, SourceRecord } from '../record.ts'
import type { Unfolding } from '../source.ts'
import type { Limits } from './limits.ts'
import type { Batch } from './parse.ts'
import { namesOf } from './source.ts'
import { isTree, newTree, sizeOf, type SourceTree } from './tree.ts'
import { refusalAt } from './window.ts'

/**
 * All records out of one together may be so many times as large as a record may be: what stands around the parts is in
 * each of them. Lists of a document that was read as one record stay far below, since little stands around them.
 */
const TIMES_A_RECORD = 16

/** So much is given out at a time, in UTF-16 units as JSON. */
const BATCH_LENGTH = 1 << 20

/**
 * Makes of each record as many as the unfolding says. Each is the whole record around what was unfolded, so that what
 * stands before and behind is reached by the same paths; a record with nothing to unfold gives none.
 *
 * Nodes are shared between the records of one: nothing changes a source record.
 *
 * @param ordinal counts on over the batches of an input, from 0
 * @throws {HubError} input-refused, where one record would give too much, or all of them more than are taken
 */
export function* unfold(
  batch: Batch,
  unfolding: Unfolding,
  { ordinal, limits }: { readonly ordinal: { count: number }; readonly limits: Limits },
): Generator<Batch> {
  const expansion = expansionOf(unfolding)
  let unfolded: Batch = []
  let length = 0
  const add = (item: Batch[number]): void => {
    const { line, column } = item.position
    if (ordinal.count === limits.records) {
      const what = `unfolded, the input has more than the ${limits.records} records that are taken at once; split it.`
      throw refusalAt({ line, column }, 'input-refused', what)
    }
    unfolded.push({ ...item, position: { ordinal: ++ordinal.count, line, column } })
  }
  try {
    for (const item of batch) {
      if ('unreadable' in item) {
        add(item)
        continue
      }
      const extent = extentOf(item, expansion, limits)
      for (const node of narrowed(item.node, expansion.names, expansion)) {
        add({ ...item, node })
        length += extent.length / extent.parts
        if (length < BATCH_LENGTH) continue
        yield unfolded
        unfolded = []
        length = 0
      }
    }
  } catch (error) {
    if (unfolded.length > 0) yield unfolded
    throw error
  }
  if (unfolded.length > 0) yield unfolded
}

/** How many parts there are, and how long their nodes are together. */
type Extent = { readonly parts: number; readonly length: number }

type Expansion = {
  readonly names: readonly string[]
  readonly parts: (node: SourceNode) => Iterable<SourceNode>
  readonly extent: (node: SourceNode) => Extent
}

const nothing: Extent = { parts: 0, length: 0 }

function expansionOf(unfolding: Unfolding): Expansion {
  if (typeof unfolding === 'string') {
    return { names: namesOf(unfolding), parts: node => [node], extent: node => ({ parts: 1, length: sizeOf(node) }) }
  }
  const { as } = unfolding
  const path = 'members' in unfolding ? unfolding.members : unfolding.columns
  const { parts, extent } = 'members' in unfolding ? ofMembers : ofColumns
  return {
    names: path === '.' ? [] : namesOf(path),
    *parts(node) {
      if (!isTree(node)) return
      const texts = treeOf(textsOf(node))
      for (const part of parts(node)) yield Object.assign(new newTree(), texts, { [as]: part })
    },
    extent(node) {
      if (!isTree(node)) return nothing
      const own = extent(node)
      return { parts: own.parts, length: own.length + own.parts * sizeOf(treeOf(textsOf(node))) }
    },
  }
}

/** What else is large stays behind, or every part would carry all the others along. */
function textsOf(tree: SourceTree): [string, SourceNode][] {
  return Object.entries(tree).filter(([, value]) => typeof value === 'string')
}

const ofMembers = {
  *parts(tree: SourceTree): Generator<SourceNode> {
    for (const [name, value] of Object.entries(tree)) yield treeOf([['name', name], ['value', value]]) // prettier-ignore
  },
  extent: (tree: SourceTree): Extent => ({ parts: Object.keys(tree).length, length: sizeOf(tree) }),
}

/** The lists among the members as the columns of a table; a shorter one lacks the last rows. */
const ofColumns = {
  *parts(tree: SourceTree): Generator<SourceNode> {
    const columns = columnsOf(tree)
    const { parts } = ofColumns.extent(tree)
    for (let row = 0; row < parts; row++) yield treeOf(columns.map(([name, cells]) => [name, cells[row] ?? null]))
  },
  extent(tree: SourceTree): Extent {
    const columns = columnsOf(tree)
    const parts = columns.reduce((longest, [, cells]) => Math.max(longest, cells.length), 0)
    const names = sizeOf(treeOf(columns.map(([name]) => [name, null])))
    return { parts, length: sizeOf(tree) + parts * names }
  },
}

function columnsOf(tree: SourceTree): [string, SourceNode[]][] {
  return Object.entries(tree).filter((member): member is [string, SourceNode[]] => Array.isArray(member[1]))
}

/** @throws {HubError} input-refused, before anything is built, where the parts would be too large together. */
function extentOf({ node, position }: SourceRecord, expansion: Expansion, { recordBytes }: Limits): Extent {
  const extent = extentBelow(node, expansion.names, expansion)
  const most = recordBytes * TIMES_A_RECORD
  if (extent.length <= most) return extent
  const what = `unfolded, the record that begins here comes to more than ${most} characters, as each of its parts has all that stands around it; unfold another path, or split it.`
  throw refusalAt(position, 'input-refused', what)
}

function extentBelow(node: SourceNode, names: readonly string[], expansion: Expansion): Extent {
  if (Array.isArray(node)) {
    const extents = node.map(member => extentBelow(member, names, expansion))
    return extents.reduce((a, b) => ({ parts: a.parts + b.parts, length: a.length + b.length }), nothing)
  }
  const [name, ...below] = names
  if (node === null) return nothing
  if (name === undefined) return expansion.extent(node)
  if (!isTree(node) || !Object.hasOwn(node, name)) return nothing
  const { parts, length } = extentBelow(node[name] ?? null, below, expansion)
  if (parts === 0) return nothing
  let around = 0
  for (const other of Object.keys(node)) around += other.length + (other === name ? 0 : sizeOf(node[other] ?? null))
  return { parts, length: length + parts * around }
}

/** The node as often as expanding what is at the names below it gives, each time with one of them; lists are taken apart. */
function* narrowed(node: SourceNode, names: readonly string[], expansion: Expansion): Generator<SourceNode> {
  if (Array.isArray(node)) {
    for (const member of node) yield* narrowed(member, names, expansion)
    return
  }
  const [name, ...below] = names
  if (node === null) return
  if (name === undefined) return yield* expansion.parts(node)
  if (!isTree(node) || !Object.hasOwn(node, name)) return
  for (const child of narrowed(node[name] ?? null, below, expansion)) {
    yield Object.assign(new newTree(), node, { [name]: child })
  }
}

function treeOf(members: readonly (readonly [string, SourceNode])[]): SourceTree {
  return Object.assign(new newTree(), Object.fromEntries(members))
}

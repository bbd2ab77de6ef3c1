/** Where the records of a document may be: at what repeats, and at what has most in it. */
import type { SourceNode } from '../../record.ts'
import type { Columns } from '../../source.ts'
import { pathOf } from './profile.ts'

/** A place where records may stand, with what its rows' cells are called where they are rows. */
export type Place = {
  readonly names: readonly string[]
  readonly columns?: Columns
  /** How many texts its records have: the larger, the likelier. */
  readonly weight: number
}

/** The likeliest places first; of those that have as much the innermost, around which there is nothing. */
export function placesIn(tree: SourceNode): Place[] {
  const places: Place[] = []
  visit([tree], [])
  const named = new Set(places.map(({ columns }) => (typeof columns === 'object' && 'at' in columns ? columns.at : '')))
  // What only names the columns of others is no table.
  const tables = places.filter(({ names }) => names.length === 0 || !named.has(pathOf(names)))
  return tables.toSorted((a, b) => b.weight - a.weight || b.names.length - a.names.length)

  /** @param nodes all that stand at one path */
  function visit(nodes: readonly SourceNode[], names: readonly string[]): void {
    const members = nodes.flatMap(node => (Array.isArray(node) ? node : []))
    const rows = members.filter(Array.isArray)
    const objects = [...members, ...nodes].filter(isBranch)
    if (rows.length > 0 && rows.length === members.length) {
      const columns = columnsOf(tree, rows)
      if (columns !== undefined) places.push({ names, columns, weight: rows.flat().length })
    } else if (objects.length > 0) {
      const own = objects.reduce((sum, object) => sum + leavesOf(object), 0)
      const isRepeated = members.length > 0 || objects.length > 1
      if (own >= 2) places.push({ names, weight: isRepeated ? own : own / 2 })
      const inner = objects.flatMap(membersAlike)
      if (inner.length > 0) {
        places.push({ names: [...names, '*'], weight: inner.reduce((sum, object) => sum + leavesOf(object), 0) })
      }
    }
    const below = new Set(objects.flatMap(object => Object.keys(object)))
    for (const name of below) {
      if (name === '' || name.startsWith('@')) continue
      visit(
        objects.flatMap(object => (Object.hasOwn(object, name) ? [object[name] ?? null] : [])),
        [...names, name],
      )
    }
  }
}

type Branch = { readonly [name: string]: SourceNode }

function isBranch(node: SourceNode): node is { [name: string]: SourceNode } {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/** The texts of a node that stand in no list: those are of records of their own. */
function leavesOf(node: SourceNode): number {
  if (!isBranch(node)) return Array.isArray(node) ? 0 : 1
  return Object.values(node).reduce<number>((sum, child) => sum + leavesOf(child), 0)
}

/** The members of an object that has records as its members: {"0001": {…}, "0002": {…}}. */
function membersAlike(object: Branch): Branch[] {
  const members = Object.entries(object).filter(([name]) => !name.startsWith('@'))
  const branches = members.map(([, child]) => child).filter(isBranch)
  const isNumbered = members.every(([name]) => /\d/.test(name))
  if (branches.length < members.length || members.length < (isNumbered ? 2 : 3)) return []
  const names = Object.keys(branches[0] ?? {})
  const alike = branches.filter(branch => {
    const own = Object.keys(branch)
    const common = own.filter(name => names.includes(name)).length
    return common >= 2 && common >= 0.6 * Math.max(own.length, names.length)
  })
  return alike.length === branches.length ? branches : []
}

/** What the cells of rows are called: by a list of as many names elsewhere in the document, or by the first row. */
function columnsOf(tree: SourceNode, rows: readonly SourceNode[][]): Columns | undefined {
  const width = rows[0]?.length ?? 0
  if (width < 2 || rows.some(row => row.length > width)) return undefined
  const listed = namesListed(tree, width, [])
  if (listed !== undefined) return listed
  const first = rows[0]?.map(cell => (typeof cell === 'string' ? cell.trim() : '')) ?? []
  const isHead = new Set(first).size === width && first.every(text => text !== '' && !/^[\d.,:/-]+$/.test(text))
  return isHead ? 'first' : Array.from({ length: width }, (_, at) => `column${at + 1}`)
}

/** Members by which lists of columns name them, the plainest first. */
const namingMembers = ['fieldName', 'field', 'name', 'id', 'key', 'title', 'label']

function namesListed(node: SourceNode, width: number, names: readonly string[]): Columns | undefined {
  if (Array.isArray(node)) {
    if (node.length !== width) return undefined
    const at = names.length === 0 ? '' : pathOf(names)
    const texts = node.filter(cell => typeof cell === 'string')
    if (at !== '' && texts.length === width && new Set(texts).size === width) return { at }
    const objects = node.filter(isBranch)
    const name = namingMembers.find(
      member => new Set(objects.map(object => object[member]).filter(cell => typeof cell === 'string')).size === width,
    )
    return objects.length === width && name !== undefined ? { at, name } : undefined
  }
  if (!isBranch(node)) return undefined
  for (const [name, child] of Object.entries(node)) {
    const found = namesListed(child, width, [...names, name])
    if (found !== undefined) return found
  }
  return undefined
}

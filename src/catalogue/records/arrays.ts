/** Grows arrays, at the edges of their size by preference. */
import { canonicalise } from '../../canonical.ts'
import type { Json } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'
import type { Grow, Growing } from './growing.ts'
import { placeBelow, type Place } from './hints.ts'
import { between, chance, oneOf } from './random.ts'
import { numberAt, schemaAt } from './schema.ts'

/** Above that, an array is as long as it must be. */
const ampleSize = 3

/** So long may an array become to stand at a limit; longer ones cost more than they find. */
const longest = 40

/** Arrays that must be longer are not grown: a stranger's `minItems` is not what the hub spends its memory by. */
const longestGrown = 10_000

export function growArray(growing: Growing, way: readonly SchemaNode[], place: Place, grow: Grow): Json[] | undefined {
  const size = sizeOf(growing, way, place)
  if (size > longestGrown) return undefined
  const items = way.map(schema => schema.items).filter(each => each !== undefined)
  const contained = way.map(schema => schemaAt(schema, 'contains')).filter(each => each !== undefined)
  const isUnique = way.some(schema => schema['uniqueItems'] === true)
  const below = placeBelow(place, 'items')
  const array: Json[] = []
  const seen = new Set<string>()
  const add = (schemas: readonly SchemaNode[]): void => {
    const item = grow(growing, schemas, below)
    if (item === undefined || (isUnique && seen.has(canonicalise(item)))) return
    array.push(item)
    if (isUnique) seen.add(canonicalise(item))
  }
  for (const each of contained) add([...items, each])
  for (let tries = 0; tries < 3 * size && array.length < size && growing.fuel > 0; tries++) {
    const repeated = isUnique || !chance(growing.random, 0.1) ? undefined : array[0]
    if (repeated === undefined) add(items)
    else array.push(repeated)
  }
  return array
}

function sizeOf({ random, edge, hints }: Growing, way: readonly SchemaNode[], place: Place): number {
  const least = Math.max(...way.map(schema => numberAt(schema, 'minItems', 0)))
  const most = Math.min(...way.map(schema => numberAt(schema, 'maxItems', Infinity)))
  const limits = (hints.get(place) ?? []).flatMap(schema =>
    ['minItems', 'maxItems'].map(keyword => numberAt(schema, keyword, least)),
  )
  const edges = [least, most, ...limits.flatMap(limit => [limit - 1, limit, limit + 1])].filter(
    size => size >= least && size <= most && size <= Math.max(longest, least),
  )
  const chosen = chance(random, edge) ? oneOf(random, edges) : undefined
  return chosen ?? between(random, least, Math.min(most, least + ampleSize))
}

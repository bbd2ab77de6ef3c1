/**
 * What a schema means, as a text: two schemas with one meaning allow the same values. Words, order and references are
 * no part of it, the codes of a list are.
 */
import { createHash } from 'node:crypto'
import { canonicalise } from '../../canonical.ts'
import type { Json } from '../../record.ts'
import type { CodeList } from '../../code-list.ts'
import type { SchemaNode } from '../../standard.ts'
import { mapSubschemas } from '../../validate/subschemas.ts'
import { facetOf, type Facet } from './facet.ts'
import { remembered } from './remember.ts'
import type { Side } from './side.ts'

/** Keywords that allow and refuse nothing. */
const silent = new Set([
  '$schema',
  '$id',
  '$defs',
  '$comment',
  'standard',
  'conversion',
  'authority',
  'title',
  'titles',
  'description',
  'level',
  'sharing',
  'indexed',
  'unit',
  // It warns.
  'codesOn',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
])

const unordered = new Set(['type', 'enum', 'required'])

export function isSilent(keyword: string): boolean {
  return silent.has(keyword)
}

export const meaningOf = remembered(({ side, schema }: Facet): string => canonicalise(plain(side, schema)))

/** The meaning of some keywords of a facet; undefined where it has none of them. */
export function meaningIn(facet: Facet, keywords: readonly string[]): string | undefined {
  return meaningOfListed(facet, keywords.join())
}

const meaningOfListed = remembered((facet: Facet, listed): string | undefined => {
  const keywords = listed.split(',').filter(keyword => keyword in facet.schema)
  if (keywords.length === 0) return undefined
  return canonicalise(plain(facet.side, Object.fromEntries(keywords.map(keyword => [keyword, facet.schema[keyword]]))))
})

function plain(side: Side, schema: SchemaNode): Json {
  const inner = mapSubschemas(schema, raw => plain(side, facetOf(side, raw, '').schema) as SchemaNode)
  const entries = Object.entries(inner).flatMap(([keyword, value]): [string, Json][] => {
    if (silent.has(keyword)) return []
    if (keyword === 'codes') return [[keyword, codesMeaning(side.codeList(String(value)))]]
    if (keyword === 'dependentRequired') return [[keyword, sortedNames(value)]]
    return [[keyword, unordered.has(keyword) ? sorted(value) : (value as Json)]]
  })
  return Object.fromEntries(entries)
}

function sortedNames(value: unknown): Json {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, names]) => [name, sorted(names)]))
}

function sorted(value: unknown): Json {
  const items = [value].flat() as Json[]
  return [...new Set(items.map(canonicalise))].toSorted()
}

function codesMeaning(list: CodeList | undefined): string {
  return list === undefined ? 'unknown' : digestOf(list)
}

const digestOf = remembered(({ codes, refined }: CodeList): string => {
  const text = JSON.stringify([codes.map(({ code }) => code).toSorted(), refined?.prefix, refined?.lengths])
  return createHash('sha256').update(text).digest('hex')
})

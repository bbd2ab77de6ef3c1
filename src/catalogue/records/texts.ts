/** Grows texts: codes, forms, patterns and free ones, of lengths at the limits that either version names. */
import type { SchemaNode } from '../../standard.ts'
import { formatText } from './format-texts.ts'
import type { Growing } from './growing.ts'
import { holds } from './holds.ts'
import type { Place } from './hints.ts'
import { patternText, type PatternText } from './pattern-text.ts'
import { between, chance, oneOf } from './random.ts'
import { numberAt } from './schema.ts'

const triesOfText = 24

export function growText(growing: Growing, way: readonly SchemaNode[], place: Place): string | undefined {
  const hints = growing.hints.get(place) ?? []
  const telling = hints.filter(tells)
  const forms = way.filter(schema => formKeywords.some(keyword => keyword in schema))
  const lengths = lengthsOf(way, hints)
  if (lengths.least > Math.min(lengths.most, longestText)) return undefined
  growing.fuel -= Math.floor(lengths.least / charactersOfFuel)
  for (let tries = 0; tries < triesOfText; tries++) {
    const around = chance(growing.random, 0.2) ? oneOf(growing.random, telling) : undefined
    const schema = around ?? oneOf(growing.random, forms) ?? anyText
    const text = textFor(growing, schema, drawLength(growing, lengths))
    if (text !== undefined && way.every(each => holds(each, text, growing.codes.has))) return text
  }
  return undefined
}

const anyText: SchemaNode = {}

const formKeywords = ['codes', 'format', 'pattern']

/** Whether texts can be made of the schema, and not only measured by it. */
function tells(schema: SchemaNode): boolean {
  return tellingKeywords.some(keyword => keyword in schema)
}

const tellingKeywords = [...formKeywords, 'enum', 'const']

function textFor(growing: Growing, schema: SchemaNode, length: number): string | undefined {
  const { random } = growing
  const { codes, format } = schema
  if ('enum' in schema || 'const' in schema) {
    const listed = [schema['enum'] ?? schema['const']].flat()
    return oneOf(
      random,
      listed.filter(value => typeof value === 'string'),
    )
  }
  if (codes !== undefined) return growing.codes.draw(codes, random)
  if (typeof schema['pattern'] === 'string' && (format === undefined || chance(random, 0.5))) {
    return patternOf(schema, schema['pattern'])?.(random, chance(random, 0.5) ? length : between(random, 0, 4))
  }
  return format === undefined ? freeText(growing, length) : formatText(format, random)
}

const patternsRead = new WeakMap<SchemaNode, PatternText | undefined>()

/** The pattern of a schema, read once: it takes longer than to write a text. */
function patternOf(schema: SchemaNode, pattern: string): PatternText | undefined {
  if (!patternsRead.has(schema)) patternsRead.set(schema, patternText(pattern))
  return patternsRead.get(schema)
}

/** Texts that must be longer are not grown: a stranger's `minLength` is not what the hub spends its memory by. */
const longestText = 10_000

/** Of a long text as many are worth a value of fuel. */
const charactersOfFuel = 100

/** How long a text is where the length is ample. */
const ampleLength = 12

type Lengths = { readonly least: number; readonly most: number; readonly edges: readonly number[] }

function lengthsOf(way: readonly SchemaNode[], hints: readonly SchemaNode[]): Lengths {
  let [least, most] = [0, Infinity]
  for (const schema of way) {
    least = Math.max(least, numberAt(schema, 'minLength', 0))
    most = Math.min(most, numberAt(schema, 'maxLength', Infinity))
  }
  const edges = [least, most]
  for (const schema of hints) {
    for (const keyword of ['minLength', 'maxLength']) {
      const limit = numberAt(schema, keyword, least)
      edges.push(limit - 1, limit, limit + 1)
    }
  }
  return { least, most, edges: edges.filter(length => length >= least && length <= most && length < longestText) }
}

function drawLength({ random, edge }: Growing, { least, most, edges }: Lengths): number {
  const chosen = chance(random, edge) ? oneOf(random, edges) : undefined
  return chosen ?? between(random, least, Math.max(least, Math.min(most, least + ampleLength)))
}

/** 𠮷 is one character and two UTF-16 units: whoever counts units is found out. */
const alphabets = ['abcdefghijklmnopqrstuvwxyz', '0123456789', '示例县甲乙丙丁食品有限公司', '𠮷a', 'Ab 1-·.（）']

function freeText({ random }: Growing, length: number): string {
  const alphabet = Array.from(oneOf(random, alphabets) ?? 'a')
  return Array.from({ length }, () => oneOf(random, alphabet)).join('')
}

/**
 * JSON in its one canonical form (RFC 8785, JCS): the text that is hashed, compared and stored.
 *
 * No spaces, names sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. Refuses what I-JSON
 * (RFC 7493) lacks: NaN, infinities and lone surrogates.
 */
import type { Json } from './record.ts'

/**
 * The canonical text of a value. Equal values have equal texts, whatever the order of their names.
 *
 * @throws {TypeError} if the value holds a number that is not finite, a lone surrogate, or anything that is not JSON.
 */
export function canonicalise(value: Json): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value === null) return 'null'
  if (typeof value !== 'object') throw new TypeError(`Canonical JSON has no ${typeof value}`)
  return Array.isArray(value) ? array(value) : object(value)
}

/**
 * True if the text is what {@link canonicalise} gives for the value that it stands for; false for every other text.
 *
 * A text without escapes is only walked: a quarter of the cost of building the value and writing it again.
 */
export function isCanonical(text: string): boolean {
  try {
    if (plainText.test(text)) return endOfValue(text, 0) === text.length
    const value: Json = JSON.parse(text)
    return canonicalise(value) === text
  } catch {
    return false // no JSON, or JSON without a canonical form, or nested deeper than the stack
  }
}

// Nothing that is escaped and no half of a surrogate pair: nearly all strings, at half the cost of JSON.stringify.
const plainString = /^[\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]*$/

// The same with quotes: a text whose strings hold no escapes.
const plainText = /^[\x20-\x5b\x5d-\ud7ff\ue000-\uffff]*$/

const loneSurrogate = /\p{Cs}/u

function quote(text: string): string {
  if (plainString.test(text)) return `"${text}"`
  if (loneSurrogate.test(text)) throw new TypeError('Canonical JSON has no lone surrogates')
  return JSON.stringify(text)
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('Canonical JSON has neither NaN nor infinities')
  return String(value)
}

function array(items: readonly Json[]): string {
  let text = '['
  for (const item of items) text += text === '[' ? canonicalise(item) : `,${canonicalise(item)}`
  return `${text}]`
}

function object(members: { readonly [name: string]: Json }): string {
  let text = '{'
  for (const name of sortedNames(members)) {
    const value = members[name]
    if (value === undefined) throw new TypeError('Canonical JSON has no undefined')
    text += `${text === '{' ? '' : ','}${quote(name)}:${canonicalise(value)}`
  }
  return `${text}}`
}

/** Names in the order of their UTF-16 code units (§3.2.3). Many objects come in it: looking is cheap. */
function sortedNames(members: object): string[] {
  const names = Object.keys(members)
  let last = ''
  for (const name of names) {
    if (name < last) return names.toSorted()
    last = name
  }
  return names
}

/** Where the canonical value that begins at `at` ends in a text without escapes; -1 if there is none. */
function endOfValue(text: string, at: number): number {
  switch (text[at]) {
    case '"':
      return endOfString(text, at)
    case '{':
      return endOfObject(text, at + 1)
    case '[':
      return endOfArray(text, at + 1)
    default:
      return endOfScalar(text, at)
  }
}

function endOfString(text: string, at: number): number {
  return text[at] === '"' ? text.indexOf('"', at + 1) + 1 || -1 : -1
}

function endOfObject(text: string, first: number): number {
  if (text[first] === '}') return first + 1
  let last: string | undefined
  for (let at = first; ; at++) {
    const colon = endOfString(text, at)
    const name = text.slice(at + 1, colon - 1)
    if (text[colon] !== ':' || (last !== undefined && name <= last)) return -1
    last = name
    at = endOfValue(text, colon + 1)
    if (text[at] === '}') return at + 1
    if (text[at] !== ',') return -1
  }
}

function endOfArray(text: string, first: number): number {
  if (text[first] === ']') return first + 1
  for (let at = first; ; at++) {
    at = endOfValue(text, at)
    if (text[at] === ']') return at + 1
    if (text[at] !== ',') return -1
  }
}

const scalar = /true|false|null|-?\d[\d.e+-]*/y

function endOfScalar(text: string, at: number): number {
  scalar.lastIndex = at
  const token = scalar.exec(text)?.[0] ?? ''
  const isName = token === 'true' || token === 'false' || token === 'null'
  return isName || (token !== '' && String(Number(token)) === token) ? at + token.length : -1
}

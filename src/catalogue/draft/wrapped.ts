/** Documents that stand as a text in another: JSON in a JSON string, XML in an XML string, either compressed. */
import { inflateRawSync, inflateSync, gunzipSync, constants } from 'node:zlib'
import type { SourceNode } from '../../record.ts'
import type { Wrapping } from '../../source.ts'

/** The longest document at a path of another, and what it was wrapped in. */
export type Inner = {
  readonly names: readonly string[]
  readonly text: string
  readonly decode: readonly Wrapping[]
  /** How long the documents at this path are together, as they stand. */
  readonly length: number
}

/** The path of a tree whose texts are documents themselves; of several, the one that has most of the tree. */
export function innerDocument(tree: SourceNode): Inner | undefined {
  const found = new Map<string, Inner>()
  const tried = new Map<string, number>()
  visit(tree, [])
  return [...found.values()].toSorted((a, b) => b.length - a.length)[0]

  function visit(node: SourceNode, names: readonly string[]): void {
    if (typeof node === 'string') look(node, names)
    else if (Array.isArray(node)) for (const member of node) visit(member, names)
    else if (node !== null) {
      for (const [name, child] of Object.entries(node)) visit(child, name === '#text' ? names : [...names, name])
    }
  }

  function look(text: string, names: readonly string[]): void {
    const path = names.join('/')
    const known = found.get(path)
    const times = tried.get(path) ?? 0
    if (known === undefined && times >= mostTried) return
    tried.set(path, times + 1)
    const inner = times < mostTried ? unwrapped(text) : undefined
    const longest = inner === undefined || (known?.text.length ?? 0) > inner.text.length ? known : { ...inner, names }
    if (longest !== undefined) found.set(path, { ...longest, length: (known?.length ?? 0) + text.length })
  }
}

/** Texts at a path that are looked into: records by the thousand have texts that could be base64. */
const mostTried = 20

/** A document out of a text; undefined where there is none in it. */
export function unwrapped(text: string): Pick<Inner, 'text' | 'decode'> | undefined {
  if (isDocument(text)) return { text, decode: [] }
  if (text.length < leastBase64 || !/^[\w+/=\s-]*$/.test(text.slice(0, 1024))) return undefined
  const bytes = Buffer.from(text, 'base64')
  const plain = bytes.toString('utf8')
  if (isDocument(plain)) return { text: plain, decode: ['base64'] }
  for (const [wrapping, inflate] of inflaters) {
    try {
      // What is cut off at the end of a sample still gives its beginning.
      const inflated = inflate(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostInflated })
      const inner = inflated.toString('utf8')
      if (isDocument(inner)) return { text: inner, decode: ['base64', wrapping] }
    } catch {
      // It is in another wrapping, or in none.
    }
  }
  return undefined
}

/** Shorter texts in the letters of base64 are words and numbers. */
const leastBase64 = 32

/** A sample that unfolds to more is not looked into. */
const mostInflated = 64 * 1024 * 1024

const inflaters = [
  ['gzip', gunzipSync],
  ['zlib', inflateSync],
  ['deflate', inflateRawSync],
] as const

/** An empty list is no document that records would stand in. */
function isDocument(text: string): boolean {
  return /^\s*(?:<\?xml|<[A-Za-z_][^<>]*>|\{\s*"|\[\s*[{["])/.test(text)
}

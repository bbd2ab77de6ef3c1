/** Finds the texts in an envelope's document: those that hold the next documents, and what stands around them. */
import { HubError } from '../errors.ts'
import type { SourceNode } from '../record.ts'
import type { EnvelopeStep } from '../source.ts'
import type { Context } from './records.ts'
import { ANY, namesOf } from './source.ts'

export type Text = {
  readonly text: string
  /** The nodes that lead to it, from the root: one for every name of the path, after it. */
  readonly trail: readonly SourceNode[]
}

/**
 * The texts at a path; repeated elements and arrays are passed through, a null is none. `trail` ends with the node to
 * begin at.
 *
 * @throws {HubError} input-malformed, where the path ends at what has no text: left out, its records would be missed
 */
export function* textsAt(
  trail: readonly SourceNode[],
  names: readonly string[],
  format: EnvelopeStep['format'],
): Generator<Text> {
  const node = trail.at(-1)
  const [name, ...below] = names
  if (Array.isArray(node)) {
    for (const element of node) yield* textsAt([...trail.slice(0, -1), element], names, format)
  } else if (name === undefined) {
    if (node === null || node === undefined) return
    const text = textOf(node)
    if (text === undefined) {
      const what = 'stands where a text with the next document is expected; mend its path in source.envelope.'
      throw new HubError(
        'input-malformed',
        `In the input's ${format} envelope an object or element without text ${what}`,
      )
    }
    yield { text, trail }
  } else if (typeof node === 'object' && node !== null) {
    for (const key of name === ANY ? Object.keys(node).filter(other => isChild(other, format)) : [name]) {
      const child = node[key]
      if (child !== undefined) yield* textsAt([...trail, child], below, format)
    }
  }
}

function isChild(name: string, format: EnvelopeStep['format']): boolean {
  return format === 'json' || (name !== '#text' && !name.startsWith('@'))
}

/** The texts wanted that stand around a text: those of its own parents, where these repeat. */
export function contextAround(trail: readonly SourceNode[], at: readonly string[], wanted: readonly string[]): Context {
  const texts: { [path: string]: string } = {}
  for (const path of wanted) {
    const names = namesOf(path.slice(1))
    const apart = names.findIndex((name, i) => name !== at[i])
    const shared = apart === -1 ? names.length : apart
    let node = trail[shared]
    for (const name of names.slice(shared)) {
      node = typeof node === 'object' && node !== null && !Array.isArray(node) ? node[name] : undefined
    }
    const text = textOf(node)
    if (text !== undefined) texts[path] = text
  }
  return texts
}

function textOf(node: SourceNode | undefined): string | undefined {
  const own = typeof node === 'object' && node !== null && !Array.isArray(node) ? node['#text'] : node
  return typeof own === 'string' ? own : undefined
}

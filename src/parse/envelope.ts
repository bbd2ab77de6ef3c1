/**
 * Opens envelopes: outer documents that are read whole, to get at the text in them that is the next document.
 *
 * That text is given on in pieces as if it had just been decoded, so that any reader can read it.
 */
import { HubError } from '../errors.ts'
import type { SourceNode } from '../record.ts'
import type { Piece } from './decode.ts'
import type { Limits } from './limits.ts'
import { OuterTexts } from './outer-texts.ts'
import { newReader } from './reader.ts'
import { Records, type Context } from './records.ts'
import { escapeName, namesOf, type EnvelopeStep } from './source.ts'
import { newTree } from './tree.ts'
import { Window } from './window.ts'

/** As long as what one block of bytes gives: larger pieces only make larger batches of records. */
const PIECE_LENGTH = 1 << 16

export type Opened = {
  readonly pieces: Iterable<Piece>
  /** The texts wanted that stand in the envelope, by absolute path; those of an inner document go before. */
  readonly context: Context
}

/** @throws {HubError} input-malformed, where an outer document is, or has no text at its path. */
export async function open(
  pieces: AsyncIterable<Piece>,
  envelope: readonly EnvelopeStep[],
  { limits, wanted }: { readonly limits: Limits; readonly wanted: readonly string[] },
): Promise<Opened> {
  let text = await wholeOf(pieces, limits)
  let context: Context = {}
  for (const step of envelope) {
    const root = documentOf(text, step, limits)
    const inner = textAt(root, namesOf(step.at))
    if (inner === undefined) {
      throw new HubError('input-malformed', `The input's ${step.format} envelope has no one text at "${step.at}".`)
    }
    context = { ...context, ...textsAt(root, wanted) }
    text = inner
  }
  return { pieces: piecesOf(text), context }
}

async function wholeOf(pieces: AsyncIterable<Piece>, { envelopeBytes }: Limits): Promise<string> {
  const texts: string[] = []
  let length = 0
  for await (const { text, failure } of pieces) {
    texts.push(text)
    length += text.length
    if (failure !== undefined) throw new HubError(failure.code, `The input cannot be read to its end: ${failure.what}`)
    if (length > envelopeBytes) {
      const what = `The input is larger than the ${envelopeBytes} bytes that are taken in an envelope; split it.`
      throw new HubError('input-refused', what)
    }
  }
  return texts.join('')
}

/** The document as a tree under its root's name (XML) or as it is (JSON). */
function documentOf(text: string, { format, at }: EnvelopeStep, limits: Limits): SourceNode | undefined {
  const rootName = format === 'xml' ? namesOf(at)[0] : undefined
  const window = new Window()
  const whole = { ...limits, recordBytes: limits.envelopeBytes }
  const records = new Records(window, whole)
  const source = { format, records: rootName === undefined ? '' : escapeName(rootName) }
  const reader = newReader({ source, limits: whole, window, records, outer: new OuterTexts([], {}) })
  window.append(text)
  window.end()
  reader.read()
  const [record, second] = records.take()
  if (record === undefined || second !== undefined || !('node' in record)) return undefined
  if (rootName === undefined) return record.node
  const root = new newTree()
  root[rootName] = record.node
  return root
}

function textsAt(root: SourceNode | undefined, paths: readonly string[]): Context {
  const texts: { [path: string]: string } = {}
  for (const path of paths) {
    const text = textAt(root, namesOf(path.slice(1)))
    if (text !== undefined) texts[path] = text
  }
  return texts
}

function textAt(root: SourceNode | undefined, names: readonly string[]): string | undefined {
  let node = root
  for (const name of names) {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return undefined
    node = node[name]
  }
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) node = node['#text']
  return typeof node === 'string' ? node : undefined
}

function* piecesOf(text: string): Generator<Piece> {
  for (let at = 0; at < text.length; at += PIECE_LENGTH) yield { text: text.slice(at, at + PIECE_LENGTH) }
}

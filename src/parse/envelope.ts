/**
 * Finds the documents of an input that hold records: the input itself or, where it is an envelope, the texts inside.
 *
 * An envelope's outer documents are read whole, to get at their texts; each of these is given on in pieces as if it
 * had just come, so that any reader can read it.
 */
import { HubError } from '../errors.ts'
import type { SourceNode } from '../record.ts'
import type { EnvelopeStep, Format, Source } from '../source.ts'
import { decode, type Piece } from './decode.ts'
import { contextAround, textsAt } from './envelope-texts.ts'
import { limited, type Allowance } from './limited.ts'
import type { Limits } from './limits.ts'
import { OuterTexts } from './outer-texts.ts'
import { newReader } from './reader.ts'
import { Records, type Context } from './records.ts'
import { escapeName, namesOf } from './source.ts'
import { newTree } from './tree.ts'
import { unwrap } from './unwrap.ts'
import { Window } from './window.ts'

/** As long as what one block of bytes gives: larger pieces only make larger batches of records. */
const PIECE_LENGTH = 1 << 16

export type Document = {
  readonly pieces: AsyncIterable<Piece> | Iterable<Piece>
  /** The texts wanted that stand in its envelope, by absolute path; those of an inner document go before. */
  readonly context: Context
}

type Options = { readonly limits: Limits; readonly wanted: readonly string[] }

/** `inner`: how many bytes may come out of all wrapped texts together. */
type Opening = Options & { readonly source: Source; readonly inner: Allowance }

/** @throws {HubError} input-malformed, where an outer document is, or has no text at its path. */
export async function* documentsIn(
  bytes: AsyncIterable<Uint8Array>,
  source: Source,
  { limits, wanted }: Options,
): AsyncGenerator<Document> {
  const { format, encoding, decode: wrappings = [], envelope = [] } = source
  const unwrapped = unwrap(bytes, wrappings, () => wholeInput(limits))
  const pieces = decode(unwrapped, { format: envelope[0]?.format ?? format, ...(encoding && { encoding }) }, limits)
  yield* open({ pieces, context: {} }, envelope, { source, limits, wanted, inner: wholeInput(limits) })
}

async function* open(outer: Document, steps: readonly EnvelopeStep[], opening: Opening): AsyncGenerator<Document> {
  const [step, ...innerSteps] = steps
  if (step === undefined) return yield outer
  const root = documentOf(await wholeOf(outer.pieces, opening.limits), step, opening)
  const format = innerSteps[0]?.format ?? opening.source.format
  const at = namesOf(step.at)
  let count = 0
  for (const { text, trail } of textsAt([root], at, step.format)) {
    count += 1
    const context = { ...outer.context, ...contextAround(trail, at, opening.wanted) }
    yield* open({ pieces: piecesIn(text, step, format, opening), context }, innerSteps, opening)
  }
  if (count === 0) {
    throw new HubError('input-malformed', `The input's ${step.format} envelope has no text at "${step.at}".`)
  }
}

async function wholeOf(pieces: Document['pieces'], { envelopeBytes }: Limits): Promise<string> {
  const texts: string[] = []
  let length = 0
  for await (const { text, failure } of pieces) {
    texts.push(text)
    length += text.length
    if (failure !== undefined) throw new HubError(failure.code, `The input cannot be read to its end: ${failure.what}`)
    if (length > envelopeBytes) throw new HubError('input-refused', `The input is refused: ${tooLarge(envelopeBytes)}`)
  }
  return texts.join('')
}

/** The document as a tree: under its root's name (XML), or as it is (JSON). */
function documentOf(text: string, { format, at }: EnvelopeStep, { limits, source }: Opening): SourceNode {
  const [rootName = ''] = namesOf(at)
  const window = new Window()
  const whole = { ...limits, recordBytes: limits.envelopeBytes }
  const records = new Records(window, whole)
  const outer = new OuterTexts([], {}, records)
  const path = format === 'xml' ? escapeName(rootName) : ''
  const own: Source = { format, records: path, ...(source.namespaces && { namespaces: source.namespaces }) }
  const reader = newReader({ source: own, limits: whole, window, records, outer })
  window.append(text)
  window.end()
  reader.read()
  const nodes = records.take().map(record => ('node' in record ? record.node : null))
  if (format === 'json') return nodes
  const root = new newTree()
  for (const node of nodes) root[outer.recordName ?? rootName] = node
  return root
}

function piecesIn(
  text: string,
  { decode: wrappings, encoding }: EnvelopeStep,
  format: Format,
  { limits, inner }: Opening,
): Document['pieces'] {
  // Before the declaration of XML no line end may stand, though texts in elements often begin with one.
  if (wrappings === undefined) return piecesOf(format === 'csv' ? text : text.trimStart())
  const unwrapped = unwrap(bytesOf(text), wrappings, () => ({
    left: limits.envelopeBytes,
    refusal: tooLarge(limits.envelopeBytes),
  }))
  return decode(limited(unwrapped, inner), { format, ...(encoding && { encoding }) }, limits)
}

function* piecesOf(text: string): Generator<Piece> {
  for (let at = 0; at < text.length; at += PIECE_LENGTH) yield { text: text.slice(at, at + PIECE_LENGTH) }
}

/** As UTF-8: what is not ASCII is then no base64. */
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  for (const { text: piece } of piecesOf(text)) yield Buffer.from(piece)
}

function wholeInput({ inputBytes }: Limits): Allowance {
  const refusal = `the input is larger than the ${inputBytes} bytes that are taken at once; split it.`
  return { left: inputBytes, refusal }
}

function tooLarge(envelopeBytes: number): string {
  return `a document of an envelope is larger than the ${envelopeBytes} bytes that are taken; split the input.`
}

/**
 * Finds out in which encoding an input is: its byte order mark, then what the adapter says, then what the XML
 * declaration says, then a look at its first bytes.
 *
 * The look decides between UTF-8, UTF-16 and GB18030 only, and in this order: nearly every byte sequence is good
 * GB18030, UTF-8, Big5, Shift_JIS and EUC included, so that asked first it would turn them into other characters
 * without an error. Those three must therefore be named.
 */
import { HubError } from '../errors.ts'
import { isReadableEncoding, type Format } from '../source.ts'

/** An encoding as TextDecoder names it. */
export type Encoding = string

/** What the look may have to see before it meets a character that is not ASCII. */
export const HEAD_BYTES = 1 << 20

const NEWLINE = 0x0a

const marks: readonly (readonly [Encoding, readonly number[]])[] = [
  // Before UTF-16, whose mark it begins with. Nothing decodes UTF-32: it is refused by its name.
  ['utf-32', [0xff, 0xfe, 0, 0]],
  ['utf-32', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
]

/** `head`: the first bytes of the input, all of them or {@link HEAD_BYTES}. */
export function encodingOf(head: Uint8Array, format: Format, named: string | undefined): Encoding {
  return known(
    byMark(head) ?? named ?? byZeros(head) ?? byWideLineEnds(head, format) ?? declared(head, format) ?? byLook(head),
  )
}

function byMark(head: Uint8Array): Encoding | undefined {
  return marks.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte))?.[0]
}

function known(label: string): Encoding {
  if (!isReadableEncoding(label)) throw unreadable('the encoding of the input is not one that can be read')
  const { encoding } = new TextDecoder(label)
  // GB18030 has all of GBK and GB/T 2312, and feeds that say the older name use the newer characters.
  return encoding === 'gbk' ? 'gb18030' : encoding
}

/** UTF-16 without a mark: XML and JSON begin with an ASCII character (XML 1.0 appendix F, RFC 4627 §3). */
function byZeros([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0) return second === 0 ? 'utf-32' : 'utf-16be'
  if (second === 0) return third === 0 ? 'utf-32' : 'utf-16le'
  return undefined
}

/** UTF-16 without a mark that begins with any character, as CSV may. No other text has a byte 0 beside a line end. */
function byWideLineEnds(head: Uint8Array, format: Format): Encoding | undefined {
  if (format !== 'csv' || !head.includes(0)) return undefined
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === NEWLINE && head[i + 1] === 0) return 'utf-16le'
    if (head[i] === 0 && head[i + 1] === NEWLINE) return 'utf-16be'
  }
  return undefined
}

function declared(head: Uint8Array, format: Format): Encoding | undefined {
  if (format !== 'xml') return undefined
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1024)).toString('latin1')
  const label = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1]
  if (label === undefined) return undefined
  // What could be read as ASCII is not what it says it is.
  if (/^(utf-?16|utf-?32|ucs|iso-10646-ucs)/i.test(label)) {
    throw unreadable(
      'the XML declaration names an encoding of two or four bytes a character, which the input is not in',
    )
  }
  return label
}

function byLook(head: Uint8Array): Encoding {
  const encoding = ['utf-8', 'gb18030'].find(candidate => decodes(head, candidate))
  if (encoding === undefined) throw unreadable('the input is neither in UTF-8 nor in UTF-16 nor in GB18030')
  return encoding
}

/** True where no byte is wrong in the encoding; the last character may be incomplete. */
export function decodes(bytes: Uint8Array, encoding: Encoding): boolean {
  try {
    // As a stream, since the head may end inside a character.
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

function unreadable(what: string): HubError {
  const advice = 'send it in another, or name its encoding in the adapter as source.encoding.'
  return new HubError('encoding-unreadable', `${what}; ${advice}`)
}

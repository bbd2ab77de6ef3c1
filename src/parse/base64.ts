/** Decodes base64 as it comes (RFC 4648 §4, and §5 for its other two characters), over white space. */
import { HubError } from '../errors.ts'

/** Of a group, which stands for three bytes. */
const DIGITS = 4

const WHITE_SPACE = /[ \t\r\n]+/g

/** @throws {HubError} input-malformed, after the bytes that stand before what is not base64. */
export async function* base64(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = ''
  for await (const block of bytes) {
    const text = rest + Buffer.from(block.buffer, block.byteOffset, block.length).toString('latin1')
    const digits = text.replace(WHITE_SPACE, '')
    // The last group stays: it may be the padded one, after which nothing comes.
    const last = digits.length === 0 ? 0 : digits.length - (digits.length % DIGITS || DIGITS)
    yield* decoded(digits.slice(0, last))
    rest = digits.slice(last)
  }
  if (rest.length % DIGITS !== 0) throw malformed('ends too early')
  yield* decoded(rest.replace(/={1,2}$/, ''))
}

/** Whole groups of digits, but for the last of all. */
function* decoded(digits: string): Generator<Uint8Array> {
  const end = digits.search(/[^A-Za-z0-9+/_-]/)
  yield Buffer.from(end === -1 ? digits : digits.slice(0, end - (end % DIGITS)), 'base64')
  if (end !== -1) throw malformed('has a character that is none of base64')
}

function malformed(what: string): HubError {
  return new HubError('input-malformed', `what is said to be base64 ${what}; send it whole, and nothing else.`)
}

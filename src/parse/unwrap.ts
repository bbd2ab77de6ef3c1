/**
 * Undoes what an input is wrapped in, as a stream: however small the wrapped bytes are, no more of what comes out of
 * them is held than a few megabytes.
 */
import type { Wrapping } from '../source.ts'
import { base64 } from './base64.ts'
import { byMagic, inflate } from './inflate.ts'
import { limited, type Allowance } from './limited.ts'

/**
 * `allowed`: how many bytes may go in, and may come out of each wrapping.
 *
 * @throws {HubError} input-malformed, after the bytes that stand before what is no such wrapping; input-refused, beyond
 *   the bytes that are allowed.
 */
export function unwrap(
  bytes: AsyncIterable<Uint8Array>,
  wrappings: readonly Wrapping[],
  allowed: () => Allowance,
): AsyncIterable<Uint8Array> {
  let unwrapped = limited(bytes, allowed())
  for (const wrapping of wrappings) {
    const inner = wrapping === 'base64' ? base64(unwrapped) : inflate(unwrapped, () => wrapping)
    unwrapped = limited(inner, allowed())
  }
  return limited(inflate(unwrapped, byMagic), allowed())
}

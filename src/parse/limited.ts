import { HubError } from '../errors.ts'

/** How many bytes may still come; what shares one shares its bytes. */
export type Allowance = { left: number; readonly refusal: string }

/** @throws {HubError} input-refused, after the last byte that is allowed. */
export async function* limited(bytes: AsyncIterable<Uint8Array>, allowance: Allowance): AsyncGenerator<Uint8Array> {
  for await (const block of bytes) {
    const { left } = allowance
    if (block.length > left) {
      yield block.subarray(0, left)
      throw new HubError('input-refused', allowance.refusal)
    }
    allowance.left -= block.length
    yield block
  }
}

/** What a refused request still has to send. */
import type { IncomingMessage } from 'node:http'

const bytesAtMost = 16 * 1024 * 1024

const msAtMost = 2_000

/**
 * Reads the rest of a body and lets it go, for a while: a connection that were closed at once would take the reply with it,
 * and one that were kept would take the rest for the next request (RFC 9112 §9.6).
 *
 * @returns whether the body has ended, so that the connection can be used again
 */
export async function passOverRest(body: IncomingMessage): Promise<boolean> {
  if (body.readableEnded || body.destroyed) return body.readableEnded
  let left = bytesAtMost
  return new Promise(resolve => {
    const settle = (): void => {
      clearTimeout(timer)
      body.off('data', count).off('end', settle).off('close', settle).pause()
      resolve(body.readableEnded)
    }
    const count = (chunk: Uint8Array): void => {
      if ((left -= chunk.length) < 0) settle()
    }
    const timer = setTimeout(settle, msAtMost)
    body.on('data', count).on('end', settle).on('close', settle).resume()
  })
}

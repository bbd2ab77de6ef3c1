/** A reply that takes long: sent as whoever reads it takes it, in gzip where they take that, cut where it may not go on. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { takesGzip } from './accept.ts'

/** How slowly a reader may read; one that reads more slowly holds a place that others wait for. */
export type Pace = {
  /** Bytes of the reply, before gzip, that are to be taken in each window. */
  readonly bytes: number
  readonly windowMs: number
  /** How long the whole may take. */
  readonly totalMs: number
}

/** Ends with the server: a stream may take hours, and one that is cut is known for it, and begun again. */
export class RunningStreams {
  readonly #running = new Set<Readable>()

  constructor(app: FastifyInstance) {
    app.addHook('preClose', async () => {
      for (const body of this.#running) body.destroy(new Error('the hub is closing'))
    })
  }

  /** @param onClose told when the stream has ended or was cut */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      chunks,
      onClose = () => {},
      pace,
    }: { readonly chunks: AsyncGenerator<Buffer>; readonly onClose?: () => void; readonly pace?: Pace },
  ): FastifyReply {
    const taking: Taking = { bytes: 0, isWaiting: false }
    const body = Readable.from(noted(chunks, taking), { objectMode: false, highWaterMark: 1 })
    this.#running.add(body)
    if (pace !== undefined) keepPace(body, taking, pace)
    body.once('close', () => {
      this.#running.delete(body)
      onClose()
    })
    if (!takesGzip(request.headers['accept-encoding'])) return reply.send(body)
    // The fastest: the network within an administration is faster than a better level.
    const gzip = createGzip({ level: 1 })
    // Whichever of both fails destroys the other, and by it the connection.
    pipeline(body, gzip, () => {})
    return reply.header('Content-Encoding', 'gzip').send(gzip)
  }
}

/** What a reader has taken, and whether the hub waits for them. */
type Taking = { bytes: number; isWaiting: boolean }

/** A page of records may be longer than what a window asks for. */
const pieceBytes = 65_536

/** Counts a piece once the next is asked for. */
async function* noted(chunks: AsyncGenerator<Buffer>, taking: Taking): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const piece = chunk.subarray(from, from + pieceBytes)
      taking.isWaiting = true
      yield piece
      taking.isWaiting = false
      taking.bytes += piece.length
    }
  }
}

/** Cuts a reply that is read too slowly, or takes too long; a window in which the hub itself was slow is let pass. */
function keepPace(body: Readable, taking: Taking, { bytes, windowMs, totalMs }: Pace): void {
  let before = 0
  const windows = setInterval(() => {
    if (taking.isWaiting && taking.bytes - before < bytes) body.destroy(new Error('it is read too slowly'))
    before = taking.bytes
  }, windowMs)
  const whole = setTimeout(() => body.destroy(new Error('it takes too long')), totalMs)
  body.once('close', () => {
    clearInterval(windows)
    clearTimeout(whole)
  })
}

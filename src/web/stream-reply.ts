/** A reply that takes long: sent as whoever reads it takes it, in gzip where they take that, cut where it may not go on. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { takesGzip } from './accept.ts'

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
    { chunks, onClose = () => {} }: { readonly chunks: AsyncGenerator<Buffer>; readonly onClose?: () => void },
  ): FastifyReply {
    const body = Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
    this.#running.add(body)
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

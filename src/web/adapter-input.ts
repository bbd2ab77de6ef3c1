/** The body of a request that is an input of an adapter: bytes, as they come, in a media type that fits its source. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { HubError } from '../errors.ts'
import type { Adapter } from '../map/adapter.ts'
import type { Format, Source } from '../source.ts'
import { passOverRest } from './rest-of-body.ts'

const formats: Readonly<Record<string, Format>> = {
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/soap+xml': 'xml',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
}

/** What says nothing of a format: of compressed bytes, and of those that an adapter has to unwrap. */
const opaque = ['application/gzip', 'application/octet-stream']

/** For the documentation of such a call: the body is a stream, and is not validated. */
export const inputSchema = {
  consumes: [...Object.keys(formats), ...opaque],
  body: { description: 'An input as the source of the adapter describes it, also packed by gzip.' },
}

/** In the scope of these calls a body goes to the line as it comes in: it may be larger than memory. */
export function takeStreams(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

/** What a refused request still has to send; for `onSend`. */
export async function passOver(request: FastifyRequest, close: () => void): Promise<void> {
  // Of a stranger no body was begun.
  const body = request.body as IncomingMessage | undefined
  if (body !== undefined && !(await passOverRest(body))) close()
}

/** @throws {HubError} `media-type-unsupported` */
export function requireMediaType({ id, source }: Pick<Adapter, 'id' | 'source'>, request: FastifyRequest): void {
  const takes = mediaTypesOf(source)
  if (takes.includes(mediaTypeOf(request))) return
  throw new HubError('media-type-unsupported', `The adapter ${id} takes ${takes.join(', ')}.`)
}

/** A connection that breaks off ends the input, as a file that is cut does. */
export async function* whole(body: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // Else a reader that has seen enough would take the connection, and with it the reply.
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new HubError('input-malformed', 'The connection broke off before the input had ended; send it again.', {
      cause,
    })
  }
}

/** Those of the outermost document. gzip is recognised in the bytes, whatever the request says of them. */
function mediaTypesOf({ format, envelope, decode }: Source): string[] {
  const outermost = envelope?.[0]?.format ?? format
  const own = Object.keys(formats).filter(type => formats[type] === outermost)
  return decode === undefined ? [...own, ...opaque] : [...opaque, 'text/plain']
}

function mediaTypeOf(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

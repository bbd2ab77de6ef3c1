/**
 * Tells whoever calls that the major behind a reply comes to its end: since when it is deprecated (RFC 9745), when its sunset
 * is (RFC 8594), where to read why, and what comes after it (RFC 8288, RFC 5829 §3.4).
 *
 * Replies about records say it of the major of the agreement that decides, refusals too; the catalogue of the version.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { endingOf, type Ending } from '../exchange/ending.ts'
import type { Hub } from '../exchange/hub.ts'
import { majorOf } from '../standard.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The major that the call is about, where it comes to its end. */
    ending: Ending | null
  }
}

/** Comes before the routes whose replies it tells of. */
export function tellDeprecation(app: FastifyInstance, hub: Hub): void {
  app.decorateRequest('ending', null)
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isVersion(request)) return done()
    void noteVersion(hub, request).then(() => done(), done)
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (request.ending !== null) addHeaders(reply, request.ending)
    done()
  })
}

/** A version of a standard in the catalogue, whatever is asked of it. */
const versions = '/v1/standards/:id/versions/:v'

function isVersion({ routeOptions: { url }, method }: FastifyRequest): boolean {
  return url?.startsWith(versions) === true && (method === 'GET' || method === 'HEAD')
}

async function noteVersion(hub: Hub, request: FastifyRequest): Promise<void> {
  const { id, v } = request.params as { id: string; v: string }
  const { index } = await hub.published.configuration()
  request.ending = endingOf(index, id, majorOf(v)) ?? null
}

function addHeaders(reply: FastifyReply, ending: Ending): void {
  const { Link: own, ...times } = deprecationHeaders(ending)
  const links = reply.getHeader('Link')
  void reply.headers({ ...times, Link: links === undefined ? own : `${String(links)}, ${own}` })
}

function deprecationHeaders({ standard, major, deprecatedAt, sunset, successor }: Ending) {
  const links = [`</v1/standards/${standard}/majors/${major}>; rel="deprecation"; type="application/json"`]
  if (successor !== undefined) {
    links.push(`</v1/standards/${standard}/versions/${successor.version}>; rel="successor-version"`)
  }
  return {
    // A Date of RFC 9651 §3.3.7: whole seconds since the epoch.
    Deprecation: `@${Math.floor(Date.parse(deprecatedAt) / 1000)}`,
    // An HTTP-date, RFC 9110 §5.6.7.
    Sunset: new Date(sunset).toUTCString(),
    Link: links.join(', '),
  }
}

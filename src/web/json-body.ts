/** A call whose body is a JSON document takes nothing else: what `curl -d` sends unasked would be read as one long name. */
import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import { HubError } from '../errors.ts'

/** Comes before the routes. Those that say what they consume, inputs and forms, check it themselves. */
export function requireJsonBodies(app: FastifyInstance): void {
  app.addHook('onRoute', route => {
    const { body, consumes } = route.schema ?? {}
    if (body === undefined || consumes !== undefined) return
    route.preValidation = [requireJson, route.preValidation ?? []].flat()
  })
}

/** One that is missing altogether is refused by the schema, where it is needed. */
const requireJson: preValidationHookHandler = (request, _reply, done) => {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (request.body === undefined || type === 'application/json') return done()
  done(new HubError('media-type-unsupported', 'Send Content-Type: application/json, and the document as JSON.'))
}

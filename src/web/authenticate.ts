/** Who calls: every route lets in only those to whom the table of rights gives it, from where and as often as they may. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'
import type { By } from '../exchange/hub.ts'
import type { Refusals } from '../exchange/supervise.ts'
import type { CallLimits } from './limits.ts'
import { rightOf, type Right } from './rights.ts'
import type { Caller, Tokens } from './tokens.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set for every route by the table of rights; without one, anybody may call. */
    right?: Right | undefined
  }
  interface FastifyRequest {
    caller: Caller | null
  }
}

/** Comes before the routes: what is registered earlier has no right. */
export function authenticate(app: FastifyInstance, tokens: Tokens, limits: CallLimits, refusals: Refusals): void {
  app.addHook('onRoute', route => {
    const methods = typeof route.method === 'string' ? [route.method] : route.method
    for (const method of methods) route.config = { ...route.config, right: rightOf(method, route.url) }
  })
  app.decorateRequest('caller', null)
  app.addHook('onRequest', (request, reply, done) => {
    const { right } = request.routeOptions.config
    if (right === undefined) return done()
    // Nearly every token is known: no promise for those.
    request.caller = tokens.known(request.headers.authorization)
    if (request.caller === null) return void identify(request, reply, right).then(() => done(), done)
    try {
      admit(request.caller, request, reply, right)
    } catch (error) {
      return done(error as Error)
    }
    done()
  })

  async function identify(request: FastifyRequest, reply: FastifyReply, right: Right): Promise<void> {
    const caller = await tokens.caller(request.headers.authorization).catch((error: unknown) => {
      refusals.count()
      throw error
    })
    request.caller = caller
    admit(caller, request, reply, right)
  }

  /** The rate comes first: it also bounds the entries of what is refused for other reasons. */
  function admit(caller: Caller, request: FastifyRequest, reply: FastifyReply, right: Right): void {
    limits.admit(caller, request, reply)
    if (!isAdmitted(caller, right)) throw new HubError('scope-missing', neededFor(right))
  }
}

function isAdmitted({ scopes, roles }: Caller, right: Right): boolean {
  return right.scopes.some(scope => scopes.has(scope)) || right.roles.some(role => roles.has(role))
}

function neededFor({ scopes, roles }: Right): string {
  const who = [
    ...(scopes.length > 0 ? [`a client with the scope ${scopes.join(' or ')}`] : []),
    ...(roles.length > 0 ? [`a user with the role ${roles.join(' or ')}`] : []),
  ]
  return `This call is for ${who.join(', or ')}.`
}

/** @throws where anyone may call the route */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('bug: a route that needs a caller is for anyone')
  return request.caller
}

/** On whose behalf a call acts. */
export function byOf(request: FastifyRequest): By {
  const { actor, department } = callerOf(request)
  return department === undefined ? { actor, request: request.id } : { actor, department, request: request.id }
}

/**
 * On whose behalf a call acts that is a department's.
 *
 * @throws {HubError} `scope-missing` where the caller is no department's: an administrator, an auditor of the whole hub
 */
export function byDepartment(request: FastifyRequest): By & { readonly department: string } {
  const { actor, department } = callerOf(request)
  if (department === undefined) throw new HubError('scope-missing', 'This call is for a department.')
  return { actor, department, request: request.id }
}

/** Who calls: every route that names a scope lets in only a client whose token has it. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'
import type { By } from '../exchange/hub.ts'
import type { Entry } from '../log/entry.ts'
import type { Refusals } from '../exchange/supervise.ts'
import type { Scope } from '../record.ts'
import type { Caller, Tokens } from './tokens.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a call needs, or any one of several; without one, anybody may call. */
    scope?: Scope | readonly Scope[]
    /** What the call does, as its entry calls it. */
    operation?: Entry['operation']
  }
  interface FastifyRequest {
    caller: Caller | null
  }
}

export function authenticate(app: FastifyInstance, tokens: Tokens, refusals: Refusals): void {
  app.decorateRequest('caller', null)
  app.addHook('onRequest', (request, _reply, done) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return done()
    // Nearly every token is known: no promise for those.
    request.caller = tokens.known(request.headers.authorization)
    if (request.caller !== null && isAdmitted(request.caller, scope)) return done()
    admit(request, scope).then(() => done(), done)
  })

  async function admit(request: FastifyRequest, scope: Needed): Promise<void> {
    const caller = await tokens.caller(request.headers.authorization).catch((error: unknown) => {
      refusals.count()
      throw error
    })
    request.caller = caller
    if (isAdmitted(caller, scope)) return
    const named = typeof scope === 'string' ? scope : scope.join(' or ')
    throw new HubError('scope-missing', `This call needs the scope ${named}, which the token does not have.`)
  }
}

type Needed = Scope | readonly Scope[]

function isAdmitted({ scopes }: Caller, needed: Needed): boolean {
  return typeof needed === 'string' ? scopes.has(needed) : needed.some(scope => scopes.has(scope))
}

/** @throws where the route has named no scope */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('bug: a route that needs a caller names no scope')
  return request.caller
}

/** On whose behalf a call acts. */
export function byOf(request: FastifyRequest): By & { readonly department: string } {
  const { client } = callerOf(request)
  return { actor: { kind: 'client', id: client.id }, department: client.department, request: request.id }
}

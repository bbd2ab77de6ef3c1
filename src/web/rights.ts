/**
 * Who may call what: every route of the hub in one table. A route that is not in it cannot be registered.
 *
 * A right lets in a client whose token has one of the scopes, or a user who has one of the roles. What they may see or
 * decide there (a department's own adapters, an owner's standards) the exchange decides.
 */
import type { Entry } from '../log/entry.ts'
import type { Role, Scope } from '../record.ts'

export type Right = {
  /** What the call does, as its entry calls it. */
  readonly operation: Entry['operation']
  readonly scopes: readonly Scope[]
  readonly roles: readonly Role[]
}

const anyone = 'anyone'

/** By method and route. HEAD goes by GET; the pages below /docs are for anyone. */
export const rights: Readonly<Record<string, Right | typeof anyone>> = {
  'GET /healthz': anyone,
  'GET /readyz': anyone,
  'GET /openapi.json': anyone,
  'POST /oauth/token': anyone,

  // the catalogue: it holds no record
  'GET /v1/standards': anyone,
  'GET /v1/standards/:id': anyone,
  'GET /v1/standards/:id/versions/:v': anyone,
  'GET /v1/standards/:id/versions/:v/schema': anyone,
  'GET /v1/standards/:id/versions/:v/types': anyone,
  'GET /v1/code-lists/:id': anyone,
  'GET /v1/crosswalks/:id': anyone,

  // records: departments' systems only, never a person
  'GET /v1/standards/:id/records/:key': { operation: 'read', scopes: ['read'], roles: [] },
  'GET /v1/standards/:id/records': { operation: 'list', scopes: ['read'], roles: [] },

  // deliveries; rejects are mended at their source or in the adapter
  'POST /v1/adapters/:department/:name/deliveries': { operation: 'deliver', scopes: ['deliver'], roles: [] },
  'GET /v1/deliveries/:id': { operation: 'deliver', scopes: ['deliver'], roles: ['steward'] },
  'GET /v1/deliveries/:id/rejects': { operation: 'deliver', scopes: ['deliver'], roles: ['steward'] },
  'GET /v1/quarantine': { operation: 'list', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'POST /v1/quarantine/:id/release': { operation: 'release', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'POST /v1/quarantine/:id/dismiss': { operation: 'dismiss', scopes: ['deliver', 'publish'], roles: ['steward'] },
}

/** The right that a route asks for; undefined where anyone may call. */
export function rightOf(method: string, route: string): Right | undefined {
  if (route === '/docs' || route.startsWith('/docs/')) return undefined
  const right = rights[`${method === 'HEAD' ? 'GET' : method} ${route}`]
  if (right === undefined) throw new Error(`bug: the route ${method} ${route} is not in the table of rights`)
  return right === anyone ? undefined : right
}

/**
 * Who may call what: every route of the hub in one table. A route that is not in it cannot be registered.
 *
 * A right lets in a client whose token has one of the scopes, or a user who has one of the roles. What they may see or
 * decide there (a department's own adapters, an owner's standards) the exchange decides.
 */
import type { Entry } from '../log/entry.ts'
import { roles, scopes, type Role, type Scope } from '../record.ts'

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
  'GET /v1/standards/:id/versions/:v/comparison': anyone,
  'GET /v1/code-lists': anyone,
  'GET /v1/code-lists/:id': anyone,
  'GET /v1/code-lists/:id/versions': anyone,
  'GET /v1/code-lists/:id/versions/:v': anyone,
  'GET /v1/code-lists/:id/compare': anyone,
  'GET /v1/crosswalks/:id': anyone,
  'GET /v1/catalogue': anyone,

  // open data: records that the law gives to anybody, and their entries with them
  'GET /open/standards': anyone,
  'GET /open/standards/:id/records': anyone,
  'GET /open/standards/:id/records/:key': anyone,
  'GET /open/standards/:id/export': anyone,

  // publishing: the department that owns it; comparing takes the hub some work, and is for those whom it knows
  'PUT /v1/standards/:id/versions/:v': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'POST /v1/standards/:id/versions/:v/publish': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'DELETE /v1/standards/:id/versions/:v': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'PUT /v1/code-lists/:id/versions/:v': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'POST /v1/code-lists/:id/versions/:v/publish': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'DELETE /v1/code-lists/:id/versions/:v': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'GET /v1/standards/:id/compare': {
    operation: 'audit',
    scopes: ['read', 'deliver', 'publish', 'decide', 'audit'],
    roles: ['member', 'steward', 'auditor'],
  },
  'POST /v1/standards/:id/compare': { operation: 'audit', scopes: ['publish'], roles: ['steward'] },

  // records: departments' systems only, never a person
  'GET /v1/standards/:id/records/:key': { operation: 'read', scopes: ['read'], roles: [] },
  'GET /v1/standards/:id/records/:key/history': { operation: 'history', scopes: ['read'], roles: [] },
  'GET /v1/standards/:id/records': { operation: 'list', scopes: ['read'], roles: [] },
  'POST /v1/standards/:id/lookup': { operation: 'lookup', scopes: ['read'], roles: [] },
  'POST /v1/standards/:id/verify': { operation: 'verify', scopes: ['read'], roles: [] },
  'GET /v1/standards/:id/changes': { operation: 'changes', scopes: ['read'], roles: [] },
  'GET /v1/standards/:id/export': { operation: 'export', scopes: ['read'], roles: [] },

  // the end of a major: its owner sees who uses it; a person decides, and never a system
  'GET /v1/standards/:id/uses': { operation: 'audit', scopes: ['publish', 'audit'], roles: ['steward', 'auditor'] },
  'GET /v1/standards/:id/majors/:major': anyone,
  'POST /v1/standards/:id/majors/:major/deprecate': { operation: 'deprecate', scopes: [], roles: ['steward'] },
  'POST /v1/standards/:id/majors/:major/restore': { operation: 'restore', scopes: [], roles: ['steward'] },
  'POST /v1/standards/:id/majors/:major/retire': { operation: 'retire', scopes: [], roles: ['steward'] },

  // deliveries; rejects are mended at their source or in the adapter
  'POST /v1/adapters/:department/:name/deliveries': { operation: 'deliver', scopes: ['deliver'], roles: [] },
  'GET /v1/deliveries/:id': { operation: 'deliver', scopes: ['deliver'], roles: ['steward'] },
  'GET /v1/deliveries/:id/rejects': { operation: 'deliver', scopes: ['deliver'], roles: ['steward'] },
  'GET /v1/quarantine': { operation: 'list', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'POST /v1/quarantine/:id/release': { operation: 'release', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'POST /v1/quarantine/:id/dismiss': { operation: 'dismiss', scopes: ['deliver', 'publish'], roles: ['steward'] },

  // adapters: what there is, and what it fills, is for every caller; documents and cases are a department's own
  'GET /v1/adapters': { operation: 'audit', scopes, roles },
  'GET /v1/adapters/:department/:name': {
    operation: 'audit',
    scopes: ['deliver', 'publish'],
    roles: ['steward'],
  },
  'GET /v1/adapters/:department/:name/versions/:v': {
    operation: 'audit',
    scopes: ['deliver', 'publish'],
    roles: ['steward'],
  },
  'PUT /v1/adapters/:department/:name': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'POST /v1/adapters/:department/:name/rollback': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'GET /v1/adapters/:department/:name/cases': { operation: 'list', scopes: ['publish'], roles: ['steward'] },
  'GET /v1/adapters/:department/:name/cases/:case': { operation: 'read', scopes: ['publish'], roles: ['steward'] },
  'PUT /v1/adapters/:department/:name/cases/:case': { operation: 'publish', scopes: ['publish'], roles: ['steward'] },
  'DELETE /v1/adapters/:department/:name/cases/:case': {
    operation: 'publish',
    scopes: ['publish'],
    roles: ['steward'],
  },
  'POST /v1/adapters/:department/:name/preview': {
    operation: 'preview',
    scopes: ['deliver', 'publish'],
    roles: ['steward'],
  },
  'POST /v1/adapters/preview': { operation: 'preview', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'GET /v1/coverage': { operation: 'audit', scopes, roles },

  // what departments say differently, seen by both and by the owner of the standard, who settles it
  'GET /v1/discrepancies': { operation: 'audit', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'GET /v1/discrepancies/:id': { operation: 'audit', scopes: ['deliver', 'publish'], roles: ['steward'] },
  'POST /v1/discrepancies/:id/settle': { operation: 'settle', scopes: ['publish'], roles: ['steward'] },

  // corrections: asked by systems alone, for no person reads records; answered by the department whose word it is
  'POST /v1/standards/:id/corrections': { operation: 'correct', scopes: ['read'], roles: [] },
  'GET /v1/corrections': { operation: 'audit', scopes: ['read', 'deliver', 'publish'], roles: ['steward'] },
  'GET /v1/corrections/:id': { operation: 'audit', scopes: ['read', 'deliver', 'publish'], roles: ['steward'] },
  'POST /v1/corrections/:id/answer': { operation: 'settle', scopes: ['deliver', 'publish'], roles: ['steward'] },

  // agreements: who is concerned reads them, and an auditor; a member asks; a steward decides, and never on what they asked
  'GET /v1/agreements': {
    operation: 'audit',
    scopes: ['read', 'decide', 'audit', 'administer'],
    roles: ['member', 'steward', 'auditor', 'administrator'],
  },
  'GET /v1/agreements/:id': {
    operation: 'audit',
    scopes: ['read', 'decide', 'audit', 'administer'],
    roles: ['member', 'steward', 'auditor', 'administrator'],
  },
  'GET /v1/agreements/:id/explain': {
    operation: 'audit',
    scopes: ['read', 'decide', 'audit', 'administer'],
    roles: ['member', 'steward', 'auditor', 'administrator'],
  },
  'POST /v1/agreements': { operation: 'request', scopes: ['decide'], roles: ['member', 'steward'] },
  'POST /v1/agreements/:id/approve': { operation: 'approve', scopes: ['decide'], roles: ['steward'] },
  'POST /v1/agreements/:id/reject': { operation: 'reject', scopes: ['decide'], roles: ['steward'] },
  'POST /v1/agreements/:id/suspend': { operation: 'suspend', scopes: ['decide'], roles: ['steward'] },
  'POST /v1/agreements/:id/resume': { operation: 'resume', scopes: ['decide'], roles: ['steward'] },
  'POST /v1/agreements/:id/revoke': { operation: 'revoke', scopes: ['decide'], roles: ['steward'] },

  // the log as outsiders verify it; the texts of entries are in bundles alone
  'GET /v1/log/checkpoint': { operation: 'audit', scopes: ['audit'], roles: ['auditor'] },
  'GET /v1/log/proof': { operation: 'audit', scopes: ['audit'], roles: ['auditor'] },
  'GET /v1/log/tile/*': { operation: 'audit', scopes: ['audit'], roles: ['auditor'] },
  'GET /v1/log/tile/entries/*': { operation: 'audit', scopes: ['audit'], roles: ['auditor'] },

  // searched, by auditors; use is a department's business as far as it is its own, or of its standards
  'GET /v1/log/entries': { operation: 'audit', scopes: ['audit'], roles: ['auditor'] },
  'POST /v1/log/search': { operation: 'audit', scopes: ['audit'], roles: ['auditor'] },
  'GET /v1/usage': {
    operation: 'audit',
    scopes: ['read', 'deliver', 'publish', 'decide', 'audit'],
    roles: ['member', 'steward', 'auditor'],
  },

  // administration: who may call at all. Reading it is an auditor's business too, and an entry.
  'GET /v1/departments': { operation: 'audit', scopes: ['administer', 'audit'], roles: ['administrator', 'auditor'] },
  'POST /v1/departments': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'GET /v1/clients': { operation: 'audit', scopes: ['administer', 'audit'], roles: ['administrator', 'auditor'] },
  'POST /v1/clients': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'POST /v1/clients/:id/suspend': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'POST /v1/clients/:id/resume': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'POST /v1/clients/:id/renew-secret': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'GET /v1/users': { operation: 'audit', scopes: ['administer', 'audit'], roles: ['administrator', 'auditor'] },
  'POST /v1/users': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'POST /v1/users/:id/suspend': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'POST /v1/users/:id/resume': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
  'POST /v1/users/:id/renew': { operation: 'administer', scopes: ['administer'], roles: ['administrator'] },
}

/** The right that a route asks for; undefined where anyone may call. */
export function rightOf(method: string, route: string): Right | undefined {
  if (route === '/docs' || route.startsWith('/docs/')) return undefined
  const right = rights[`${method === 'HEAD' ? 'GET' : method} ${route}`]
  if (right === undefined) throw new Error(`bug: the route ${method} ${route} is not in the table of rights`)
  return right === anyone ? undefined : right
}

/** What OpenAPI 3.1 says of the hub beside its routes. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { problemReply } from './reply-docs.ts'

export const openApi: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.0',
  info: {
    title: 'Concord',
    version: '1',
    description:
      'Inter-department data sharing: records in unified data standards, disclosed by agreement, field and purpose; every access is in a tamper-evident log before the reply leaves. Problems are RFC 9457, `application/problem+json`.',
  },
  tags: [
    { name: 'tokens', description: 'OAuth 2 client credentials, and a grant for users.' },
    { name: 'catalogue', description: 'Standards and code lists.' },
    {
      name: 'publishing',
      description: 'Standards and code lists, published to a running hub, with proof of what changes.',
    },
    { name: 'agreements', description: 'Who may use which records, for what: asked for, decided, explained.' },
    { name: 'records', description: 'What a consuming department reads, under an agreement.' },
    { name: 'adapters', description: 'How source records become records: published, tried, put back; what they fill.' },
    { name: 'open data', description: 'What anybody reads, without credentials.' },
    { name: 'deliveries', description: 'What a providing department sends.' },
    {
      name: 'corrections',
      description: 'Where departments differ on a record, and what consumers say is wrong: settled and answered.',
    },
    { name: 'quarantine', description: 'What of it was rejected, and what becomes of it.' },
    { name: 'administration', description: 'Departments, clients and users: who may call at all.' },
    {
      name: 'log',
      description: 'The access log: searched, counted, and verified by outsiders: checkpoints, tiles, proofs.',
    },
    { name: 'operation', description: 'For operators.' },
  ],
  components: {
    securitySchemes: {
      basic: { type: 'http', scheme: 'basic', description: 'Client id and secret.' },
      token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /oauth/token.' },
    },
  },
  security: [{ token: [] }],
}

/** Every call can fail, and says how in the same form. */
export const withProblems: NonNullable<FastifyDynamicSwaggerOptions['transform']> = ({ schema, url }) => {
  const { response = { 200: { description: 'Done.', type: 'null' } }, ...rest } = schema ?? {}
  return { schema: { ...rest, response: { ...(response as object), default: problemReply } }, url }
}

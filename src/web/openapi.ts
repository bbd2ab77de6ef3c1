/** What OpenAPI 3.1 says of the hub beside its routes. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'

export const openApi: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.0',
  info: {
    title: 'Concord',
    version: '1',
    description:
      'Inter-department data sharing: records in unified data standards, disclosed by agreement, field and purpose; every access is in a tamper-evident log before the reply leaves. Problems are RFC 9457, `application/problem+json`.',
  },
  tags: [
    { name: 'tokens', description: 'OAuth 2 client credentials.' },
    { name: 'catalogue', description: 'Standards and code lists.' },
    { name: 'records', description: 'What a consuming department reads, under an agreement.' },
    { name: 'deliveries', description: 'What a providing department sends.' },
    { name: 'quarantine', description: 'What of it was rejected, and what becomes of it.' },
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

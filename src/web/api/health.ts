/** `/healthz`: the process answers. `/readyz`: it can do its work, store and log included. */
import type { FastifyInstance } from 'fastify'
import type { Hub } from '../../exchange/hub.ts'

export function health(app: FastifyInstance, hub: Hub): void {
  app.get('/healthz', { schema: { tags: ['operation'], summary: 'The process answers' } }, async () => ({
    status: 'ok',
  }))

  app.get(
    '/readyz',
    { schema: { tags: ['operation'], summary: 'The hub can serve: record store and access log answer' } },
    async () => {
      await hub.published.configuration()
      await hub.log.requireWritable()
      return { status: 'ok' }
    },
  )
}

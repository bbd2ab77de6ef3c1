/** `/healthz`: the process answers. `/readyz`: it can do its work, store and log included. */
import type { FastifyInstance } from 'fastify'
import type { Hub } from '../../exchange/hub.ts'
import type { Pressure } from '../shedding.ts'

export function health(app: FastifyInstance, hub: Hub, pressure: Pressure): void {
  app.get('/healthz', { schema: { tags: ['operation'], summary: 'The process answers' } }, async () => ({
    status: 'ok',
  }))

  app.get(
    '/readyz',
    { schema: { tags: ['operation'], summary: 'The hub can serve: record store and access log answer' } },
    async () => {
      await hub.published.configuration()
      await hub.log.requireWritable()
      const { contradictions } = hub.witnessing
      // The hub serves on: whoever runs a witness must not be able to stop it.
      const log = contradictions.length === 0 ? {} : { log: { contradictedBy: contradictions } }
      // Overload is said and no reason to go either: what is taken off one process falls upon the next.
      return { status: 'ok', overloaded: pressure.isTooHigh, ...log }
    },
  )
}

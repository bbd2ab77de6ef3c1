/** Departments: the organisations that provide and consume records. */
import type { FastifyInstance } from 'fastify'
import { addDepartment, listDepartments } from '../../exchange/departments.ts'
import type { Hub } from '../../exchange/hub.ts'
import { byOf } from '../authenticate.ts'

type Department = {
  id: string
  titles: { 'zh-CN': string; en: string }
  unifiedSocialCreditCode?: string
}

const title = { type: 'string', minLength: 1, maxLength: 200 } as const

export function departments(app: FastifyInstance, hub: Hub): void {
  app.get(
    '/v1/departments',
    { schema: { tags: ['administration'], summary: 'The departments; that they were read is an entry' } },
    async request => ({ departments: await listDepartments(hub, byOf(request)) }),
  )

  app.post<{ Body: Department }>(
    '/v1/departments',
    {
      schema: {
        tags: ['administration'],
        summary: 'Add a department',
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'titles'],
          properties: {
            id: { type: 'string', description: 'Up to 64 lower-case letters and digits, in words joined by hyphens.' },
            titles: {
              type: 'object',
              additionalProperties: false,
              required: ['zh-CN', 'en'],
              properties: { 'zh-CN': title, en: title },
            },
            unifiedSocialCreditCode: { type: 'string', maxLength: 40, description: 'GB 32100-2015.' },
          },
        },
      },
    },
    async (request, reply) => {
      const department = await addDepartment(hub, byOf(request), request.body)
      return reply.status(201).send(department)
    },
  )
}

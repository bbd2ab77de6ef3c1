/**
 * Searching the access log, for auditors. What names a person stands in no address: `POST /v1/log/search` takes
 * identifiers and keys in its body, `GET /v1/log/entries` only the pseudonyms that entries show.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../exchange/hub.ts'
import {
  pseudonymOfRecord,
  pseudonymOfSubject,
  searchLog,
  streamLog,
  type LogFilters,
} from '../../exchange/log-search.ts'
import type { Found } from '../../store/log-index.ts'
import type { Order } from '../../store/log-index-search.ts'
import { preferredType } from '../accept.ts'
import { byOf } from '../authenticate.ts'
import { logFilters, pageOptions } from '../log-filters.ts'

type PageOptions = { limit: number; cursor?: number; order: Order }
type Search = { subject?: string; record?: { standard: string; key: string } }
type Asked = { readonly filters: LogFilters; readonly page: PageOptions }

const pseudonym = { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' } as const

const ndjson = 'application/x-ndjson'

const response = {
  200: {
    description: `A page, and the cursor to the next, null on the last one. With Accept: ${ndjson}, the whole selection from the cursor on, an entry a line.`,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            entries: {
              type: 'array',
              items: {
                type: 'object',
                properties: { index: { type: 'integer' }, entry: { type: 'object', additionalProperties: true } },
              },
            },
            cursor: { type: ['integer', 'null'] },
          },
        },
      },
      [ndjson]: { schema: { type: 'string' } },
    },
  },
}

export function logEntries(app: FastifyInstance, hub: Hub): void {
  const running = new Set<Readable>()
  app.addHook('preClose', async () => {
    for (const body of running) body.destroy(new Error('the hub is closing'))
  })

  app.get<{ Querystring: LogFilters & PageOptions }>(
    '/v1/log/entries',
    {
      // It would search, and enter, everything to send nothing.
      exposeHeadRoute: false,
      schema: {
        tags: ['log'],
        summary: 'Entries of the log, by what they say',
        description:
          'All filters must hold. What names a person or a key goes by POST /v1/log/search. That the log was searched is an entry.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...logFilters,
            record: { ...pseudonym, description: 'Entries that name the record with this pseudonym.' },
            subject: { ...pseudonym, description: 'Entries that name the subject with this pseudonym.' },
            ...pageOptions,
          },
        },
        response,
      },
    },
    async (request, reply) => {
      const { limit, cursor, order, ...filters } = request.query
      return send(request, reply, { filters, page: pageOf({ limit, cursor, order }) })
    },
  )

  app.post<{ Body: Omit<LogFilters, 'record' | 'subject'> & Search & Partial<PageOptions> }>(
    '/v1/log/search',
    {
      schema: {
        tags: ['log'],
        summary: 'Entries of the log that name a person, an organisation or a record',
        description:
          'As GET /v1/log/entries, with an identifier or a key in the body, where no proxy keeps it. The entry that says so holds its pseudonym.',
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...logFilters,
            subject: {
              type: 'string',
              minLength: 1,
              maxLength: 400,
              description: 'Identity number, unified social credit code or the like.',
            },
            record: {
              type: 'object',
              additionalProperties: false,
              required: ['standard', 'key'],
              properties: {
                standard: { type: 'string', minLength: 1, maxLength: 200 },
                key: { type: 'string', minLength: 1, maxLength: 2000, description: 'Parts joined by ~1.' },
              },
            },
            ...pageOptions,
          },
        },
        response,
      },
    },
    async (request, reply) => {
      const { limit, cursor, order, subject, record, ...same } = request.body
      const filters = {
        ...same,
        ...(record && { record: await pseudonymOfRecord(hub, record.standard, record.key) }),
        ...(subject !== undefined && { subject: await pseudonymOfSubject(hub, subject.trim()) }),
      }
      return send(request, reply, { filters, page: pageOf({ limit, cursor, order }) })
    },
  )

  async function send(request: FastifyRequest, reply: FastifyReply, { filters, page }: Asked): Promise<FastifyReply> {
    void reply.headers({ 'Cache-Control': 'private, no-store', Vary: 'Accept' })
    const { limit, cursor, order } = page
    const after = cursor === undefined ? {} : { after: cursor }
    if (typeOf(request) === ndjson) {
      const { entries } = await streamLog(hub, byOf(request), { filters, order, ...after })
      const body = Readable.from(linesOf(entries), { objectMode: false })
      running.add(body)
      body.once('close', () => running.delete(body))
      return reply.type(ndjson).send(body)
    }
    const found = await searchLog(hub, byOf(request), { filters, order, limit, ...after })
    const entries = found.entries.map(itemOf).join(',')
    return reply
      .type('application/json; charset=utf-8')
      .send(`{"entries":[${entries}],"cursor":${found.cursor ?? 'null'}}`)
  }
}

/** A body's defaults are not filled in: what is strict about types is so about those too. */
function pageOf({
  limit = 100,
  order = 'newest',
  cursor,
}: { [Name in keyof PageOptions]?: PageOptions[Name] | undefined }): PageOptions {
  return { limit, order, ...(cursor === undefined ? {} : { cursor }) }
}

/** @throws {HubError} `not-acceptable` */
function typeOf(request: FastifyRequest): string {
  const type = preferredType(request.headers.accept, ['application/json', ndjson])
  if (type !== undefined) return type
  throw new HubError('not-acceptable', `Entries are application/json, a page, or ${ndjson}, all: name one in Accept.`)
}

/** The entry's own text, so that what is kept of it can be proved. */
function itemOf({ index, entry }: Found): string {
  return `{"index":${index},"entry":${entry}}`
}

/** Some lines at a time, as a chunk for each would cost more than the line. */
async function* linesOf(entries: AsyncGenerator<Found>): AsyncGenerator<string> {
  let lines = ''
  for await (const found of entries) {
    lines += `${itemOf(found)}\n`
    if (lines.length < 65_536) continue
    yield lines
    lines = ''
  }
  if (lines !== '') yield lines
}

/** What every call about records says of itself: for which matter and case, of which standard, which fields. */
import type { FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'
import type { DepartmentCall } from '../exchange/access-entry.ts'
import { byDepartment } from './authenticate.ts'

export type Purpose = { 'concord-matter'?: string; 'concord-case'?: string }

const headers = {
  'concord-matter': {
    type: 'string',
    minLength: 1,
    maxLength: 100,
    description: 'Matter code (事项编码) that the call serves.',
  },
  'concord-case': { type: 'string', minLength: 1, maxLength: 200, description: 'The case that the call serves.' },
} as const

export const purpose = { type: 'object', properties: headers } as const

export const fields = {
  type: 'string',
  minLength: 1,
  maxLength: 4000,
  description: 'Fields to be sent, joined by commas: leaves such as investors.name, or what holds them.',
} as const

/** As the meta-schema has it. Entries name the standard that was asked for, and last: no other text comes into them. */
export const standardId = /^(?=.{1,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export const standardParams = {
  type: 'object',
  properties: { id: { type: 'string', pattern: standardId.source, description: 'Standard.' } },
} as const

/** @throws {HubError} `request-invalid` where a call says twice what it is for */
export function callOf(
  request: FastifyRequest<{ Headers: Purpose }>,
  standard: string,
  fieldNames: string | undefined,
): DepartmentCall {
  return {
    by: byDepartment(request),
    standard,
    onEnding: ending => {
      request.ending = ending
    },
    matter: headerText(request, 'concord-matter'),
    case: headerText(request, 'concord-case'),
    fields: fieldNames?.split(','),
  }
}

/** Node.js reads headers as Latin-1; who writes 案件 sends UTF-8. */
function headerText({ headers, raw }: FastifyRequest<{ Headers: Purpose }>, name: keyof Purpose): string | undefined {
  const value = headers[name]
  if (value === undefined) return undefined
  // Node.js joins what comes twice: the entry would name a matter that nobody has.
  if (value.includes(', ') && (raw.headersDistinct[name]?.length ?? 0) > 1) {
    throw new HubError('request-invalid', `Send the header ${name} once: a call serves one matter and one case.`)
  }
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? value : text
}

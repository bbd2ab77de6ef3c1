/** What the replies of calls about records look like, for OpenAPI. */

const text = { type: 'string' } as const
const cursor = { type: ['string', 'null'], description: 'To the next page; null where there is no more.' } as const

export const servedRecord = {
  type: 'object',
  description: 'A record as this client may see it.',
  required: ['standard', 'version', 'key', 'revision', 'updatedAt', 'source', 'data', 'withheld'],
  properties: {
    standard: text,
    version: { ...text, description: 'The version of the standard by which the revision was written.' },
    key: text,
    revision: {
      type: 'integer',
      minimum: 1,
      description: 'Counts every change of the record, seen by this client or not.',
    },
    updatedAt: { ...text, format: 'date-time' },
    source: {
      type: 'object',
      description: 'Whose word it is, and what the source says of itself.',
      properties: {
        department: text,
        adapter: text,
        delivery: { ...text, description: 'Not of open data.' },
        recordId: { ...text, description: 'What the department calls the record. Not of open data.' },
        asOf: text,
      },
    },
    data: {
      type: 'object',
      additionalProperties: true,
      description: 'The fields that are granted and were asked for.',
    },
    withheld: { type: 'array', items: text, description: 'Leaves that were asked for and are held back.' },
  },
} as const

const withdrawal = {
  type: 'object',
  description: 'From here on there was no such record.',
  required: ['key', 'revision', 'updatedAt', 'withdrawn'],
  properties: {
    key: text,
    revision: { type: 'integer', minimum: 2 },
    updatedAt: { ...text, format: 'date-time' },
    withdrawn: { type: 'boolean', const: true },
  },
} as const

export const pageOfRecords = {
  type: 'object',
  required: ['records', 'cursor'],
  properties: { records: { type: 'array', items: servedRecord }, cursor },
} as const

export const pageOfHistory = {
  type: 'object',
  required: ['history', 'cursor'],
  properties: { history: { type: 'array', items: { anyOf: [servedRecord, withdrawal] } }, cursor },
} as const

export const foundRecords = {
  type: 'object',
  required: ['records', 'missing'],
  properties: {
    records: { type: 'array', items: servedRecord },
    missing: { type: 'array', items: text, description: 'Keys of which there is no record for this client.' },
  },
} as const

export const verdicts = {
  type: 'object',
  required: ['key', 'results'],
  properties: {
    key: text,
    results: { type: 'object', additionalProperties: { type: 'string', enum: ['match', 'mismatch', 'unknown'] } },
  },
} as const

const issue = {
  type: 'object',
  required: ['pointer', 'code', 'message'],
  properties: {
    pointer: { ...text, description: 'Where it is wrong: a JSON Pointer (RFC 6901).' },
    source: { ...text, description: 'Where that stands in the source.' },
    code: text,
    message: text,
  },
} as const

const count = { type: 'integer', minimum: 0 } as const

export const receipt = {
  type: 'object',
  required: ['delivery', 'accepted', 'unchanged', 'withdrawn', 'rejected'],
  properties: { delivery: text, accepted: count, unchanged: count, withdrawn: count, rejected: count },
} as const

export const problemReply = {
  description: 'What went wrong, and what to do next: RFC 9457.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'code', 'request'],
        properties: {
          type: { ...text, description: 'urn:concord:problem: and the code.' },
          title: text,
          status: { type: 'integer', minimum: 400, maximum: 599 },
          code: text,
          detail: text,
          issues: { type: 'array', items: issue },
          receipt: { ...receipt, description: 'Of a delivery that ended early: what it had kept stays.' },
          comparison: {
            type: 'object',
            additionalProperties: true,
            description:
              'Of a version whose number does not fit: what it changes, and a made-up record that proves each break.',
          },
          request: { ...text, description: 'By which the log names the request.' },
        },
      },
    },
  },
} as const

/** Of a reply that is a JSON text. */
export function jsonReply(description: string, schema: object): object {
  return {
    200: {
      description: `${description} Concord-Entry is the number of its (first) log entry.`,
      content: { 'application/json': { schema } },
    },
  }
}

/** Of one that a client may keep, and ask whether it still holds. */
export function conditionalReply(description: string, schema: object): object {
  return {
    ...jsonReply(`${description} ETag is the digest of what this client may see.`, schema),
    304: { description: 'What the client has is current. To learn that is an entry too.', type: 'null' },
  }
}

/** What the replies about majors look like, for OpenAPI. */

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const day = { type: 'string', format: 'date' } as const
const instant = { type: 'string', format: 'date-time' } as const
const instantOrNull = { type: ['string', 'null'], format: 'date-time' } as const
const status = { type: 'string', enum: ['published', 'deprecated', 'retired'] } as const

export const majorView = {
  type: 'object',
  required: ['standard', 'major', 'status', 'deprecatedAt', 'sunset', 'retiredAt', 'reason', 'successor'],
  properties: {
    standard: text,
    major: { type: 'integer' },
    status,
    deprecatedAt: instantOrNull,
    sunset: { ...instantOrNull, description: 'From then on it may be retired.' },
    retiredAt: instantOrNull,
    reason: { type: ['string', 'null'], description: 'Why, as its owner says.' },
    successor: {
      type: ['object', 'null'],
      description: 'The next major that goes on, and its newest version.',
      properties: { major: { type: 'integer' }, version: text },
    },
  },
} as const

export const usesView = {
  type: 'object',
  required: ['standard', 'major', 'status', 'sunset', 'agreements', 'adapters', 'since', 'calls', 'records', 'digest'],
  properties: {
    standard: text,
    major: { type: 'integer' },
    status,
    sunset: instantOrNull,
    agreements: {
      type: 'array',
      description: 'Asked for or approved, and not over.',
      items: {
        type: 'object',
        properties: {
          id: text,
          department: text,
          state: text,
          until: instant,
          matters: { type: 'array', items: text },
        },
      },
    },
    adapters: {
      type: 'array',
      description: 'Whose version in use delivers to the major, or resolves fields of its records.',
      items: {
        type: 'object',
        properties: {
          adapter: text,
          version: text,
          delivers: { type: 'boolean' },
          resolves: { type: 'boolean' },
        },
      },
    },
    since: { ...day, description: 'The first day (UTC) whose calls are counted.' },
    calls: {
      type: 'array',
      description: 'Calls under agreements on the major, by department.',
      items: {
        type: 'object',
        properties: { department: text, calls: count, records: count, refusals: count, lastDay: day },
      },
    },
    records: {
      ...count,
      description: 'Records that stand in this major only: nobody sees them once it is retired.',
    },
    digest: { ...text, description: 'Stands for who uses it and how, not for how often.' },
  },
} as const

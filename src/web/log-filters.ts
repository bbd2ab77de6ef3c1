/** The parameters that choose entries of the log: the same for searching it and for counting use. */
import { entryOperations } from '../log/access.ts'
import { outcomes } from '../log/entry.ts'
import { actorKinds } from '../exchange/log-search.ts'
import { operations } from '../record.ts'

const text = { type: 'string', minLength: 1, maxLength: 200 } as const
const time = { type: 'string', maxLength: 40 } as const

/** By when, by whom, of what and for what. */
export const usageFilters = {
  from: {
    ...time,
    description: 'From the beginning of this day, UTC (2026-03-01), or from this instant (RFC 3339) on.',
  },
  to: { ...time, description: 'To the end of this day, UTC, or before this instant.' },
  client: { ...text, description: 'By this client.' },
  user: { ...text, description: 'By this user.' },
  department: { ...text, description: 'On behalf of this department.' },
  standard: { ...text, description: 'Of this standard.' },
  agreement: { ...text, description: 'Under this agreement.' },
  operation: { type: 'string', enum: operations, description: 'That did this.' },
  matter: { ...text, description: 'For this matter.' },
} as const

export const logFilters = {
  ...usageFilters,
  operation: { type: 'string', enum: entryOperations, description: 'That did this.' },
  operator: { ...text, description: 'By this user of the machine, at the command line.' },
  actor: { type: 'string', enum: actorKinds, description: 'By the public: open data, without credentials.' },
  case: { ...text, description: 'For this case.' },
  outcome: {
    type: 'string',
    enum: outcomes,
    description: 'That ended so.',
  },
  problem: { ...text, description: 'Refused or failed by this problem.' },
  request: { ...text, description: 'Of this request.' },
} as const

export const pageOptions = {
  limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Entries a page.' },
  cursor: {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'From the page before: the number of its last entry.',
  },
  order: { type: 'string', enum: ['newest', 'oldest'], default: 'newest', description: 'Which come first.' },
} as const

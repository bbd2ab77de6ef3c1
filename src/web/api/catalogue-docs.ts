/** What calls about the catalogue take and give, for OpenAPI. */

export const standardId = { type: 'string', description: 'Standard, such as enterprise-registration.' } as const
const codeListId = { type: 'string', description: 'Code list, such as division.' } as const

export const version = {
  type: 'string',
  pattern: '^\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}$',
  description: 'major.minor.patch',
} as const

export const ofStandard = { type: 'object', properties: { id: standardId } } as const
export const ofVersion = { type: 'object', properties: { id: standardId, v: version } } as const
export const ofCodeList = { type: 'object', properties: { id: codeListId } } as const
export const ofCodeListVersion = { type: 'object', properties: { id: codeListId, v: version } } as const

export const twoVersions = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'to'],
  properties: { from: version, to: version },
} as const

export const paging = {
  limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'How many a page.' },
  cursor: { type: 'string', maxLength: 100, description: 'From the page before; null on the last one.' },
} as const

/** Nothing in it is of a record: witnesses are made for the comparison. */
export const comparison = {
  type: ['object', 'null'],
  description:
    'What changes, and the verdict: each breaking change with a witness, a made-up record that is valid by one version and not by the other.',
  properties: {
    standard: { type: 'string' },
    from: version,
    to: version,
    verdict: { type: 'string', enum: ['same', 'patch', 'minor', 'major'] },
    changes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'Into the newer document; into the older where it is gone.' },
          field: { type: 'string' },
          code: { type: 'string' },
          impact: { type: 'string', enum: ['patch', 'minor', 'major'] },
          against: { type: 'string', enum: ['records', 'readers'], description: 'Who does not survive it.' },
          isDecided: { type: 'boolean', description: 'False: it could not be decided, and counts as major.' },
          message: { type: 'object', additionalProperties: { type: 'string' } },
          witness: { type: 'object', additionalProperties: true },
        },
      },
    },
  },
} as const

export const publication = {
  type: 'object',
  required: ['id', 'version', 'outcome'],
  properties: {
    id: { type: 'string' },
    version,
    outcome: { type: 'string', enum: ['published', 'unchanged', 'draft'] },
    comparison,
    fault: { type: 'string', description: 'Of a draft: why its number does not fit yet, and which would.' },
    notes: {
      type: 'array',
      items: { type: 'string' },
      description:
        'What may not be as it was meant: that a standard is declared open and cannot be read by the public; that a field of an older major is made of what this one holds at a higher level, and so is withheld of its records.',
    },
  },
} as const

export const asDraft = {
  type: 'object',
  additionalProperties: false,
  properties: {
    draft: { type: 'boolean', default: false, description: 'Keeps it as a draft, in place of an earlier one.' },
  },
} as const

/** A catalogue document is larger than other bodies: an official list of 4,000 codes takes 1 MB. */
export const documentBytes = 16 * 1024 * 1024

/** What a reply that is JSON looks like. */
export function gives(description: string, schema: object): object {
  return { 200: { description, content: { 'application/json': { schema } } } }
}

/**
 * A case of an adapter: an input, and what must come of it. What departments publish beside an adapter so that nobody
 * breaks it unseen: neither they with its next version, nor the owner of the standard with a new one.
 */
import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { canonicalise } from '../canonical.ts'
import { HubError } from '../errors.ts'
import type { Json, JsonObject } from '../record.ts'
import type { Outcome } from './case-outcome.ts'

export type Case = {
  readonly name: string
  readonly input: Uint8Array
  readonly expected: Outcome
  /** For adapters that resolve: what other standards' records say, by standard and key. */
  readonly known: KnownRecords
}

export type KnownRecords = { readonly [standard: string]: { readonly [key: string]: JsonObject } }

/**
 * All cases of an adapter run before it, and before each version of its standard, is published: a case shows a few
 * records, and is no load test.
 */
export const caseLimits = { inputBytes: 256 * 1024, textLength: 2 * 1024 * 1024, cases: 100 } as const

const text = { type: 'string' } as const
const issue = {
  type: 'object',
  required: ['pointer', 'code'],
  additionalProperties: false,
  properties: { pointer: text, source: text, code: text },
} as const

/** The form of `fixtures/<department>/<adapter>/<case>.expected.json`. */
const expectedSchema = {
  type: 'object',
  required: ['records', 'rejects'],
  additionalProperties: false,
  properties: {
    records: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key', 'data'],
        additionalProperties: false,
        properties: { key: text, data: { type: 'object' }, recordId: text, asOf: text, mark: text },
      },
    },
    withdrawals: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key'],
        additionalProperties: false,
        properties: { key: text, mark: text },
      },
    },
    rejects: {
      type: 'array',
      items: {
        type: 'object',
        required: ['ordinal', 'issues'],
        additionalProperties: false,
        properties: { ordinal: { type: 'integer', minimum: 1 }, key: text, issues: { type: 'array', items: issue } },
      },
    },
    problem: { ...text, description: 'The problem that ends the reading of the input.' },
  },
} as const

/** A case as it is sent: its input as text, or its bytes in base64. */
export const caseSchema = {
  type: 'object',
  required: ['expected'],
  additionalProperties: false,
  properties: {
    name: { ...text, pattern: '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$' },
    input: text,
    inputBase64: { ...text, contentEncoding: 'base64' },
    expected: expectedSchema,
    known: {
      type: 'object',
      description: 'What an adapter that resolves is told of other standards: standard, key, record.',
      additionalProperties: { type: 'object', additionalProperties: { type: 'object' } },
    },
  },
  oneOf: [{ required: ['input'] }, { required: ['inputBase64'] }],
} as const

let validator: ValidateFunction<SentCase> | undefined

type SentCase = {
  readonly name?: string
  readonly input?: string
  readonly inputBase64?: string
  readonly expected: Outcome
  readonly known?: KnownRecords
}

/**
 * Reads a case as it is sent.
 *
 * @param name where it does not name itself
 * @throws {HubError} `case-invalid`
 */
export function readCase(sent: unknown, name?: string): Case {
  requireBase64(sent)
  const validate = (validator ??= new Ajv2020({ allErrors: true }).compile<SentCase>(caseSchema))
  if (!validate(sent)) {
    const issues = (validate.errors ?? []).map(({ instancePath, message = '' }) => {
      return { pointer: instancePath, code: 'case-invalid', message }
    })
    throw new HubError('case-invalid', 'The case has not the form of one: mend what the issues name.', { issues })
  }
  requireComparable(sent)
  const own = name ?? sent.name
  if (own === undefined) throw new HubError('case-invalid', 'Give each case a name, such as good-records.')
  const input = sent.input === undefined ? Buffer.from(sent.inputBase64 ?? '', 'base64') : Buffer.from(sent.input)
  const read: Case = { name: own, input, expected: sent.expected, known: sent.known ?? {} }
  if (input.length > caseLimits.inputBytes || caseText(read).length > caseLimits.textLength) {
    throw new HubError(
      'case-invalid',
      `The case ${own} is too large: an input takes ${caseLimits.inputBytes / 1024} KiB, and with what it expects ${caseLimits.textLength / 1024} KiB. Keep the records that show something.`,
    )
  }
  return read
}

/**
 * Base64 with its padding (RFC 4648 §4). The length comes first, and the pattern repeats no group: each turn of one takes a
 * place on the stack, of which a long text has too many.
 */
function requireBase64(sent: unknown): void {
  const { inputBase64: input } = (sent ?? {}) as { readonly inputBase64?: unknown }
  if (typeof input !== 'string') return
  if (input.length > Math.ceil(caseLimits.inputBytes / 3) * 4) {
    const detail = `The input of a case takes ${caseLimits.inputBytes / 1024} KiB. Keep the records that show something.`
    throw new HubError('case-invalid', detail)
  }
  if (input.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(input)) return
  const issue = { pointer: '/inputBase64', code: 'case-invalid', message: 'must be base64, in groups of four' }
  throw new HubError('case-invalid', 'The case has not the form of one: mend what the issues name.', {
    issues: [issue],
  })
}

/** That it can be compared with what an adapter gives: no half characters, and not nested deeper than the stack. */
function requireComparable({ expected, known = {} }: SentCase): void {
  try {
    canonicalise({ expected, known } as unknown as Json)
  } catch (cause) {
    const detail =
      'What the case expects holds half a character, or is nested too deeply, so that no record can be that.'
    throw new HubError('case-invalid', detail, { cause })
  }
}

/** The cases that are sent with an adapter. @throws {HubError} `case-invalid` */
export function readCases(sent: readonly unknown[]): Case[] {
  const cases = sent.map(one => readCase(one))
  const twice = cases.find(({ name }, index) => cases.findIndex(other => other.name === name) !== index)
  if (twice === undefined) return cases
  throw new HubError('case-invalid', `Two cases are named ${twice.name}: give each a name of its own.`)
}

/** A case as it is kept, and shown. {@link readCase} is its inverse. */
export function caseText({ name, input, expected, known }: Case): string {
  const isKnowing = Object.keys(known).length > 0
  const inputBase64 = Buffer.from(input).toString('base64')
  return JSON.stringify({ name, inputBase64, expected, ...(isKnowing && { known }) })
}

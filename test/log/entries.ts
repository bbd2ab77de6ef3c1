/** Entries as they come, for properties. */
import fc from '../properties.ts'
import { problems } from '../../src/errors.ts'
import type { ProblemCode } from '../../src/errors.ts'
import type { JsonObject } from '../../src/record.ts'
import type { Ending, Entry } from '../../src/log/entry.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 })
const texts = fc.array(text, { maxLength: 5 })

const ending: fc.Arbitrary<Ending> = fc.oneof(
  fc.record({ outcome: fc.constantFrom('disclosed', 'not-modified', 'done', 'unchanged') }),
  fc.record({
    outcome: fc.constantFrom('refused', 'failed'),
    problem: fc.constantFrom(...(Object.keys(problems) as ProblemCode[])),
  }),
)

const common = fc.record(
  {
    time: fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
    actor: fc.record({ kind: fc.constantFrom('client', 'user', 'operator', 'hub'), id: text }),
    operation: fc.constantFrom('read', 'list', 'lookup', 'deliver', 'publish', 'anonymous-refusals'),
    count: fc.nat(),
    request: text,
    department: text,
    standard: text,
    agreement: text,
    matter: text,
    case: text,
    fields: texts,
    records: texts,
    subjects: texts,
    part: fc.integer({ min: 1 }),
    detail: fc.dictionary(text, fc.jsonValue()) as fc.Arbitrary<JsonObject>,
  },
  { requiredKeys: ['time', 'actor', 'operation', 'count', 'request'] },
)

/** Any entry: every member that may be absent is, now and then. */
export const anyEntry: fc.Arbitrary<Entry> = fc.tuple(common, ending).map(([entry, end]) => ({ ...entry, ...end }))

/** A disclosure of one record, as most entries are. */
export function entryOf(number: number): Entry {
  return {
    time: new Date(Date.UTC(2026, 0, 2) + number).toISOString(),
    actor: { kind: 'client', id: 'c-331199' },
    department: 'housing',
    operation: 'read',
    standard: 'enterprise-registration',
    agreement: 'a-17',
    matter: '331199-0101',
    case: `2026-${number}`,
    fields: ['name', 'status'],
    records: [pseudonym(number)],
    count: 1,
    outcome: 'disclosed',
    request: `r-${number}`,
  }
}

/** As long as a keyed hash in base64url, and another for each number. */
export function pseudonym(number: number): string {
  return String(number).padStart(43, 'p')
}

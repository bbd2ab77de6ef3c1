/** Logs as long as a test needs, appended in large batches; and small ones whose entries share what they name. */
import fc from '../properties.ts'
import { hash } from 'node:crypto'
import type { ProblemCode } from '../../src/errors.ts'
import type { NoteKey } from '../../src/log/note.ts'
import { encodeEntry, type Entry } from '../../src/log/entry.ts'
import { LogFile } from '../../src/store/log-file.ts'

/** Entry `number`: subjects and records come again after a while, as they do. */
export function manyEntry(number: number, records: number): Entry {
  const common = {
    // 200,000 entries a day.
    time: new Date(Date.UTC(2026, 0, 1) + number * 432).toISOString(),
    actor: { kind: 'client', id: `c-${number % 40}` },
    department: `department-${number % 20}`,
    operation: number % 5 === 0 ? 'list' : 'read',
    standard: `standard-${number % 13}`,
    agreement: `a-${number % 60}`,
    matter: number % 100_000 === 77 ? 'matter-rare' : `matter-${number % 30}`,
    case: `2026-${number}`,
    fields: ['name', 'status'],
    request: `r-${number}`,
  } as const
  if (number % 50 === 49) return { ...common, count: 0, outcome: 'refused', problem: 'agreement-missing' }
  const names = Array.from({ length: records }, (_, index) => number * records + index)
  return {
    ...common,
    count: records,
    outcome: 'disclosed',
    records: names.map(recordAt),
    subjects: names.map(subjectAt),
  }
}

export function recordAt(number: number): string {
  return hash('sha256', `record ${number % 700_000}`, 'base64url').slice(0, 22)
}

export function subjectAt(number: number): string {
  return hash('sha256', `subject ${number % 500_000}`, 'base64url').slice(0, 22)
}

/** Appends them to a log's file that has been migrated. */
export async function fillLog(
  file: string,
  signer: NoteKey,
  { entries, records }: { readonly entries: number; readonly records: number },
): Promise<void> {
  const log = new LogFile(file, signer)
  for (let from = 0; from < entries; from += 10_000) {
    const length = Math.min(10_000, entries - from)
    const batch = Array.from({ length }, (_, index) => ({ text: encodeEntry(manyEntry(from + index, records)) }))
    log.appendNow(batch, Date.now())
  }
  log.closeNow()
}

const few = (...names: readonly string[]) => fc.constantFrom(...names)
const maybe = (...names: readonly string[]) => fc.option(few(...names), { nil: undefined })
const names = (letter: string) =>
  fc.array(few(...[1, 2, 3, 4, 5, 6].map(number => `${letter}${number}`)), { maxLength: 4 })

/** An entry of a small world, so that entries share what they name, and cases and requests are called like records. */
const smallEntry: fc.Arbitrary<Entry> = fc
  .record({
    day: fc.nat(3),
    ms: fc.nat(86_399_999),
    kind: few('client', 'user', 'operator') as fc.Arbitrary<'client'>,
    id: few('one', 'two'),
    department: maybe('housing', 'health', 'tax'),
    operation: few('read', 'list', 'lookup', 'export', 'verify', 'deliver', 'audit') as fc.Arbitrary<
      Entry['operation']
    >,
    standard: maybe('thing', 'premises', 'housing'),
    agreement: maybe('a1', 'a2'),
    matter: maybe('m1', 'm2'),
    case: maybe('c1', 'c2', 'r1'),
    records: names('r'),
    subjects: names('s'),
    request: few('q1', 'q2', 'q3', 'q4', 'q5', 'r2', 's2'),
    outcome: few('disclosed', 'disclosed', 'not-modified', 'refused', 'failed', 'done'),
    problem: few('agreement-missing', 'record-unknown') as fc.Arbitrary<ProblemCode>,
    ofQuarantine: fc.boolean(),
  })
  .map(({ day, ms, kind, id, records, subjects, outcome, problem, operation, request, ofQuarantine, ...maybes }) => {
    const known = Object.fromEntries(Object.entries(maybes).filter(([, value]) => value !== undefined))
    const failed = outcome === 'refused' || outcome === 'failed'
    return {
      ...known,
      time: new Date(Date.UTC(2026, 0, 1 + day) + ms).toISOString(),
      actor: { kind, id },
      operation,
      request,
      ...(records.length > 0 && { records }),
      ...(subjects.length > 0 && { subjects }),
      ...(ofQuarantine && { detail: { quarantine: 'x' } }),
      count: failed ? 0 : records.length,
      outcome,
      ...(failed && { problem }),
    } as Entry
  })

/** A log of a small world. */
export const smallLog: fc.Arbitrary<Entry[]> = fc.array(smallEntry, { maxLength: 60 })

/** Some of the members, and few enough of them that something has them all. */
export function someOf<Shape extends object>(members: {
  [Name in keyof Shape]: fc.Arbitrary<Shape[Name]>
}): fc.Arbitrary<Partial<Shape>> {
  const names = Object.keys(members) as (keyof Shape)[]
  return fc
    .tuple(fc.record(members), fc.subarray(names, { maxLength: 3 }))
    .map(([all, chosen]) => Object.fromEntries(chosen.map(name => [name, all[name]])) as Partial<Shape>)
}

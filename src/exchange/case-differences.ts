/** In what an outcome differs from the one that a case expects: by place, the record's key at most, and by no other value. */
import { canonicalise } from '../canonical.ts'
import { pointTo } from '../map/pointer.ts'
import type { Issue, Json, JsonObject, RecordKey } from '../record.ts'
import type { Kept, Outcome, Rejected, TakenBack } from './case-outcome.ts'

/** An adapter that is wrong is understood by the first of them. */
const mostDifferences = 20

/**
 * Of each difference: a pointer into the record, what is the matter, and which of the case's records it is. Empty where
 * there is none.
 *
 * @param isNamingKeys for the adapter's own department, of a standard whose key is not sealed
 */
export function differencesOf(expected: Outcome, given: Outcome, isNamingKeys = false): Issue[] {
  const problem =
    expected.problem === given.problem
      ? []
      : [different('', `${problemText(given)}, but the case expects that ${problemText(expected)}`)]
  return [
    ...problem,
    ...rejectDifferences(expected.rejects, given.rejects),
    ...recordDifferences(expected.records, given.records, isNamingKeys),
    ...withdrawalDifferences(expected.withdrawals ?? [], given.withdrawals ?? []),
  ].slice(0, mostDifferences)
}

function problemText({ problem }: Outcome): string {
  return problem === undefined ? 'the input is read to its end' : `the input is refused with ${problem}`
}

/** Rejects by their place in the input. */
function rejectDifferences(expected: readonly Rejected[], given: readonly Rejected[]): Issue[] {
  const givenBy = new Map(given.map(reject => [reject.ordinal, reject]))
  const expectedBy = new Map(expected.map(reject => [reject.ordinal, reject]))
  const unexpected = given.filter(({ ordinal }) => !expectedBy.has(ordinal))
  return [
    ...unexpected.flatMap(({ ordinal, issues }) =>
      issues.map(({ pointer, source, code }) => ({
        pointer,
        ...(source !== undefined && { source }),
        code,
        message: `record ${ordinal} of the input is rejected, which the case does not expect`,
      })),
    ),
    ...expected.flatMap(reject => {
      const found = givenBy.get(reject.ordinal)
      const place = `record ${reject.ordinal} of the input`
      if (found === undefined) return [different('', `${place} is not rejected, as the case expects`)]
      if (isSame(found, reject)) return []
      const { pointer } = firstOther(reject.issues, found.issues) ?? { pointer: '' }
      return [different(pointer, `${place} is rejected for other reasons than the case expects`)]
    }),
  ]
}

function firstOther(expected: Rejected['issues'], given: Rejected['issues']): Rejected['issues'][number] | undefined {
  return (
    expected.find(issue => !given.some(other => isSame(other, issue))) ??
    given.find(issue => !expected.some(other => isSame(other, issue)))
  )
}

/** Records by their keys: one that is gone must not make all that come after it look different. */
function recordDifferences(expected: readonly Kept[], given: readonly Kept[], isNamingKeys: boolean): Issue[] {
  const left = byKey(given)
  const found = expected.flatMap((record, index) => {
    const key = isNamingKeys && record.key.length <= 100 ? ` (key ${record.key})` : ''
    const place = `record ${index + 1} of those that the case expects${key}`
    const other = left.get(record.key)?.shift()
    if (other === undefined) return [different('', `${place} is not given`)]
    const { data, ...beside } = record
    const { data: otherData, ...otherBeside } = other
    return [
      ...pointersOfDifference(data, otherData).map(pointer => different(pointer, `${place} has something else here`)),
      ...(isSame(beside, otherBeside) ? [] : [different('', `${place} has another id, date or mark of its source`)]),
    ]
  })
  const more = [...left.values()].flat().length
  return more === 0 ? found : [...found, different('', `${more} records are given that the case does not expect`)]
}

function withdrawalDifferences(expected: readonly TakenBack[], given: readonly TakenBack[]): Issue[] {
  return isSame(expected, given) ? [] : [different('', 'other records are withdrawn than the case expects')]
}

/** The places at which two records differ: the innermost objects' members, and lists as a whole where they are not as long. */
export function pointersOfDifference(one: Json | undefined, other: Json | undefined, at = ''): string[] {
  if (isObject(one) && isObject(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
    return names.flatMap(name => pointersOfDifference(one[name], other[name], pointTo(at, name)))
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return one.flatMap((element, index) => pointersOfDifference(element, other[index], pointTo(at, index)))
  }
  return isSame(one, other) ? [] : [at]
}

function byKey(records: readonly Kept[]): Map<RecordKey, Kept[]> {
  const found = new Map<RecordKey, Kept[]>()
  for (const record of records) found.set(record.key, [...(found.get(record.key) ?? []), record])
  return found
}

function different(pointer: string, message: string): Issue {
  return { pointer, code: 'case-differs', message }
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other
  return canonicalise(one as Json) === canonicalise(other as Json)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Who uses a major, and what has become of it, for people. */
import type { MajorView } from '../exchange/majors.ts'
import type { Uses } from '../exchange/uses.ts'
import { table } from './output.ts'

export function usesText({
  standard,
  major,
  status,
  sunset,
  agreements,
  adapters,
  since,
  calls,
  records,
}: Uses): string {
  const agreed = agreements.map(({ id, department, state, until, matters }) => [
    id,
    department,
    state.replace('-', ' '),
    until,
    matters.join(','),
  ])
  const delivering = adapters.map(({ adapter, version, delivers, resolves }) => [
    adapter,
    version,
    [...(delivers ? ['delivers'] : []), ...(resolves ? ['resolves'] : [])].join(', '),
  ])
  const called = calls.map(({ department, lastDay, ...counts }) => [
    department,
    ...[counts.calls, counts.records, counts.refusals].map(String),
    lastDay,
  ])
  return [
    `Major ${major} of ${standard} is ${status}${sunset === null ? '' : `, its sunset ${sunset}`}.`,
    '',
    table(['agreement', 'department', 'state', 'until', 'matters'], agreed, 'No agreement is on it.'),
    '',
    table(['adapter', 'version', 'use'], delivering, 'No adapter in use delivers to it, or resolves from it.'),
    '',
    table(['department', 'calls', 'records', 'refusals', 'last day'], called, `No call was made since ${since}.`),
    ...(called.length > 0 ? [`Calls since ${since}; days are of UTC.`] : []),
    '',
    `${records === 1 ? '1 record stands' : `${records} records stand`} in this major only: no consumer of a later one sees them, and nobody once it is retired.`,
  ].join('\n')
}

export function majorText({ standard, major, status, sunset, successor }: MajorView): string {
  const next = successor === null ? '' : ` Next is major ${successor.major}, ${successor.version}.`
  const until = status === 'deprecated' && sunset !== null ? ` It may be retired from ${sunset} on.` : ''
  return `Major ${major} of ${standard} is ${status}.${until}${status === 'published' ? '' : next}`
}

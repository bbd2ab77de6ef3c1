/** Agreements in words, for people. */
import type { AgreementView } from '../exchange/find-agreement.ts'
import { aligned, table } from './output.ts'

export function listText(list: readonly AgreementView[]): string {
  const rows = list.map(made => [
    made.id,
    made.department,
    `${made.standard} ${made.major}`,
    stateText(made),
    made.until,
    made.operations.join(','),
    made.matters.join(','),
    made.fields.join(','),
  ])
  const head = ['id', 'department', 'standard', 'state', 'until', 'operations', 'matters', 'fields']
  return table(head, rows, 'There are no such agreements; `concord agreement request` asks for one.')
}

/** Where an agreement stands after an act, and what comes next. */
export function standingText(made: AgreementView): string {
  const { id, owner, state } = made
  const ends = endingText(made)
  if (state === 'requested')
    return `Asked for the agreement ${id}; ${owner}, the owner of the standard, decides on it.${ends}`
  const held = made.heldBack.length > 0 ? ` Held back until it is approved again: ${made.heldBack.join(', ')}.` : ''
  const heldOf = (made.heldBackOf ?? []).map(
    ({ major, fields }) =>
      ` Held back of records of major ${major}, which holds them more tightly: ${fields.join(', ')}.`,
  )
  return `The agreement ${id} is ${stateText(made)}.${held}${heldOf.join('')}${ends}`
}

export function agreementText(made: AgreementView): string {
  const rows: [name: string, value: string | undefined][] = [
    ['id', made.id],
    ['state', stateText(made)],
    ['department', made.department],
    ['standard', `${made.standard} ${made.major}, owned by ${made.owner}`],
    ['major', made.ending && `${made.ending.status}, its sunset ${made.ending.sunset}`],
    ['fields', made.fields.join(', ')],
    ['held back', made.heldBack.join(', ') || undefined],
    ...(made.heldBackOf ?? []).map(({ major, fields }): [string, string] => [
      `held back of ${major}.x`,
      fields.join(', '),
    ]),
    ['operations', made.operations.join(', ')],
    [
      'rows',
      made.rows &&
        Object.entries(made.rows)
          .map(([field, values]) => `${field}=${values.join(',')}`)
          .join(' and '),
    ],
    ['matters', made.matters.join(', ')],
    ['case', made.caseRequired === true ? 'must be named' : undefined],
    ['daily quota', made.dailyQuota === undefined ? undefined : `${made.dailyQuota} records`],
    ['legal basis', made.legalBasis],
    ['from', made.from],
    ['until', made.until],
  ]
  const terms = aligned(rows.filter((row): row is [string, string] => row[1] !== undefined))
  const acts = (made.acts ?? []).map(({ at, act, by, reason = '' }) => [at, act, by, reason])
  return acts.length === 0 ? terms : `${terms}\n\n${aligned(acts)}`
}

function endingText({ standard, major, ending }: AgreementView): string {
  return ending === undefined
    ? ''
    : ` Major ${major} of ${standard} is ${ending.status}; its sunset is ${ending.sunset}.`
}

function stateText({ state }: AgreementView): string {
  return state.replace('-', ' ')
}

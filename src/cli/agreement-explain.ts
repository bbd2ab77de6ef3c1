/** `concord agreement explain`: why a call is, would be or was allowed or refused. */
import { Option, type Command } from 'commander'
import { explainAgreement, type Explanation } from '../exchange/explain.ts'
import { operations, type Operation } from '../record.ts'
import { beginning, command, listOf } from './command.ts'
import { aligned, show } from './output.ts'
import { withHub } from './run.ts'

type Call = { operation: Operation; matter?: string; case?: string; fields?: string[]; at?: Date; json?: boolean }

export function explain(agreements: Command): void {
  const summary = 'Say step by step why a call is, would be or was allowed or refused; nothing is disclosed'
  const example = 'agreement explain 0f8c2d1e-… --operation read --matter 331199-construction-permit --at 2026-03-01'
  command(agreements, 'explain', summary, example)
    .argument('<id>', 'as `agreement list` shows it')
    .addOption(new Option('--operation <operation>', 'what is called').choices(operations).makeOptionMandatory())
    .option('--matter <code>', 'the matter that the call names')
    .option('--case <number>', 'the case that the call names')
    .option('--fields <fields>', 'the fields that it asks for, joined by commas; all where it is left out', listOf())
    .option('--at <date>', 'when: an instant, or a day, from its beginning (UTC); now where it is left out', beginning)
    .action(async (id: string, { json, ...supposed }: Call) => {
      const explained = await withHub((hub, by) => explainAgreement(hub, by, { id, reach: {}, supposed }))
      show(json, explained, () => explanationText(explained))
    })
}

function explanationText({ allowed, detail, at, state, steps, fields, rows, quota }: Explanation): string {
  const head = `${allowed ? 'Allowed' : 'Refused'} at ${at}: ${detail}`
  if (state === null) return `${head}\nThe agreement had not been asked for then.`
  const checks = aligned(steps.map(({ step, holds, text }) => [holds ? '  yes' : '  NO', step, text]))
  const rowText = Object.entries(rows ?? {}).map(([field, values]) => `${field} is ${values.join(' or ')}`)
  const reached = rowText.length === 0 ? [] : [`Records are reached where ${rowText.join(' and ')}.`]
  const usedUp = quota !== null && quota.usedUpAt !== null ? [`The quota was used up at ${quota.usedUpAt}.`] : []
  const shown = aligned(
    fields.map(({ field, ...why }) => [why.verdict === 'granted' ? '  yes' : '  NO', field, whyText(why)]),
  )
  return [head, checks, ...usedUp, ...reached, 'Fields:', shown].join('\n')
}

function whyText({
  verdict,
  level,
  approvedLevel,
  heldBackOf = [],
}: Omit<Explanation['fields'][number], 'field'>): string {
  const held = heldBackOf.map(({ major, madeOf }) => {
    const why = madeOf.map(
      ({ field, level: own, sharing }) => `${field}, which is ${sharing === 'not-shared' ? 'not shared' : own} there`,
    )
    return `; held back of records of major ${major}: made of ${why.join(', ')}`
  })
  if (verdict === 'granted') return `${level}, granted${held.join('')}`
  if (verdict === 'not-granted') return `${level}, the agreement does not name it`
  if (verdict === 'not-shared') return `${level}, is shared no more`
  if (approvedLevel === null) return `${level}, asked for and not approved`
  return `was approved at ${approvedLevel} and is ${level} now: held back until approved again`
}

/** A previewed record on a terminal: source, field and rule side by side, or one below the other where it is narrow. */
import type { FedValue } from '../catalogue/side-by-side.ts'
import type { Issue, Position } from '../record.ts'
import { aligned, cut } from './output.ts'
import { issuesText } from './quarantine.ts'

export type Shown = {
  readonly position: Position
  readonly values: readonly FedValue[]
  readonly issues: readonly Issue[]
  /** The text of what could not be read as a record. */
  readonly unreadable?: string
}

/** Three columns need that much: paths and values of real feeds are some twenty characters each. */
const leastColumns = 100

/** @param columns of the terminal */
export function previewText({ position, values, issues, unreadable }: Shown, columns: number): string {
  const head = `Record ${position.ordinal} (line ${position.line}, column ${position.column})`
  const body =
    unreadable !== undefined
      ? cut(printable(unreadable), columns)
      : columns < leastColumns
        ? stacked(values, columns)
        : beside(values, columns)
  return [
    `${head}: ${issues.length === 0 ? 'valid' : 'rejected'}`,
    body,
    ...(issues.length > 0 ? ['Issues:', issuesText(issues).replace(/^/gm, '  ')] : []),
  ].join('\n')
}

function beside(values: readonly FedValue[], columns: number): string {
  const width = Math.floor((columns - 6) / 5)
  return aligned([
    ['  SOURCE', 'FIELD', 'BY'],
    ...values.map(value => [
      cut(`  ${sourceText(value)}`, 2 * width),
      cut(fieldText(value), 2 * width),
      cut(ruleText(value), width),
    ]),
  ])
}

function stacked(values: readonly FedValue[], columns: number): string {
  return values
    .flatMap(value => [`  ${fieldText(value)}`, `    from ${sourceText(value)}`, `    by ${ruleText(value) || '-'}`])
    .map(line => cut(line, columns))
    .join('\n')
}

function sourceText({ sources }: FedValue): string {
  if (sources.length === 0) return '(constant)'
  return sources.map(({ path, texts }) => `${path}: ${texts.map(printable).join(' | ') || '-'}`).join(', ')
}

function fieldText({ at, value }: FedValue): string {
  const place = at.join('.')
  if (value === undefined) return `${place}: (absent)`
  return `${place}: ${printable(typeof value === 'string' ? value : JSON.stringify(value))}`
}

function ruleText({ via, decidedBy }: FedValue): string {
  return [via.join(', '), ...(decidedBy.length > 0 ? [`decided by ${decidedBy.join(', ')}`] : [])]
    .filter(text => text !== '')
    .join('; ')
}

/** A source may send what a terminal takes for commands. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
}

/** A comparison for people: the verdict, what changes, and a record that proves each change that breaks. */
import type { Change, Comparison } from '../catalogue/compare/compare.ts'
import { table } from './output.ts'

export function comparisonText({ standard, from, to, verdict, changes }: Comparison): string {
  const rows = changes.map(({ impact, against, isDecided, field, pointer, message }) => [
    impact,
    against ?? '',
    field ?? pointer,
    isDecided ? message.en : `${message.en} (not decided, and so taken as breaking)`,
  ])
  return [
    `${standard} ${from} → ${to}: ${verdict}`,
    table(['impact', 'breaks', 'where', 'what changes'], rows, 'Nothing changes.'),
    ...changes.flatMap(witnessText),
  ].join('\n')
}

function witnessText({ witness, against, field, pointer }: Change): string[] {
  if (witness === undefined) return []
  const why = witness.issues.map(issue => `${issue.pointer || '(the whole)'} ${issue.message}`).join('; ')
  const what = against === 'readers' ? 'A reader loses by this record' : 'A record that is valid no more'
  return ['', `${field ?? pointer}: ${what}${why === '' ? '' : ` (${why})`}:`, `  ${JSON.stringify(witness.record)}`]
}

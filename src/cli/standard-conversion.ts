/** `concord standard draft-conversion` and `check-converted`: how records of a new major become those of an older one. */
import type { Command } from 'commander'
import { draftConversion, type ConversionDraft } from '../catalogue/draft-conversion.ts'
import { checkConverted, type ConvertedMajor } from '../exchange/check-converted.ts'
import { readDocument } from '../exchange/documents.ts'
import { majorOf } from '../standard.ts'
import { checkStandardDocument } from '../validate/standard-document.ts'
import { command, numberFrom } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function addConversion(standards: Command): void {
  command(
    standards,
    'draft-conversion',
    'Draft the `conversion` of a new major: rules that copy what both have under one name',
    'standard draft-conversion enterprise-registration/v2.json',
  )
    .argument('<file>', 'the new major, without its conversion or with it')
    .option('--to <major>', 'the older major; the newest before it where this is left out', numberFrom(1))
    .action(async (file: string, { json, to }: { json?: true; to?: number }) => {
      const document = checkStandardDocument(readDocument(file))
      const { id, version } = document.standard
      const draft = await withHub(async hub => {
        const { standard } = await hub.published.standard(id, to ?? majorOf(version) - 1)
        return draftConversion(document, standard.document)
      })
      show(json, draft, () => draftText(draft))
    })

  command(
    standards,
    'check-converted',
    'Count the records of newer majors that consumers of older ones do not see, and those that stand in an older one only',
    'standard check-converted enterprise-registration',
  )
    .argument('<standard>', 'its id')
    .action(async (id: string, { json }: { json?: true }) => {
      const majors = await withHub((hub, by) => checkConverted(hub, by, { standard: id }))
      show(
        json,
        { standard: id, majors },
        () => majors.map(majorText).join('\n\n') || 'No major is converted to another.',
      )
    })
}

function draftText({ conversion, left }: ConversionDraft): string {
  const rules = JSON.stringify({ conversion }, null, 2)
  if (left.length === 0) return rules
  const names = left.map(({ field, required }) => (required ? `${field} (required)` : field))
  return `${rules}\nTo be said by hand: ${names.join(', ')}`
}

function majorText({ from, to, records, onlyOlder, unconvertible, faults, pseudonyms }: ConvertedMajor): string {
  const head = `major ${from} as major ${to}: ${records} records, ${unconvertible} of them not there for consumers of major ${to}; ${onlyOlder} stand in major ${to} only, and are not there for consumers of major ${from}`
  if (unconvertible === 0) return head
  const rows = faults.map(fault => [fault.pointer || '(whole)', fault.code, String(fault.records)])
  return [head, table(['place', 'code', 'records'], rows, ''), `pseudonyms: ${pseudonyms.join(' ')}`].join('\n')
}

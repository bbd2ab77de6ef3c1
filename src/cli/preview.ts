/** `concord preview`: what an adapter makes of the first records of a file. Opens no hub and writes nothing. */
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { convertRecord } from '../exchange/convert.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { compileAdapter } from '../map/adapter.ts'
import { defaultLimits } from '../parse/limits.ts'
import { parse } from '../parse/parse.ts'
import type { Issue, Json, Language, SourceNode, SourceRecord, UnreadableRecord } from '../record.ts'
import { compileValidator } from '../validate/validator.ts'
import { adapterDocument } from './adapter-document.ts'
import { command, numberFrom } from './command.ts'
import { languageOption } from './deliver.ts'
import { openInput } from './input.ts'
import { besides, show } from './output.ts'
import { issuesText } from './quarantine.ts'

type Options = { limit: number; language: Language; json?: boolean }

/** A source record, the record that it becomes, and why it would be rejected. */
type Preview = {
  readonly position: SourceRecord['position']
  readonly source: SourceNode
  readonly record: Json
  readonly issues: readonly Issue[]
}

export function preview(program: Command): void {
  const example = 'preview adapters/twse/companies.json twse_t187ap03_L.json --limit 3'
  command(program, 'preview', 'Show what an adapter makes of the first records of a file; nothing is written', example)
    .argument('<adapter>', 'an adapter document, ….json, or department/name')
    .argument('<file>', 'the input; - is standard input')
    .option('--limit <number>', 'so many records', numberFrom(1), 5)
    .addOption(languageOption())
    .action(async (adapter: string, file: string, options: Options) => {
      const previews = await previewFile(adapter, file, options)
      show(options.json, { records: previews }, () => previews.map(previewText).join('\n\n') || 'There are no records.')
    })
}

async function previewFile(given: string, file: string, { limit, language }: Options): Promise<Preview[]> {
  const catalogue = await openTrialCatalogue(readConfig())
  const adapter = compileAdapter(adapterDocument(catalogue, given), catalogue)
  const validator = compileValidator(adapter.standard, id => catalogue.codeList(id))
  const { body } = await openInput(file)
  const previews: Preview[] = []
  for await (const items of parse(body, adapter.source, { limits: defaultLimits, context: adapter.context })) {
    for (const item of items) {
      previews.push(previewOf(item, source => convertRecord({ adapter, validator, language }, source)))
      if (previews.length === limit) return previews
    }
  }
  return previews
}

function previewOf(
  item: SourceRecord | UnreadableRecord,
  convert: (item: SourceRecord) => { readonly record: Json; readonly issues: readonly Issue[] },
): Preview {
  const { position } = item
  if ('unreadable' in item) return { position, source: item.text, record: null, issues: [item.unreadable] }
  const { record, issues } = convert(item)
  return { position, source: item.node, record, issues }
}

function previewText({ position, source, record, issues }: Preview): string {
  const head = `Record ${position.ordinal} (line ${position.line}, column ${position.column})`
  const both = besides(JSON.stringify(source, null, 2), JSON.stringify(record, null, 2))
  return [
    `${head}: ${issues.length === 0 ? 'valid' : 'rejected'}`,
    both,
    ...(issues.length > 0 ? [issuesText(issues)] : []),
  ].join('\n')
}

/** `concord preview`: what an adapter makes of the records of a file. Opens no hub and writes nothing. */
import { Option, type Command } from 'commander'
import { sideBySide, type FedValue } from '../catalogue/side-by-side.ts'
import { unreadPaths } from '../catalogue/unread.ts'
import { readConfig } from '../config.ts'
import { convertRecord } from '../exchange/convert.ts'
import { sourceRecords } from '../exchange/grouped.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { compileAdapter, type Adapter } from '../map/adapter.ts'
import { defaultLimits } from '../parse/limits.ts'
import type { Issue, Json, Language, Position, SourceNode, SourceRecord, UnreadableRecord } from '../record.ts'
import { compileValidator } from '../validate/validator.ts'
import { adapterDocument } from './adapter-document.ts'
import { command, numberFrom } from './command.ts'
import { languageOption } from './deliver.ts'
import { openInput } from './input.ts'
import { show } from './output.ts'
import { previewText } from './preview-text.ts'

type Options = {
  limit: number
  from: number
  record?: number
  rejects?: boolean
  language: Language
  json?: boolean
}

/** A source record, the record that it becomes, what feeds each of its values, and why it would be rejected. */
type Preview = {
  readonly position: Position
  readonly source: SourceNode
  readonly record: Json
  readonly issues: readonly Issue[]
  readonly lineage: readonly FedValue[]
  readonly isUnreadable: boolean
}

export function preview(program: Command): void {
  const example = 'preview adapters/twse/companies.json twse_t187ap03_L.json --limit 3'
  const summary = 'Show source records, the records that they become, and why: side by side; nothing is written'
  command(program, 'preview', summary, example)
    .argument('<adapter>', 'an adapter document, ….json, or department/name')
    .argument('<file>', 'the input; - is standard input')
    .option('--limit <number>', 'so many records', numberFrom(1), 5)
    .option('--from <number>', 'begin with this record; the first is 1', numberFrom(1), 1)
    .addOption(
      new Option('--record <number>', 'this record only').argParser(numberFrom(1)).conflicts(['from', 'limit']),
    )
    .option('--rejects', 'only records that would be rejected')
    .addOption(languageOption())
    .action(async (given: string, file: string, options: Options) => {
      const catalogue = await openTrialCatalogue(readConfig())
      const adapter = compileAdapter(adapterDocument(catalogue, given), catalogue)
      const validator = compileValidator(adapter.standard, id => catalogue.codeList(id))
      const convert = (item: SourceRecord) => convertRecord({ adapter, validator, language: options.language }, item)
      const { previews, unread } = await previewFile(adapter, file, { ...options, convert })
      const records = previews.map(({ isUnreadable: _, ...rest }) => rest)
      show(options.json, { records, unread }, () => allText(previews, unread))
    })
}

type Converter = (item: SourceRecord) => {
  readonly record: { [name: string]: Json }
  readonly issues: readonly Issue[]
}

async function previewFile(
  adapter: Adapter,
  file: string,
  { limit, from, record: only, rejects = false, convert }: Options & { readonly convert: Converter },
): Promise<{ previews: Preview[]; unread: string[] }> {
  const first = only ?? from
  const most = only === undefined ? limit : 1
  const { body } = await openInput(file)
  const previews: Preview[] = []
  let number = 0
  reading: for await (const items of sourceRecords(body, adapter, defaultLimits)) {
    for (const item of items) {
      number += 1
      if (number < first) continue
      if (only !== undefined && number > only) break reading
      const previewed = previewOf(adapter, item, convert)
      if (!rejects || previewed.issues.length > 0) previews.push(previewed)
      if (previews.length === most) break reading
    }
  }
  const nodes = previews.filter(({ isUnreadable }) => !isUnreadable).map(({ source }) => source)
  return { previews, unread: unreadPaths(adapter, nodes) }
}

function previewOf(adapter: Adapter, item: SourceRecord | UnreadableRecord, convert: Converter): Preview {
  const { position } = item
  if ('unreadable' in item) {
    return { position, source: item.text, record: null, issues: [item.unreadable], lineage: [], isUnreadable: true }
  }
  const { record, issues } = convert(item)
  return {
    position,
    source: item.node,
    record,
    issues,
    lineage: sideBySide(adapter, item, record),
    isUnreadable: false,
  }
}

/** What a text that is not for a terminal is laid out for. */
const columnsElsewhere = 160

function allText(previews: readonly Preview[], unread: readonly string[]): string {
  const columns = process.stdout.columns ?? columnsElsewhere
  const texts = previews.map(({ position, source, issues, lineage: values, isUnreadable }) =>
    previewText(
      { position, values, issues, ...(isUnreadable && typeof source === 'string' && { unreadable: source }) },
      columns,
    ),
  )
  if (texts.length === 0) return 'There are no such records.'
  return [...texts, ...(unread.length > 0 ? [`Nothing reads: ${unread.join(', ')}.`] : [])].join('\n\n')
}

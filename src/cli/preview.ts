/** `concord preview`: what an adapter makes of the records of a file, and what their delivery would change. Nothing is kept. */
import { Option, type Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Change } from '../exchange/preview-changes.ts'
import { previewDelivery, type DryRun } from '../exchange/preview-store.ts'
import { preview as previewInput, type Preview, type PreviewedRecord, type Window } from '../exchange/preview.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { compileAdapter } from '../map/adapter.ts'
import { defaultLimits } from '../parse/limits.ts'
import type { Language } from '../record.ts'
import { compileValidator } from '../validate/validator.ts'
import { adapterDocument, triedAs } from './adapter-document.ts'
import { command, numberFrom } from './command.ts'
import { languageOption } from './deliver.ts'
import { openInput } from './input.ts'
import { show } from './output.ts'
import { previewText } from './preview-text.ts'
import { withHub } from './run.ts'

type Options = {
  limit: number
  from: number
  record?: number
  rejects?: boolean
  againstStore?: boolean
  language: Language
  json?: boolean
}

export function preview(program: Command): void {
  const example = 'preview adapters/twse/companies.json twse_t187ap03_L.json --limit 3'
  const summary = 'Show source records, the records that they become, and why: side by side; nothing is kept'
  command(program, 'preview', summary, example)
    .argument('<adapter>', 'an adapter document, ….json, or department/name')
    .argument('<file>', 'the input; - is standard input')
    .option('--limit <number>', 'so many records', numberFrom(1), 5)
    .option('--from <number>', 'begin with this record; the first is 1', numberFrom(1), 1)
    .addOption(
      new Option('--record <number>', 'this record only').argParser(numberFrom(1)).conflicts(['from', 'limit']),
    )
    .option('--rejects', 'only records that would be rejected')
    .option('--against-store', 'also what a delivery would change in the store; that it was tried is an entry')
    .addOption(languageOption())
    .action(async (given: string, file: string, options: Options) => {
      if (options.againstStore === true) {
        const run = await previewAgainstStore(given, file, options)
        show(options.json, run, () => [allText(run), changesText(run)].join('\n\n'))
        return
      }
      const { records, unread } = await previewAlone(given, file, options)
      const shown = records.map(({ isUnreadable: _, ...rest }) => rest)
      show(options.json, { records: shown, unread }, () => allText({ records, unread }))
    })
}

/** Opens no hub, and writes nothing at all. */
async function previewAlone(given: string, file: string, options: Options): Promise<Preview> {
  const catalogue = await openTrialCatalogue(readConfig(), triedAs(given))
  const adapter = compileAdapter(adapterDocument(catalogue, given), catalogue)
  const validator = compileValidator(adapter.standard, id => catalogue.codeList(id))
  const { body } = await openInput(file)
  const previewing = { adapter, validator, language: options.language, limits: defaultLimits }
  return previewInput(previewing, body, windowOf(options))
}

function previewAgainstStore(given: string, file: string, options: Options): Promise<DryRun> {
  return withHub(async (hub, by) => {
    const tried = triedAs(given)
    const asked = tried.adapter === undefined ? { document: tried.document } : { adapter: tried.adapter }
    const { body } = await openInput(file)
    try {
      return await previewDelivery(hub, by, asked, { body, window: windowOf(options), language: options.language })
    } finally {
      body.destroy()
    }
  })
}

function windowOf({ limit, from, record, rejects = false }: Options): Window {
  return record === undefined
    ? { from, limit, isRejectsOnly: rejects }
    : { from: record, to: record, limit: 1, isRejectsOnly: rejects }
}

/** What a text that is not for a terminal is laid out for. */
const columnsElsewhere = 160

function allText({ records, unread }: Preview): string {
  const columns = process.stdout.columns ?? columnsElsewhere
  const texts = records.map(record => recordText(record, columns))
  if (texts.length === 0) return 'There are no such records.'
  return [...texts, ...(unread.length > 0 ? [`Nothing reads: ${unread.join(', ')}.`] : [])].join('\n\n')
}

function recordText(shown: PreviewedRecord & { readonly change?: Change }, columns: number): string {
  const { position, source, issues, lineage: values, isUnreadable, change } = shown
  const unreadable = isUnreadable && typeof source === 'string' && { unreadable: source }
  const text = previewText({ position, values, issues, ...unreadable }, columns)
  return change === undefined ? text : `${text}\n${changeText(change)}`
}

function changeText({ kind, fields = [] }: Change): string {
  const texts: Record<Change['kind'], string> = {
    new: 'Its delivery would make a record.',
    changed: `Its delivery would change ${fields.join(', ')}.`,
    unchanged: 'Its delivery would change nothing.',
    withdrawn: 'Its delivery would withdraw the record.',
    rejected: 'It would be rejected.',
  }
  return texts[kind]
}

function changesText({ changes, read, isWhole }: DryRun): string {
  const { new: made, changed, unchanged, withdrawn, rejected } = changes
  const gone = withdrawn === null ? '' : `, ${withdrawn} withdrawn`
  const counts = `${made} new, ${changed} changed, ${unchanged} unchanged${gone}, ${rejected} rejected`
  return `Of ${isWhole ? 'all' : 'the first'} ${read} records: ${counts}.`
}

/** `concord codes import`: official lists of codes into the list that the hub publishes. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CodeListChange } from '../catalogue/code-list-change.ts'
import { codeFileFormats, type CodeFileFormat } from '../catalogue/code-list-rows.ts'
import { HubError } from '../errors.ts'
import { importCodes, type CodeImport, type CodesImported } from '../exchange/import-codes.ts'
import type { Titles } from '../record.ts'
import { beginning, command } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

type Options = {
  edition?: string
  from?: string
  format?: CodeFileFormat
  code?: string
  title?: string
  parent?: string
  width?: number
  titles?: Titles
  source?: string
  dryRun?: true
  json?: true
}

export function importing(lists: Command): void {
  const summary = 'Import official codes into a list and publish its next version'
  command(lists, 'import', summary, 'codes import division mca-201801.tsv stats-201810.tsv')
    .argument('<list>', 'its id')
    .argument('<files...>', 'CSV, TSV or JSON: rows, or a tree of them; several editions, or the parts of one')
    .option('--edition <name>', 'the edition, where the files do not say it (a column Revision or Edition)')
    .option('--from <day>', 'the first day of the edition; by its name where that is 2018, 201801 or 2018-01-31', day)
    .addOption(new Option('--format <format>', 'where it is not to be seen').choices(codeFileFormats))
    .option('--code <member>', 'the column or JSON member that is the code, where that is not clear')
    .option('--title <member>', 'the one that is the title')
    .option('--parent <member>', 'the one that is the code above')
    .option('--width <digits>', 'fill up shorter codes of digits with zeros; for division 6: 11 is 110000', width)
    .option('--titles <zh/en>', 'titles of the list, for one that is not published yet', titles)
    .option('--source <text>', 'who published the edition, where the files do not say it')
    .option('--dry-run', 'say what would change and publish nothing')
    .addHelpText('after', importHelp)
    .action(async (list: string, names: string[], { json, dryRun, ...options }: Options) => {
      const files = await Promise.all(names.map(async name => ({ name: basename(name), bytes: await bytesOf(name) })))
      const given: CodeImport = { list, files, isDryRun: dryRun === true, ...options, reading: readingOf(options) }
      const imported = await withHub((hub, by) => importCodes(hub, by, given))
      show(json, imported, () => importText(imported))
    })
}

const importHelp = `
A code that an edition lacks is given the eve of that edition as its last day; one that it adds, its day as the first.
Nothing is taken out. Codes of the list that were written by hand and are in no edition stay, marked local.
Importing the same again changes nothing.`

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new HubError('file-unreadable', `${file} (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
}

function readingOf({ format, width, code, title, parent }: Options): CodeImport['reading'] {
  const members = { ...(code && { code }), ...(title && { title }), ...(parent && { parent }) }
  return { members, ...(format && { format }), ...(width !== undefined && { width }) }
}

function importText({ list, version, outcome, editions, files, change, local }: CodesImported): string {
  const editionRows = editions.map(({ name, from, codes: held }) => [name, from, String(held)])
  const fileRows = files.map(({ name, format, taken, passedOver, padded }) => [
    name,
    format,
    Object.entries(taken)
      .map(([meaning, member]) => `${meaning}: ${member}`)
      .join(', '),
    passedOver.join(', '),
    padded === 0 ? '' : String(padded),
  ])
  return [
    table(['file', 'format', 'taken', 'passed over', 'filled up'], fileRows, ''),
    table(['edition', 'from', 'codes'], editionRows, ''),
    `${list} ${version}: ${outcome}. ${changeText(change)} ${local.length} local.`,
  ].join('\n\n')
}

function changeText({ added, ended, renamed }: CodeListChange): string {
  return `${added.length} added, ${ended.length} ended, ${renamed.length} renamed;`
}

/** Reads a day as it is written. */
export function day(text: string): string {
  return beginning(text).toISOString().slice(0, 10)
}

function width(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('This must be a number of digits.')
}

/** Reads `中文/English`. */
function titles(text: string): Titles {
  const [zh = '', en = ''] = text.split('/', 2).map(part => part.trim())
  if (zh === '' || en === '')
    throw new InvalidArgumentError('Give the Chinese title and the English one: 行业/Industry.')
  return { 'zh-CN': zh, en }
}

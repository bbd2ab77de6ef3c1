/**
 * `concord export`: what a department's agreement grants, written to a file; an operator does it, and is who the entries
 * name.
 */
import { Option, type Command } from 'commander'
import { pipeline } from 'node:stream/promises'
import { HubError } from '../errors.ts'
import { spreadsheetWriter } from '../exchange/export-csv.ts'
import { exportFormats, type ExportFormat } from '../exchange/export-writer.ts'
import { exportRecords } from '../exchange/export.ts'
import type { By, Hub } from '../exchange/hub.ts'
import { countRecords } from '../store/records.ts'
import { openAside } from './aside.ts'
import { command, listOf } from './command.ts'
import { show } from './output.ts'
import { recordProgress } from './progress.ts'
import { withHub } from './run.ts'

type Options = {
  department: string
  matter: string
  case?: string
  fields?: string[]
  format: ExportFormat
  spreadsheet?: boolean
  out?: string
  json?: boolean
}

export function exportStandard(program: Command): void {
  const example =
    'export enterprise-registration --department housing --matter 331199-construction-permit --format csv --out enterprises.csv'
  command(program, 'export', 'Write out every record that the agreement of a department grants', example)
    .argument('<standard>', 'the standard')
    .requiredOption('--department <id>', 'whose agreement it is done under')
    .requiredOption('--matter <code>', 'the matter code (事项编码) that it serves')
    .option('--case <name>', 'the case that it serves')
    .option(
      '--fields <fields>',
      'fields to be written, joined by commas; all that are granted where left out',
      listOf(),
    )
    .addOption(
      new Option('--format <format>', 'of what is written').choices(Object.keys(exportFormats)).default('ndjson'),
    )
    .option('--spreadsheet', 'of --format csv: as spreadsheet programs want it, no text of which becomes a formula')
    .option('--out <file>', 'the file to write, in place only once it is whole; standard output where it is left out')
    .action(async (standard: string, options: Options) => {
      const { json, out, format } = options
      if (options.spreadsheet && format !== 'csv') {
        throw new HubError('request-invalid', '--spreadsheet goes with --format csv.')
      }
      const done = await withHub((hub, by) => write(hub, by, standard, options))
      if (out === undefined) return
      const result = { file: out, format, ...done }
      show(
        json,
        result,
        () => `Wrote ${done.records} records to ${out}.\nChanges since go on from the cursor ${done.cursor}`,
      )
    })
}

async function write(
  hub: Hub,
  by: By,
  standard: string,
  { department, matter, case: served, fields, format, spreadsheet, out }: Options,
): Promise<{ readonly records: number; readonly entry: number; readonly cursor: string }> {
  const call = { by: { ...by, department }, standard, matter, case: served, fields }
  const writerOf = spreadsheet ? spreadsheetWriter : exportFormats[format].writerOf
  // Before anything is read: what cannot be written must not be entered as disclosed.
  const file = out === undefined ? undefined : await openAside(out)
  const progress = await recordProgress(() => countRecords(hub.store.read, standard))
  let records = 0
  const onRecords = (count: number): void => {
    records += count
    progress.advance(count)
  }
  try {
    const { entry, cursor, chunks } = await exportRecords(hub, call, { writerOf, onRecords })
    await (file === undefined ? pipeline(chunks, process.stdout, { end: false }) : pipeline(chunks, file.stream))
    file?.putInPlace()
    return { records, entry, cursor }
  } finally {
    progress.stop()
    file?.leave()
  }
}

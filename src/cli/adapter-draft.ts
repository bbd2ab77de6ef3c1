/** `concord adapter draft`: proposes an adapter document from a sample. Opens no hub and publishes nothing. */
import type { Command } from 'commander'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Draft } from '../catalogue/draft/draft.ts'
import { readConfig } from '../config.ts'
import { HubError } from '../errors.ts'
import { home } from '../exchange/documents.ts'
import { openTrialCatalogue, type TrialCatalogue } from '../exchange/trial-catalogue.ts'
import type { Standard } from '../standard.ts'
import { command, numberFrom } from './command.ts'
import { openInput } from './input.ts'
import { aligned } from './output.ts'

type Options = { standard: string; major: number; department?: string; name?: string; out?: string; json?: boolean }

export function adapterDraft(adapters: Command): void {
  const example = 'adapter draft --standard tax-registration --department taxation sample.xml --out taxpayers.json'
  command(adapters, 'draft', 'Propose an adapter document from a sample; everything in it is to be confirmed', example)
    .argument('<sample>', 'XML, JSON, NDJSON or CSV, also compressed with gzip; - is standard input')
    .requiredOption('--standard <id>', 'that the records are to be converted to')
    .option('--major <number>', 'of the standard', numberFrom(1), 1)
    .option('--department <id>', 'that delivers; the owner of the standard where it is left out')
    .option('--name <name>', 'of the adapter; the id of the standard where it is left out')
    .option('--out <file>', 'where the document is written; standard output where it is left out')
    .action(async (sample: string, options: Options) => {
      const catalogue = await openTrialCatalogue(readConfig(), {
        standard: { id: options.standard, major: options.major },
      })
      const standard = standardOf(catalogue, options)
      const { head, isCut } = await headOf(sample)
      // Not above: the dictionary of pinyin takes 70 ms to load, which no other command is to wait for.
      const { draftFromSample } = await import('../catalogue/draft/from-sample.ts')
      const draft = await draftFromSample(head, isCut, {
        standard,
        codeList: id => catalogue.codeList(id),
        department: options.department ?? standard.document.standard.owner,
        name: options.name ?? standard.id,
      })
      print(draft, isCut, options)
    })
}

function standardOf(catalogue: TrialCatalogue, { standard: id, major }: Options): Standard {
  const standard = catalogue.standard(id, major)
  if (standard !== undefined) return standard
  throw new HubError('standard-unknown', `There is no standard ${id} with major ${major} in the catalogue.`)
}

/** Enough for a thousand records of four kilobytes. */
const mostBytes = 4 * 1024 * 1024

/** The beginning of a file, decompressed. */
async function headOf(file: string): Promise<{ head: Uint8Array; isCut: boolean }> {
  const { body } = await openInput(file)
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of inflated(body)) {
      parts.push(chunk)
      length += chunk.length
      if (length > mostBytes) break
    }
  } finally {
    body.destroy()
  }
  return { head: Buffer.concat(parts).subarray(0, mostBytes), isCut: length > mostBytes }
}

/** Undone as it comes: a small file may unfold to any size. */
async function* inflated(body: Readable): AsyncGenerator<Uint8Array> {
  const isGzip = await startsWithGzip(body)
  if (!isGzip) yield* body as AsyncIterable<Uint8Array>
  else {
    const inflate = createGunzip()
    body.on('error', error => inflate.destroy(error))
    yield* body.pipe(inflate) as AsyncIterable<Uint8Array>
  }
}

/** Looks at the first bytes and puts them back. */
async function startsWithGzip(body: Readable): Promise<boolean> {
  await Promise.race([once(body, 'readable'), once(body, 'end')])
  const first: Uint8Array | null = body.read()
  if (first === null) return false
  body.unshift(first)
  return first[0] === 0x1f && first[1] === 0x8b
}

function print(draft: Draft, isCut: boolean, { out, json }: Options): void {
  const { document, worth: _worth, ...rest } = draft
  const text = `${JSON.stringify({ ...schemaFrom(out), ...document }, null, 2)}\n`
  if (out !== undefined) writeNew(out, text)
  if (json === true) process.stdout.write(`${JSON.stringify({ document, ...rest })}\n`)
  else if (out === undefined) process.stdout.write(text)
  if (json !== true) process.stderr.write(`${summary(draft, isCut)}\n`)
}

/** Where editors find the meta-schema: beside a document in this folder, or one below it. Elsewhere it is not to be found. */
function schemaFrom(out: string | undefined): { readonly $schema?: string } {
  if (out === undefined || relative(home, resolve(out)).startsWith('..')) return {}
  const path = relative(dirname(resolve(out)), join(home, 'schemas/meta/adapter.json'))
  return { $schema: path.replaceAll(sep, '/') }
}

/** Never over a file that is there: it may be a draft that somebody has worked on. */
function writeNew(file: string, text: string): void {
  if (existsSync(file)) throw new HubError('conflict', `${file} is there already; name another file with --out.`)
  writeFileSync(file, text, { flag: 'wx' })
}

/** What a person has to do with the draft. Holds no text of the sample. */
function summary({ document, proposals, missing, unmapped, left, unresolved, notes }: Draft, isCut: boolean): string {
  const mapped = new Set(proposals.map(({ field }) => field)).size
  const total = mapped + missing.length + unmapped.length
  const { source, standard } = document
  const doubtful = proposals.filter(({ sure }) => sure !== 'nearly sure')
  return [
    `Proposed ${mapped} of ${total} fields of ${standard.id}, from ${source.format} records at ${JSON.stringify(source.records)}. Everything is to be confirmed.`,
    ...(doubtful.length > 0
      ? [
          'Least sure:',
          indented(aligned(doubtful.map(({ field, sources, sure }) => [field, sources.join(', '), sure]))),
        ]
      : []),
    ...(missing.length > 0
      ? [
          'Required, and without a source: no record is valid, and `concord check` refuses the document, until rules give',
          indented(aligned(missing.map(({ field, titles }) => [field, `${titles['zh-CN']} · ${titles.en}`]))),
        ]
      : []),
    ...(unmapped.length > 0 ? [`Optional, and without a source: ${unmapped.join(', ')}.`] : []),
    ...(left.length > 0 ? [`Source paths that feed nothing: ${left.join(', ')}.`] : []),
    ...Object.entries(unresolved).map(
      ([field, texts]) => `${field}: ${texts.length} texts have no code yet (--json lists them).`,
    ),
    ...notes,
    ...(isCut ? ['Only the beginning of the sample was read.'] : []),
  ].join('\n')
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}

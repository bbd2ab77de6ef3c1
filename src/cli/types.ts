/** `concord types`: the TypeScript types of published standards, for their consumers. */
import { InvalidArgumentError, type Command } from 'commander'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { HubError } from '../errors.ts'
import type { Hub } from '../exchange/hub.ts'
import { showVersion } from '../exchange/show-standard.ts'
import { newest } from '../versions.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Written = { readonly standard: string; readonly version: string; readonly file: string }

export function types(program: Command): void {
  const example = 'types enterprise-registration --out enterprise-registration.ts'
  command(program, 'types', 'Print the TypeScript types of a published standard, or write those of all', example)
    .argument('[standard]', 'such as enterprise-registration; all where it is left out, with --out a folder')
    .argument('[version]', 'major.minor.patch; the newest where it is left out')
    .option('--out <path>', 'the file, ….ts, or the folder to write to, a file for each standard: <id>.ts')
    .action(
      async (id: string | undefined, version: string | undefined, { out, json }: { out?: string; json?: true }) => {
        if (out === undefined) return print(id, version, json)
        const written = await withHub(hub => write(hub, out, { id, version }))
        show(json, { written }, () =>
          written.map(({ standard, version: of, file }) => `${relative('', file)}: ${standard} ${of}`).join('\n'),
        )
      },
    )
}

async function print(id: string | undefined, version: string | undefined, json: true | undefined): Promise<void> {
  if (id === undefined) throw new InvalidArgumentError('Name a standard, or a folder for those of all: --out types/')
  const found = await withHub(hub => typesOf(hub, id, version))
  show(json, found, () => found.types.trimEnd())
}

async function write(
  hub: Hub,
  out: string,
  { id, version }: { readonly id: string | undefined; readonly version: string | undefined },
): Promise<Written[]> {
  const { index } = await hub.published.configuration()
  const ids = id === undefined ? [...index.versionsOf.keys()].toSorted() : [id]
  const isFolder = id === undefined || !out.endsWith('.ts') || (await isDirectory(out))
  if (isFolder) await mkdir(out, { recursive: true })
  const written: Written[] = []
  for (const each of ids) {
    const { types: text, ...of } = await typesOf(hub, each, version)
    const file = isFolder ? join(out, `${each}.ts`) : out
    await replace(file, text)
    written.push({ ...of, file })
  }
  return written
}

/** @throws {HubError} `standard-unknown` */
async function typesOf(
  hub: Hub,
  id: string,
  version: string | undefined,
): Promise<{ readonly standard: string; readonly version: string; readonly types: string }> {
  const { index } = await hub.published.configuration()
  const which = version ?? newest(index.versionsOf.get(id) ?? [])?.version
  if (which === undefined) throw new HubError('standard-unknown', `The standard ${id} is not published.`)
  const { types: text } = await showVersion(hub, id, which)
  return { standard: id, version: which, types: text }
}

/** At once: a compiler that watches the file never sees a half of it. */
async function replace(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`
  await writeFile(partial, text)
  await rename(partial, file)
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}

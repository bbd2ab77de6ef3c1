/** `concord types`: the TypeScript types of published standards, for their consumers. */
import { InvalidArgumentError, type Command } from 'commander'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { HubError } from '../errors.ts'
import { isRetired } from '../exchange/ending.ts'
import type { Hub } from '../exchange/hub.ts'
import { showVersion } from '../exchange/show-standard.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import { majorOf, type Version } from '../standard.ts'
import { newest } from '../versions.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Written = { readonly standard: string; readonly version: string; readonly file: string }

export function types(program: Command): void {
  const example = 'types enterprise-registration --out enterprise-registration.ts'
  command(program, 'types', 'Print the TypeScript types of a published standard, or write those of all', example)
    .argument('[standard]', 'such as enterprise-registration; all where it is left out, with --out a folder')
    .argument(
      '[version]',
      'major.minor.patch, or a major for its newest version; the newest of all where it is left out',
    )
    .option(
      '--out <path>',
      'the file, ….ts, or the folder to write to: <id>.ts, and <id>.v1.ts of older majors that are served',
    )
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
  await mkdir(isFolder ? out : dirname(out), { recursive: true })
  const written: Written[] = []
  for (const each of ids) {
    const versions = isFolder && version === undefined ? servedVersions(index, each) : []
    for (const which of versions.length > 0 ? versions : [version]) {
      const { types: text, ...of } = await typesOf(hub, each, which)
      const isOlder = versions.length > 0 && which !== versions[0]
      const file = isFolder ? join(out, `${each}${isOlder ? `.v${majorOf(of.version)}` : ''}.ts`) : out
      await replace(file, text)
      written.push({ ...of, file })
    }
  }
  return written
}

/** The newest version of each major that is not retired, newest first. */
function servedVersions(index: CatalogueIndex, standard: string): Version[] {
  const rows = index.versionsOf.get(standard) ?? []
  return [...new Set(rows.map(({ version }) => majorOf(version)))]
    .filter(major => !isRetired(index, { standard, major }))
    .toSorted((a, b) => b - a)
    .flatMap(major => newest(rows.filter(row => majorOf(row.version) === major))?.version ?? [])
}

/** @throws {HubError} `standard-unknown` */
async function typesOf(
  hub: Hub,
  id: string,
  version: string | undefined,
): Promise<{ readonly standard: string; readonly version: string; readonly types: string }> {
  const { index } = await hub.published.configuration()
  const isMajor = version !== undefined && /^\d+$/.test(version)
  const rows = (index.versionsOf.get(id) ?? []).filter(row => !isMajor || majorOf(row.version) === Number(version))
  const which = isMajor || version === undefined ? newest(rows)?.version : version
  if (which === undefined) {
    throw new HubError(
      'standard-unknown',
      `The standard ${id} is not published${isMajor ? ` in major ${version}` : ''}.`,
    )
  }
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

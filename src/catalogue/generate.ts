/**
 * `npm run types`: writes the TypeScript types of `schemas/` to `src/generated/`, where nothing is edited.
 *
 * The two folders have the same layout: `schemas/standards/<id>/v<major>.json` becomes
 * `src/generated/standards/<id>/v<major>.ts`. The meta-schema of standards is left out: it describes JSON Schema, and
 * what the line reads of that is typed in `src/standard.ts`.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SchemaNode } from '../standard.ts'
import { checkStandardDocument } from '../validate/standard-document.ts'
import { typesOf, typesOfSchema } from './types.ts'

/** The text of every generated file by its path below `src/generated/`; `schemas` is the folder's URL, ending in `/`. */
export async function generate(schemas: URL): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const path of (await readdir(schemas, { recursive: true })).toSorted()) {
    if (!/^(standards|meta)\/.+\.json$/.test(path) || path === 'meta/standard.json') continue
    const types = await typesOfFile(path, JSON.parse(await readFile(new URL(path, schemas), 'utf8')))
    const header = `// Made from schemas/${path} by \`npm run types\`. Not to be edited.`
    files.set(path.replace(/json$/, 'ts'), `${header}\n\n${types}`)
  }
  return files
}

function typesOfFile(path: string, document: unknown): Promise<string> {
  if (path.startsWith('standards/')) return typesOf(checkStandardDocument(document))
  return typesOfSchema(basename(path, '.json'), document as SchemaNode)
}

async function main(): Promise<void> {
  const folder = new URL('../generated/', import.meta.url)
  await rm(folder, { recursive: true, force: true })
  for (const [path, text] of await generate(new URL('../../schemas/', import.meta.url))) {
    const file = fileURLToPath(new URL(path, folder))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()

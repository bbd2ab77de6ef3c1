/**
 * `npm run types`: writes the transforms of the table into `schemas/meta/adapter.json`, so that editors know them.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { transformSchema } from './table.ts'

const file = new URL('../../../schemas/meta/adapter.json', import.meta.url)

const schema = JSON.parse(await readFile(file, 'utf8')) as { $defs: { transform: object } }
schema.$defs.transform = transformSchema()
await writeFile(file, `${JSON.stringify(schema, undefined, 2)}\n`)

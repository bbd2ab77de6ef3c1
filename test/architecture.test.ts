/** The shape of the source: imports go down the ranks of DESIGN.md, and the table of problems has no dead rows. */
import t from 'tap'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { problems } from '../src/errors.ts'

const root = resolve(import.meta.dirname, '../src')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') || file.endsWith('.tsx'))
  .map(file => file.replaceAll('\\', '/'))

const ranks: Readonly<Record<string, number>> = {
  '': 0, generated: 0, identifiers: 0,
  seal: 1, parse: 1, map: 1, validate: 1, agreement: 1, log: 1, client: 1,
  catalogue: 2, store: 2,
  exchange: 3, web: 4, cli: 5,
} // prettier-ignore

const folderOf = (file: string): string => (file.includes('/') ? (file.split('/', 1)[0] as string) : '')

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

t.test('an import goes to a lower rank or stays in its folder', async t => {
  t.ok(files.length > 50, 'there is something to look at')
  for (const file of files) {
    const from = folderOf(file)
    t.ok(from in ranks, `${file}: its folder has a rank`)
    for (const [, target] of textOf(file).matchAll(/(?:from|import) '(\.{1,2}\/[^']+)'/g)) {
      const path = resolve(dirname(join(root, file)), target as string)
      const to = folderOf(relative(root, path).replaceAll('\\', '/'))
      t.ok(existsSync(path), `${file} imports ${target}, which is there`)
      // Every folder may use the glossary, which stands in the root and uses no folder.
      const isBelow = to === '' || (ranks[to] as number) < (ranks[from] as number)
      if (to !== from) t.ok(isBelow, `${file} (${from}) may import from ${to}`)
    }
  }
})

t.test('only store/ imports an engine of databases, and only config.ts reads the environment', async t => {
  for (const file of files) {
    const text = textOf(file)
    if (folderOf(file) !== 'store') t.notMatch(text, /from '(knex|better-sqlite3|pg)'/, file)
    if (file !== 'config.ts' && folderOf(file) !== 'cli') t.notMatch(text, /process\.env\b/, file)
  }
})

t.test('no code is made from text, save by the validators of Ajv', async t => {
  for (const file of files) t.notMatch(textOf(file), /\beval\(|new Function\b/, file)
})

t.test('every problem is raised somewhere', async t => {
  const text = files
    .filter(file => file !== 'errors.ts')
    .map(textOf)
    .join('\n')
  for (const code of Object.keys(problems)) t.ok(text.includes(`'${code}'`), code)
})

t.test('every problem is documented, with its status, and no other is', async t => {
  const text = readFileSync(resolve(root, '../docs/problems.md'), 'utf8')
  const documented = [...text.matchAll(/^\| `([a-z-]+)` +\| (\d+) +\| (.+?) +\|$/gm)].map(([, code, status, title]) => [
    code,
    { status: Number(status), title },
  ])
  t.same(Object.fromEntries(documented), problems)
})

/** The package's `client` export as a stranger uses it: what docs/client.md shows compiles against the built package, and loads. */
import t from 'tap'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from '../cli/concord.ts'
import { folder } from '../helper.ts'

const root = resolve(import.meta.dirname, '../..')

build()

t.test('every example compiles against the package as it is built', async t => {
  const consumer = consumerOf(folder(t))
  const blocks = [...readFileSync(join(root, 'docs/client.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)]
  t.ok(blocks.length >= 5, 'there is something to compile')
  for (const [index, [, block]] of blocks.entries()) writeFileSync(join(consumer, `example-${index}.ts`), block ?? '')
  const types = 'src/generated/standards/enterprise-registration/v1.ts'
  copyFileSync(join(root, types), join(consumer, 'enterprise-registration.ts'))
  t.match(compile(consumer), { stdout: '', status: 0 })

  writeFileSync(join(consumer, 'wrong.ts'), `${blocks[0]?.[1] ?? ''}\nenterprises.read(7)\n`)
  t.match(compile(consumer), { status: 2, stdout: /wrong\.ts.*error TS2345/ }, 'and a wrong one does not')
})

t.test('it loads, and asks for nothing but Node.js', async t => {
  const consumer = consumerOf(folder(t))
  const program = `const { ConcordClient } = await import('concord/client'); console.log(typeof ConcordClient)`
  const { stdout, stderr } = run(consumer, ['--input-type=module', '--eval', program])
  t.same([stdout, stderr], ['function\n', ''])
  const inside = run(consumer, ['--input-type=module', '--eval', `await import('concord/dist/client/client.js')`])
  t.match(inside.stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/, 'what is not exported is nobody’s')
})

/** A project that has the package installed. */
function consumerOf(directory: string): string {
  mkdirSync(join(directory, 'node_modules/@types'), { recursive: true })
  symlinkSync(root, join(directory, 'node_modules/concord'))
  symlinkSync(join(root, 'node_modules/@types/node'), join(directory, 'node_modules/@types/node'))
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ['node'],
  }
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  return directory
}

function compile(directory: string) {
  return run(directory, [join(root, 'node_modules/typescript/bin/tsc'), '-p', directory])
}

function run(directory: string, args: readonly string[]) {
  return spawnSync('node', args, { cwd: directory, encoding: 'utf8', env: { PATH: process.env['PATH'] } })
}

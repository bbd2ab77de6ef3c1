/** The commands of docs/code-lists.md are run as they stand there, and print what stands there. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { home } from '../../src/exchange/documents.ts'
import { folder } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()

t.test('the page on code lists shows what its commands print', async t => {
  const text = readFileSync(join(home, 'docs/code-lists.md'), 'utf8')
  const [commands = [], outputs = []] = ['sh', 'text'].map(language =>
    [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block]) => block as string),
  )
  t.same([commands.length, outputs.length], [7, 6])
  const directory = folder(t)
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec node "${join(home, 'dist/cli/main.js')}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  const { status, stdout, stderr } = spawnSync('bash', ['-c', ['set -e', ...commands].join('\n')], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: directory, TMPDIR: directory, LANG: 'C' },
  })
  t.equal(status, 0, stderr)
  for (const output of outputs) t.ok(stdout.includes(output), `${output}\nis in\n${stdout}`)
  t.match(stdout, /^published +crosswalk +power-2011-2017 +1\.0\.0/m)
})

t.test('lists are listed; what is not there is refused with what there is', async t => {
  const concord = programOn(join(folder(t), 'data'))
  await concord.run(['publish'])
  const { codeLists } = JSON.parse((await concord.run(['codes', 'list', '--json'])).stdout) as { codeLists: object[] }
  t.match(codeLists.find(list => 'id' in list && list.id === 'gender'), { version: '1.0.0', codes: 4 }) // prettier-ignore
  const refusals: [args: string[], status: number, says: RegExp][] = [
    [['codes', 'show', 'nothing'], 1, /no code list nothing: `concord codes list`/],
    [['codes', 'diff', 'gender', '1.0.0', '7.0.0'], 1, /gender is not published as 7\.0\.0/],
    [['codes', 'crosswalk', 'gender', '--from', '1', '--to', '2'], 1, /no edition 1; it holds: none/],
    [['codes', 'import', 'gender', 'not-there.csv'], 1, /not-there\.csv \(ENOENT\)/],
    [['codes', 'import', 'gender', 'x.csv', '--from', '2018-02-30'], 2, /must be a day/],
    [['codes', 'import', 'gender', 'x.csv', '--titles', '性别'], 2, /the English one/],
    [['codes', 'import', 'gender', 'x.csv', '--width', 'six'], 2, /number of digits/],
  ]
  for (const [args, status, says] of refusals) {
    t.match(await concord.run(args), { status, stderr: says }, args.join(' '))
  }
})

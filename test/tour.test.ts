/** The commands of docs/tour.md are run as they stand there, by a shell, on the built program. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { build } from './cli/concord.ts'
import { home } from '../src/exchange/documents.ts'
import { folder } from './helper.ts'

const hasCurl = spawnSync('curl', ['--version']).error === undefined

t.test(
  'the tour works from an empty hub to a verified disclosure',
  { skip: hasCurl ? false : 'there is no curl' },
  async t => {
    build()
    const text = readFileSync(join(home, 'docs/tour.md'), 'utf8')
    const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block as string)
    t.equal(blocks.length, 12, 'a folder, ten commands and one more')
    const directory = folder(t)
    const bin = join(directory, 'bin')
    mkdirSync(bin)
    // What `npx concord` runs, without asking npm each time.
    writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec node "${join(home, 'dist/cli/main.js')}" "$@"\n`)
    chmodSync(join(bin, 'npx'), 0o755)
    const script = ['set -e', ...blocks, 'kill $!'].join('\n').replaceAll('8090', String(await freePort()))
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: `${bin}:${process.env['PATH']}`, HOME: directory, TMPDIR: directory, LANG: 'C' },
    })
    t.equal(status, 0, stderr)
    t.match(stdout, /accepted +5/)
    t.match(stdout, /concord-entry: \d+/i)
    t.match(stdout, /"withheld":\["localId"/)
    t.match(stdout, /client:inspections +list +food-premises-inspection +disclosed/)
    t.equal([...stdout.matchAll(/The log is as it was signed/g)].length, 2, 'live and from the export')
  },
)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Runs the commands of a page of docs/ as they stand there, one after another, by a shell on the built program. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { home } from '../src/exchange/documents.ts'
import { build } from './cli/concord.ts'
import { folder } from './helper.ts'

/** For the options of a test: why it cannot run here, or false. */
export const noCurl = spawnSync('curl', ['--version']).error === undefined ? false : 'there is no curl'

export type Shell = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/**
 * Runs every `sh` block of a page, in one shell, which ends at the first command that fails.
 *
 * @param port the port that the page names, and that plus 100; free ones are put in their place
 * @param expected how many blocks the page has, so that one that is not found does not pass unseen
 */
export async function runPage(t: Test, page: string, port: number, expected: number): Promise<Shell> {
  build()
  const text = readFileSync(join(home, 'docs', page), 'utf8')
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block as string)
  t.equal(blocks.length, expected, 'the blocks of the page')
  const directory = folder(t)
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  // What `npx concord` runs, without asking npm each time.
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec node "${join(home, 'dist/cli/main.js')}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  // At once: a free port may hold the digits of the other.
  const free = new Map([
    [String(port), String(await freePort())],
    [String(port + 100), String(await freePort())],
  ])
  // What a page starts behind it ends with the shell.
  const script = ['set -e', "trap 'kill $(jobs -p) 2>/dev/null' EXIT", ...blocks]
    .join('\n')
    .replaceAll(/\b\d{4}\b/g, digits => free.get(digits) ?? digits)
  return spawnSync('bash', ['-c', script], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: directory, TMPDIR: directory, LANG: 'C' },
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

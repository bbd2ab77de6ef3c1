/** Runs the real program, as it is built, as a process of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Brings `dist/` up to date, if it is not. Types are checked elsewhere: what they say does not matter here. */
export function build(): void {
  if (isBuilt()) return
  const { error } = spawnSync('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: root,
    env,
  })
  if (error) throw error
}

/** A build writes every file anew, so that one of them tells when it was. */
function isBuilt(): boolean {
  const built = statSync(join(root, 'dist/cli/main.js'), { throwIfNoEntry: false })
  if (built === undefined) return false
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map(file =>
    join(root, 'src', file),
  )
  return sources.every(file => statSync(file).mtimeMs < built.mtimeMs)
}

/** The program on a data directory. What stands in the environment of the tests stays out of it. */
export function programOn(directory: string, environment: Readonly<Record<string, string>> = {}) {
  const start = (args: readonly string[]): ChildProcess =>
    spawn('node', ['dist/cli/main.js', ...args], {
      cwd: root,
      env: { ...env, CONCORD_DATA_DIR: directory, ...environment },
    })

  return {
    start,
    async run(args: readonly string[], input = ''): Promise<Ended> {
      const child = start(args)
      child.stdin?.end(input)
      const { stdout, stderr } = child
      if (stdout === null || stderr === null) throw new Error('bug: the child has no pipes')
      const status = new Promise<number | null>(resolve => child.on('close', resolve))
      const [out, err] = await Promise.all([text(stdout), text(stderr)])
      return { stdout: out, stderr: err, status: await status }
    },
  }
}

const env = { PATH: process.env['PATH'], LANG: 'C' }

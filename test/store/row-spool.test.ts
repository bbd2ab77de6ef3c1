import t from 'tap'
import { existsSync, fstatSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import type { WaitingRow } from '../../src/parse/held-rows.ts'
import { openRowSpool } from '../../src/store/row-spool.ts'

const skip = existsSync('/proc/self/fd') ? false : 'open files cannot be looked at here'

t.test('rows come back group by group, in the order in which groups were met', async t => {
  const spool = openRowSpool()
  await spool.add([rowOf('b', 1), rowOf('a', 2)])
  await spool.add([rowOf('c', 3), rowOf('a', 4), rowOf('b', 5)])
  const rows = await readAll(spool.rows())
  t.same(rows.map(({ text }) => text), [1, 5, 2, 4, 3].map(number => rowOf('', number).text)) // prettier-ignore
  t.same(rows.map(({ group }) => rows.findIndex(row => row.group === group)), [0, 0, 2, 2, 4]) // prettier-ignore
  spool.close()
})

t.test('what waits is in a file without a name, in which no text of a row can be read', { skip }, async t => {
  const spool = openRowSpool()
  const secret = randomBytes(16).toString('hex')
  const before = openFiles()
  // More than the cache takes.
  for (let batch = 0; batch < 60; batch++) {
    await spool.add(Array.from({ length: 100 }, (_, at) => rowOf(`${secret} ${at}`, batch, secret.repeat(250))))
  }
  const files = openFiles().filter(({ fd }) => !before.some(file => file.fd === fd))
  const [file, ...others] = files
  if (file === undefined) return t.fail('there is a file')
  t.same(others, [])
  t.match(file.path, / \(deleted\)$/, 'no folder has it')
  const bytes = contentsOf(file.fd)
  t.ok(bytes.length > 10_000_000, 'it holds the rows')
  t.equal(bytes.indexOf(secret), -1)
  t.equal(bytes.indexOf(Buffer.from(secret).toString('base64').slice(0, 16)), -1)
  t.equal((await readAll(spool.rows())).length, 6000)
  spool.close()
  t.notOk(
    openFiles().some(({ path }) => path === file.path),
    'nor is it open any more',
  )
})

t.test('it may be closed while it is being read', async t => {
  const spool = openRowSpool()
  await spool.add(Array.from({ length: 100 }, (_, at) => rowOf('a', at, 'x'.repeat(50_000))))
  for await (const page of spool.rows()) {
    t.ok(page.length < 100)
    break
  }
  spool.close()
})

function rowOf(group: string, number: number, more = ''): WaitingRow {
  return { group, text: JSON.stringify({ number, more }) }
}

async function readAll(pages: AsyncIterable<readonly WaitingRow[]>): Promise<WaitingRow[]> {
  const rows: WaitingRow[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}

/** The files that this process has open and that SQLite has named. */
function openFiles(): { readonly fd: number; readonly path: string }[] {
  return readdirSync('/proc/self/fd').flatMap(name => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`)
      return path.includes('etilqs_') ? [{ fd: Number(name), path }] : []
    } catch {
      return [] // closed since
    }
  })
}

function contentsOf(fd: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(fd).size)
  readSync(fd, bytes, 0, bytes.length, 0)
  return bytes
}

import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import fc from '../properties.ts'
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from '../../src/log/entry.ts'
import { encodeEntry } from '../../src/log/entry.ts'
import { noteKey } from '../../src/log/note.ts'
import type { Selection } from '../../src/log/selection.ts'
import { AccessLog } from '../../src/store/access-log.ts'
import { LogFile } from '../../src/store/log-file.ts'
import { LogIndex } from '../../src/store/log-index.ts'
import { markOf } from '../../src/store/log-index-mark.ts'
import { fillLog, manyEntry, recordAt, smallLog, someOf, subjectAt } from '../log/many-entries.ts'
import { folder } from '../helper.ts'

const signer = noteKey('test.example/log', generateKeyPairSync('ed25519').privateKey)

type Logged = { readonly log: AccessLog; readonly index: LogIndex; readonly file: string; readonly indexFile: string }

async function openIndex(t: Test, options: { directory?: string; thread?: boolean } = {}): Promise<Logged> {
  const directory = options.directory ?? folder(t)
  const file = join(directory, 'log.sqlite')
  const indexFile = join(directory, 'log-index.sqlite')
  const log = await AccessLog.open(file, signer, { now: Date.now })
  const index = new LogIndex(indexFile, log, file, options)
  t.teardown(async () => {
    await index.close()
    await log.close()
  })
  return { log, index, file, indexFile }
}

function append(file: string, entries: readonly Entry[]): void {
  const log = new LogFile(file, signer)
  if (entries.length > 0)
    log.appendNow(
      entries.map(entry => ({ text: encodeEntry(entry) })),
      Date.now(),
    )
  log.closeNow()
}

/** All pages of a selection, one after another. */
async function leavesOf(
  index: LogIndex,
  selection: Selection,
  order: 'newest' | 'oldest',
  limit = 7,
): Promise<number[]> {
  const leaves: number[] = []
  for (let after: number | undefined; ;) {
    const page = await index.page(selection, { order, limit, ...(after === undefined ? {} : { after }) })
    leaves.push(...page.entries.map(({ index }) => index))
    if (page.cursor === undefined) return leaves
    after = page.cursor
  }
}

/** What a search should find, by reading the whole log; written apart from what is tested. */
function scan(entries: readonly Entry[], { from, to, actor, record, subject, ...texts }: Selection): number[] {
  return entries.flatMap((entry, leaf) => {
    const ms = new Date(entry.time).getTime()
    const has =
      (from === undefined || ms >= from) &&
      (to === undefined || ms < to) &&
      (actor === undefined || `${actor.kind}/${actor.id}` === `${entry.actor.kind}/${entry.actor.id}`) &&
      (record === undefined || (entry.records ?? []).some(name => name === record)) &&
      (subject === undefined || (entry.subjects ?? []).some(name => name === subject)) &&
      Object.entries(texts).every(([name, text]) => (entry as unknown as Record<string, unknown>)[name] === text)
    return has ? [leaf] : []
  })
}

const anySelection = someOf<Required<Selection>>({
  from: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 5) }),
  to: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 5) }),
  actor: fc.constantFrom({ kind: 'client', id: 'one' }, { kind: 'user', id: 'two' }, { kind: 'client', id: 'three' }),
  department: fc.constantFrom('housing', 'health', 'nowhere'),
  standard: fc.constantFrom('thing', 'housing'),
  agreement: fc.constant('a1'),
  operation: fc.constantFrom('read', 'lookup'),
  matter: fc.constantFrom('m1', 'a1'),
  case: fc.constantFrom('c1', 'r1'),
  outcome: fc.constantFrom('disclosed', 'refused'),
  problem: fc.constant('record-unknown'),
  request: fc.constantFrom('q1', 'r2'),
  record: fc.constantFrom('r1', 'r2', 's1'),
  subject: fc.constantFrom('s1', 's2', 'r1'),
})

t.test('law: a search finds the entries that a reading of the whole log finds, page by page', async t => {
  const property = fc.asyncProperty(
    smallLog,
    fc.array(anySelection, { minLength: 10, maxLength: 10 }),
    async (entries, selections) => {
      const { index, file } = await openIndex(t)
      append(file, entries)
      const names = [1, 2, 3, 4, 5, 6].flatMap(number => [{ record: `r${number}` }, { subject: `s${number}` }])
      for (const selection of [{}, ...names, ...selections] as Selection[]) {
        const expected = scan(entries, selection)
        const found = await leavesOf(index, selection, 'oldest')
        if (String(found) !== String(expected))
          throw new Error(`${JSON.stringify(selection)}: ${String(found)} for ${String(expected)}`)
        if (String(await leavesOf(index, selection, 'newest', 3)) !== String(expected.toReversed()))
          throw new Error('newest first')
        if ((await index.count(selection)) !== expected.length) throw new Error('counted')
      }
    },
  )
  await fc.assert(property, { numRuns: 15 })
})

t.test('law: an index made anew holds what one holds that grew with the log', async t => {
  const { index, log, file, indexFile } = await openIndex(t)
  const entries = Array.from({ length: 500 }, (_, number) => manyEntry(number, number % 7))
  for (let at = 0; at < entries.length; at += 90) {
    append(file, entries.slice(at, at + 90))
    await index.page({}, { order: 'newest', limit: 1 })
    await index.advance()
  }
  const grown = contentOf(indexFile)
  t.equal(grown['entries']?.length, 500)
  t.ok((grown['mentions']?.length ?? 0) > 3000)
  const told: number[] = []
  await index.rebuild(({ indexed }) => told.push(indexed))
  t.same(contentOf(indexFile), grown)
  t.equal(told.at(-1), await log.size())
})

t.test('what is durable is found at once, whoever appended it, and by several processes alike', async t => {
  const { index, log, indexFile } = await openIndex(t)
  const other = new LogIndex(indexFile, log, join(indexFile, '../log.sqlite'), { thread: true })
  t.teardown(() => other.close())
  for (let number = 0; number < 20; number++) {
    await log.append(manyEntry(number, 1))
    const found = await Promise.all(
      [index, other].map(one => one.page({ case: `2026-${number}` }, { order: 'newest', limit: 5 })),
    )
    t.same(
      found.map(page => page.entries.map(entry => entry.index)),
      [[number], [number]],
    )
  }
  await Promise.all([index.rebuild(), other.rebuild(), index.advance(), leavesOf(other, {}, 'oldest')])
  t.equal(contentOf(indexFile)['entries']?.length, 20, 'none twice')
})

t.test('in a thread it answers the same, and says what is wrong', async t => {
  const { index, file } = await openIndex(t, { thread: true })
  append(
    file,
    Array.from({ length: 3000 }, (_, number) => manyEntry(number, 1)),
  )
  t.same(await leavesOf(index, { subject: subjectAt(1234) }, 'newest'), [1234])
  t.equal(await index.count({ outcome: 'refused' }), 60)
  t.match(await index.usage({ selection: {}, by: ['operation'], limit: 10 }), {
    rows: [
      { operation: 'list', calls: 600 },
      { operation: 'read', calls: 2400 },
    ],
    total: { calls: 3000, refusals: 60 },
  })
  append(file, [{ ...manyEntry(3000, 1), time: 'yesterday' }])
  await t.rejects(index.count({}), { code: 'log-invalid', message: /Entry 3000 .*log verify/ })
})

t.test('another text with the same mark is not found', async t => {
  const { index, file, indexFile } = await openIndex(t)
  append(file, [manyEntry(0, 1), manyEntry(1, 1)])
  t.same(await leavesOf(index, { record: recordAt(0) }, 'oldest'), [0])
  const raw = new BetterSqlite(indexFile)
  raw.prepare('INSERT INTO mentions (segment, mark, leaf) VALUES (0, ?, 1)').run(markOf('record', recordAt(0)))
  raw.close()
  t.same(await leavesOf(index, { record: recordAt(0) }, 'oldest'), [0])
})

t.test('an index that is lost, broken, of another version or of another log is made anew by itself', async t => {
  const other = await openIndex(t)
  append(
    other.file,
    Array.from({ length: 30 }, (_, number) => manyEntry(number + 1000, 1)),
  )
  t.equal((await leavesOf(other.index, {}, 'oldest')).length, 30)
  await other.index.close()

  const damages: [what: string, damage: (file: string) => void][] = [
    ['lost', () => {}],
    ['no database', file => writeFileSync(file, 'x'.repeat(10_000))],
    ['of another log, longer', file => copyFileSync(other.indexFile, file)],
    ['of a later version', file => laterVersion(other.indexFile, file)],
    ['without its tables', file => withoutTables(other.indexFile, file)],
  ]
  for (const [what, damage] of damages) {
    const directory = folder(t)
    const before = await openIndex(t, { directory })
    append(
      before.file,
      Array.from({ length: 20 }, (_, number) => manyEntry(number, 1)),
    )
    await before.index.catchUp()
    await before.index.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(before.indexFile + suffix, { force: true })
    damage(before.indexFile)
    const { index } = await openIndex(t, { directory })
    t.same(await leavesOf(index, { record: recordAt(7) }, 'oldest'), [7], what)
    t.equal((await leavesOf(index, {}, 'oldest')).length, 20, what)
  }
})

t.test('a log put back from a backup, and gone on with, is indexed as it is', async t => {
  const directory = folder(t)
  const { index, log, file } = await openIndex(t, { directory })
  append(
    file,
    Array.from({ length: 10 }, (_, number) => manyEntry(number, 1)),
  )
  await index.catchUp()
  await index.close()
  await log.close()
  const raw = new BetterSqlite(file)
  for (const table of ['entries', 'checkpoints']) raw.exec(`DROP TRIGGER ${table}_no_delete`)
  raw.exec('DELETE FROM entries WHERE leaf >= 5; DELETE FROM checkpoints')
  raw.close()
  append(
    file,
    Array.from({ length: 10 }, (_, number) => manyEntry(number + 100, 1)),
  )
  const again = await openIndex(t, { directory })
  t.same(await leavesOf(again.index, { record: recordAt(7) }, 'oldest'), [])
  t.same(await leavesOf(again.index, { record: recordAt(102) }, 'oldest'), [7])
})

t.test('an index that cannot be written says so, and the log goes on', async t => {
  const { index, log, indexFile } = await openIndex(t)
  await log.append(manyEntry(0, 1))
  await index.catchUp()
  const raw = new BetterSqlite(indexFile)
  raw.exec(`CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
  await log.append(manyEntry(1, 1))
  await t.rejects(index.page({}, { order: 'newest', limit: 1 }), { code: 'store-unavailable', message: /index .*disk/ })
  raw.exec('DROP TRIGGER full')
  raw.close()
  t.same(await leavesOf(index, {}, 'oldest'), [0, 1])
})

t.test('in a log of 70,000 entries each record and subject is found within a second', async t => {
  const { index, file } = await openIndex(t)
  const entries = 70_000
  await fillLog(file, signer, { entries, records: 1 })
  await index.catchUp()
  for (const number of [0, 1, 35_000, 65_535, 65_536, entries - 1]) {
    const refused = number % 50 === 49
    const begin = performance.now()
    t.same(await leavesOf(index, { record: recordAt(number) }, 'newest'), refused ? [] : [number])
    t.same(await leavesOf(index, { subject: subjectAt(number) }, 'oldest'), refused ? [] : [number])
    t.same(await leavesOf(index, { request: `r-${number}` }, 'newest'), [number])
    t.ok(performance.now() - begin < 1000)
  }
})

/** All that the index holds, table by table. */
function contentOf(file: string): Record<string, unknown[]> {
  const raw = new BetterSqlite(file, { readonly: true })
  try {
    const tables = ['progress', 'words', 'entries', 'mentions', 'subjects', 'days']
    return Object.fromEntries(tables.map(table => [table, raw.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]))
  } finally {
    raw.close()
  }
}

function laterVersion(from: string, to: string): void {
  copyFileSync(from, to)
  const raw = new BetterSqlite(to)
  raw.exec(`INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('999_later', 9, 0)`)
  raw.close()
}

function withoutTables(from: string, to: string): void {
  copyFileSync(from, to)
  const raw = new BetterSqlite(to)
  raw.exec('DROP TABLE mentions')
  raw.close()
}

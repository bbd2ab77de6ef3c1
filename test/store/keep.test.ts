import t, { type Test } from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { join } from 'node:path'
import type { JsonObject } from '../../src/record.ts'
import { contentsWriter } from '../../src/seal/contents.ts'
import { MasterKeys } from '../../src/seal/master-keys.ts'
import { openDatabase, type Database } from '../../src/store/connection.ts'
import { claimKeys } from '../../src/store/hub-row.ts'
import { keep, missingKeys, withdraw } from '../../src/store/keep.ts'
import type { Keeping } from '../../src/store/keeping.ts'
import { recordMigrations } from '../../src/store/migrations/records.ts'
import { readPage, type OneOf } from '../../src/store/record-pages.ts'
import { readRecord, unsealRecords } from '../../src/store/records.ts'
import { takeLease } from '../../src/store/leases.ts'
import type { Outcome } from '../../src/store/words.ts'
import { folder } from '../helper.ts'
import { standardWith } from '../standards.ts'

const standard = standardWith({
  key: ['id'],
  subjects: ['idNumber'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string', indexed: true },
    note: { type: 'string' },
    idNumber: { type: 'string', level: 'L3', indexed: true },
  },
})
const master = new MasterKeys('absent', Buffer.alloc(32, 1).toString('base64'))
const pseudonymKey = Buffer.alloc(32, 2)
const contentsOf = contentsWriter(standard, pseudonymKey)

t.test('a record that is delivered again is unchanged; one that differs is a revision', async t => {
  const { db, say } = await openStore(t)
  t.same(await say('d1', [{ id: '1', name: 'A' }]), ['accepted'])
  t.same(await say('d2', [{ id: '1', name: 'A' }]), ['unchanged'])
  t.same(await say('d3', [{ id: '1', name: 'B' }]), ['accepted'])
  t.match(await readRecord(db.read, 'test', '1'), { revision: 2, body: '{"id":"1",\n"name":"B"}' })
  t.equal((await revisions(db)).length, 2)
})

t.test('within one delivery the first of two that differ stands, in one batch or in two', async t => {
  const { db, say } = await openStore(t)
  t.same(
    await say('d1', [
      { id: '1', name: 'A' },
      { id: '1', name: 'B' },
      { id: '1', name: 'A' },
    ]),
    ['accepted', 'duplicate', 'unchanged'],
  )
  t.same(await say('d1', [{ id: '1', name: 'C' }]), ['duplicate'])
  t.match(await readRecord(db.read, 'test', '1'), { revision: 1 })
})

t.test('revisions are numbered in order and without a gap, and chained', async t => {
  const { db, say, take } = await openStore(t)
  await say('d1', [{ id: '1' }, { id: '2' }])
  await say('d2', [{ id: '1', name: 'x' }, { id: '2' }, { id: '3' }])
  await take(['2'])
  t.same(await revisions(db), [
    { seq: 1, record_key: '1', revision: 1, previous: null, withdrawn: 0 },
    { seq: 2, record_key: '2', revision: 1, previous: null, withdrawn: 0 },
    { seq: 3, record_key: '1', revision: 2, previous: 1, withdrawn: 0 },
    { seq: 4, record_key: '3', revision: 1, previous: null, withdrawn: 0 },
    { seq: 5, record_key: '2', revision: 2, previous: 2, withdrawn: 1 },
  ])
  t.equal(await readRecord(db.read, 'test', '2'), undefined, 'a withdrawn record is not served')
  t.same(await say('d3', [{ id: '2' }]), ['accepted'])
  t.match(await readRecord(db.read, 'test', '2'), { revision: 3 }, 'it may come back')
})

t.test('history cannot be changed, not even by INSERT OR REPLACE', async t => {
  const { db, say } = await openStore(t)
  await say('d1', [{ id: '1' }])
  for (const sql of [
    'UPDATE revisions SET body = body',
    'DELETE FROM revisions',
    'INSERT OR REPLACE INTO revisions SELECT * FROM revisions',
  ]) {
    await t.rejects(
      db.transact(tx => tx.run(sql)),
      /append-only/,
      sql,
    )
  }
})

t.test('two adapters that speak of one record make it together, and each can go', async t => {
  const { db, say, take } = await openStore(t)
  await say('d1', [{ id: '1', name: 'of b', idNumber: 'secret of b' }], 'b/x')
  await say('d2', [{ id: '1', name: 'of a', note: 'n' }], 'a/x')
  t.same(await shown(db, '1'), { id: '1', name: 'of a', note: 'n', idNumber: 'secret of b' }, 'a comes before b')
  await say('d3', [{ id: '1', name: 'of b, again', idNumber: 'secret of b' }], 'b/x')
  t.equal((await revisions(db)).length, 2, 'b’s name does not count, so that nothing has changed')
  await take(['1'], 'a/x')
  t.same(await shown(db, '1'), { id: '1', name: 'of b, again', idNumber: 'secret of b' })
  await take(['1'], 'b/x')
  t.equal(await readRecord(db.read, 'test', '1'), undefined)
})

t.test('a sealed field stands in no file as it is, and is found by equality', async t => {
  const { db, say } = await openStore(t)
  await say('d1', [{ id: '1', idNumber: 'PLAINTEXT-MARKER' }])
  const record = await readRecord(db.read, 'test', '1')
  t.notMatch(JSON.stringify(record), /PLAINTEXT/)
  t.notMatch(JSON.stringify(await db.read.all('SELECT * FROM record_terms')), /PLAINTEXT/)
  const [, term] = contentsOf({ id: '2', idNumber: 'PLAINTEXT-MARKER' }).terms[0] as [string, string]
  const { records: found } = await readPage(db.read, 'test', { after: '', limit: 10, terms: [['idNumber', [term]]] })
  t.same(
    found.map(({ key }) => key),
    ['1'],
  )
  t.same(await shown(db, '1'), { id: '1', idNumber: 'PLAINTEXT-MARKER' })
})

t.test('a sealed text moved to another record or revision does not open', async t => {
  const { db, say } = await openStore(t)
  await say('d1', [
    { id: '1', idNumber: 'X' },
    { id: '2', idNumber: 'X' },
  ])
  const [one, two] = [await readRecord(db.read, 'test', '1'), await readRecord(db.read, 'test', '2')]
  if (!one || !two) return t.fail('records are there')
  await t.rejects(unsealRecords(db.read, master, [{ ...one, sealed: two.sealed }], ['idNumber']), /does not open/)
  await t.rejects(unsealRecords(db.read, master, [{ ...one, revision: 2 }], ['idNumber']), /does not open/)
})

t.test('a page goes by key, and by the values of indexed fields as they are now', async t => {
  const { db, say } = await openStore(t)
  await say('d1', [
    { id: '3', name: 'x' },
    { id: '1', name: 'x' },
    { id: '2', name: 'y' },
  ])
  await say('d2', [{ id: '1', name: 'y' }])
  const page = async (after: string, limit: number, terms: OneOf[] = []) =>
    (await readPage(db.read, 'test', { after, limit, terms })).records.map(({ key }) => key)
  t.same(await page('', 2), ['1', '2'])
  t.same(await page('2', 2), ['3'])
  t.same(await page('', 9, [['name', ['x']]]), ['3'])
  t.same(await page('1', 9, [['name', ['y']]]), ['2'])
  t.same(
    await page('', 9, [
      ['name', ['y']],
      ['name', ['x']],
    ]),
    [],
    'all of several',
  )
})

t.test('what a delivery has not met is missing, within its scope', async t => {
  const { db, say } = await openStore(t)
  await say('d1', [{ id: '1' }, { id: '2' }], 'a/x', 'north')
  await say('d1', [{ id: '3' }], 'a/x', 'south')
  await say('d2', [{ id: '2' }], 'a/x', 'north')
  const where = { standard: 'test', adapter: 'a/x', delivery: 'd2', after: '', limit: 10 }
  t.same(await missingKeys(db.read, { ...where, scope: 'north' }), ['1'])
  t.same(await missingKeys(db.read, { ...where, scope: 'south' }), ['3'])
})

t.test('splitting a delta into any number of deliveries gives the same records', async t => {
  const record = fc.record({ id: fc.constantFrom('1', '2', '3'), name: fc.constantFrom('x', 'y') })
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 8 }), fc.array(fc.nat(8)), async (records, cuts) => {
      const [whole, split] = [await openStore(t), await openStore(t)]
      const ends = [...new Set([...cuts.filter(cut => cut < records.length), records.length])].sort((a, b) => a - b)
      let start = 0
      for (const [index, one] of records.entries()) await whole.say(`whole ${index}`, [one])
      for (const end of ends) {
        for (const one of records.slice(start, end)) await split.say(`split ${end} ${Math.random()}`, [one])
        start = end
      }
      for (const id of ['1', '2', '3']) {
        const [a, b] = [await readRecord(whole.db.read, 'test', id), await readRecord(split.db.read, 'test', id)]
        assert.equal(a?.body, b?.body)
        assert.equal(a?.revision, b?.revision)
      }
    }),
    { numRuns: 10 },
  )
})

t.test('a lease is held by one, and a dead holder’s is taken over at once', async t => {
  const { db } = await openStore(t)
  const now = new Date()
  const first = await db.transact(tx => takeLease(tx, 'a/x', now))
  await t.rejects(
    db.transact(tx => takeLease(tx, 'a/x', now)),
    { code: 'delivery-busy' },
  )
  await db.transact(tx => tx.run(`UPDATE leases SET holder = replace(holder, ' ${process.pid}', ' 999999999')`))
  const second = await db.transact(tx => takeLease(tx, 'a/x', now))
  t.equal(second.fence, first.fence + 1)
})

type Store = {
  readonly db: Database
  say(delivery: string, records: JsonObject[], adapter?: string, scope?: string): Promise<readonly Outcome[]>
  take(keys: string[], adapter?: string): Promise<void>
}

async function openStore(t: Test): Promise<Store> {
  const db = await openDatabase(join(folder(t), 'records.sqlite'), recordMigrations)
  t.teardown(() => db.close())
  await db.transact(tx => claimKeys(tx, { master: master.inFile }))
  const fences: string[] = []
  const fenceOf = (delivery: string): number => {
    if (!fences.includes(delivery)) fences.push(delivery)
    return fences.indexOf(delivery) + 1
  }
  const keepingOf = (adapter: string, delivery: string): Keeping => ({
    adapter,
    delivery,
    fence: fenceOf(delivery),
    mode: 'delta',
    order: undefined,
    mayWithdraw: false,
    at: '2026-03-01T08:00:00.000Z',
    standard,
    contentsOf,
    isValid: () => true,
    precedence: (a, b) => (a < b ? -1 : 1),
    master,
    pseudonymKey,
    formOf: () => Promise.reject(new Error('there is one major')),
  })
  return {
    db,
    say: (delivery, records, adapter = 'a/x', scope = '') =>
      db.transact(async tx => {
        await tx.run(`UPDATE hub SET value = value`)
        const offers = records.map(record => ({ contents: contentsOf(record), scope, recordId: null, asOf: null }))
        return keep(tx, keepingOf(adapter, delivery), offers)
      }),
    take: (keys, adapter = 'a/x') => db.transact(tx => withdraw(tx, keepingOf(adapter, 'withdrawal'), keys)),
  }
}

async function revisions(db: Database): Promise<object[]> {
  return db.read.all('SELECT seq, record_key, revision, previous, withdrawn FROM revisions ORDER BY seq')
}

/** The record as one who may see everything sees it. */
async function shown(db: Database, key: string): Promise<JsonObject> {
  const record = await readRecord(db.read, 'test', key)
  if (record === undefined) throw new Error('no such record')
  const [unsealed] = await unsealRecords(db.read, master, [record], ['idNumber'])
  const sealed = [...(unsealed ?? [])].map(([field, text]) => [field, JSON.parse(text) as string])
  return { ...(JSON.parse(record.body) as JsonObject), ...(Object.fromEntries(sealed) as JsonObject) }
}

t.test('open rejects of a key, and rejects of a delivery, are found by an index', async t => {
  const { db } = await openStore(t)
  for (const [query, index] of [
    [`SELECT 1 FROM quarantine WHERE adapter = 'a' AND record_key = 'k' AND state = 'open' LIMIT 1`, 'quarantine_open'],
    [`SELECT 1 FROM quarantine WHERE adapter = 'a' AND state = 'open' LIMIT 1`, 'quarantine_open'],
    [`SELECT id FROM quarantine WHERE delivery = 'd' ORDER BY created_at DESC, id`, 'quarantine_by_delivery'],
  ] as const) {
    t.match(await db.read.all(`EXPLAIN QUERY PLAN ${query}`), [{ detail: new RegExp(`INDEX ${index}\\b`) }], index)
  }
})

import t, { type Test } from 'tap'
import type { RowFilter } from '../../src/agreement/agreement.ts'
import type { Call } from '../../src/exchange/access-entry.ts'
import { disclosePage, type PageAsked } from '../../src/exchange/disclose-page.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { readPage, valuesAtMost, type OneOf } from '../../src/store/record-pages.ts'
import type { Session, Value } from '../../src/store/session.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { entriesSince, granted, jsonOf, type Served } from './reading.ts'
import { deliverThings, publishThings, thingAdapter, type Thing } from './things.ts'

type Shown = { readonly records: Served[]; readonly cursor: string | null }

const fields = ['id', 'name', 'note']

async function openThings(t: Test, things: readonly Thing[]): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await deliverThings(hub, 'data-bureau/input', things)
  return hub
}

async function page(hub: TestHub, call: Call, asked: Partial<PageAsked> = {}): Promise<Shown> {
  return jsonOf(
    await disclosePage(hub, call, { filters: new Map(), limit: 100, cursor: undefined, knownTags: [], ...asked }),
  )
}

async function allPages(hub: TestHub, call: Call, asked: Partial<PageAsked>): Promise<string[]> {
  const keys: string[] = []
  for (let cursor: string | undefined; ;) {
    const shown = await page(hub, call, { ...asked, cursor })
    keys.push(...shown.records.map(({ key }) => key))
    if (shown.cursor === null) return keys
    cursor = shown.cursor
  }
}

// Keys that SQLite, which compares bytes, orders otherwise than ECMAScript: the last two.
const things: Thing[] = [
  ...Array.from({ length: 30 }, (_, at) => ({
    id: `k${at}`,
    name: ['a', 'b', 'c'][at % 3] as string,
    note: `${at % 2}`,
  })),
  { id: '\u{1f600}', name: 'a', note: '0' },
  { id: '\uffee', name: 'b', note: '0' },
]

const filters: [what: string, rows: RowFilter | undefined, filter: [string, string][]][] = [
  ['no row filter', undefined, []],
  ['one value', { name: ['a'] }, []],
  ['several values', { name: ['c', 'a', 'b'] }, []],
  ['a value that no record has', { name: ['z'] }, []],
  ['more values than are looked up', { name: ['a', ...Array.from({ length: valuesAtMost }, (_, at) => `z${at}`)] }, []],
  ['a filter of the client', undefined, [['name', 'b']]],
  ['a filter beside a row filter', { name: ['a', 'b'] }, [['name', 'b']]],
  ['a filter that the row filter excludes', { name: ['a'] }, [['name', 'b']]],
]

t.test('pages, however small, hold what the row filter reaches and the filters choose, each record once', async t => {
  const hub = await openThings(t, things)
  for (const [what, rows, filter] of filters) {
    const call = await granted(hub, what, { fields, ...(rows && { rows }) })
    const fits = ({ name = '' }: Thing): boolean =>
      (rows === undefined || rows['name']?.includes(name) === true) && filter.every(([, value]) => value === name)
    const expected = things.filter(fits).map(({ id }) => id)
    for (const limit of [1, 7, 100]) {
      const keys = await allPages(hub, call(), { filters: new Map(filter), limit })
      t.same(
        keys,
        keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        `${what}: in order`,
      )
      t.same(new Set(keys), new Set(expected), `${what}, by ${limit}`)
      t.equal(keys.length, expected.length)
    }
    const from = await hub.log.size()
    await page(hub, call(), { filters: new Map(filter) })
    t.match(await entriesSince(hub, from), [{ operation: 'list', outcome: 'disclosed', count: expected.length }])
    for (const { id, name = '' } of things.slice(0, 3)) {
      const read = discloseRecord(hub, call(), { key: id, knownTags: [] })
      if (rows === undefined || rows['name']?.includes(name)) await t.resolves(read, `${what}: ${id} is read too`)
      else await t.rejects(read, { code: 'record-unknown' }, `${what}: ${id} is not read either`)
    }
  }
})

t.test('a row filter of several long lists of values is looked up by two, and reaches by all', async t => {
  const hub = await openTestHub(t)
  const names = ['a', 'b', 'c', 'd', 'e']
  const text = { type: 'string', maxLength: 40 }
  const properties = { id: text, ...Object.fromEntries(names.map(name => [name, { ...text, indexed: true }])) }
  await publishThings(hub)
  await publishStandard(hub, tester, documentWith({ id: 'many', key: ['id'], subjects: ['id'], properties }))
  const own = thingAdapter('data-bureau', 'input', {
    adapter: { department: 'data-bureau', name: 'many', version: '1.0.0', titles: { 'zh-CN': '测试', en: 'Test' } },
    standard: { id: 'many', major: 1 },
    fields: Object.fromEntries(['id', ...names].map(name => [name, { from: name }])),
  })
  await publishAdapter(hub, tester, own)
  const whole = Object.fromEntries(names.map(name => [name, `${name}1`]))
  const records = [{ id: 'in', ...whole }, ...names.map(name => ({ id: `out${name}`, ...whole, [name]: 'x' }))]
  await deliverThings(hub, 'data-bureau/many', records)
  const rows = Object.fromEntries(names.map(name => [name, Array.from({ length: 100 }, (_, at) => `${name}${at}`)]))
  const call = await granted(hub, 'm', { standard: 'many', fields: ['id'], rows })
  t.same(await allPages(hub, call(), { limit: 2 }), ['in'])
})

t.test('a cursor names no record but one that the page has shown', async t => {
  const hub = await openThings(t, things)
  const rows = { name: ['a', ...Array.from({ length: valuesAtMost }, (_, at) => `z${at}`)] }
  const call = await granted(hub, 'm', { fields, rows })
  for (let cursor: string | undefined; ;) {
    const shown: Shown = await page(hub, call(), { limit: 4, cursor })
    if (shown.cursor === null) break
    t.equal(Buffer.from(shown.cursor, 'base64url').toString(), `after ${shown.records.at(-1)?.key}`)
    cursor = shown.cursor
  }
})

t.test('the tag of a page changes with its records and with whether there are more', async t => {
  const hub = await openThings(t, [{ id: '1', note: 'n' }])
  const call = await granted(hub, 'm', { fields: ['id', 'note'] })
  const asked = { filters: new Map(), limit: 2, cursor: undefined }
  const tag = async () => (await disclosePage(hub, call(), { ...asked, knownTags: [] })).etag
  const first = await tag()
  t.equal((await disclosePage(hub, call(), { ...asked, knownTags: [first] })).body, undefined)
  t.match((await entriesSince(hub)).at(-1), { operation: 'list', outcome: 'not-modified', count: 1 })
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', note: 'n', name: 'new' }])
  t.equal(await tag(), first, 'a field that is not granted')
  await deliverThings(hub, 'data-bureau/input', [
    { id: '1', gone: 'yes' },
    { id: '2', note: 'n' },
  ])
  const second = await tag()
  t.not(second, first, 'another record that says the same')
  await deliverThings(hub, 'data-bureau/input', [
    { id: '3', note: 'n' },
    { id: '4', note: 'n' },
  ])
  t.not(await tag(), second)
})

// What a page costs, by the plan of the statements that it ran: real ones, on a real database.

const crowd = 20_000

function watched(session: Session): {
  readonly session: Session
  readonly ran: { sql: string; parameters: readonly Value[] }[]
} {
  const ran: { sql: string; parameters: readonly Value[] }[] = []
  return {
    ran,
    session: {
      ...session,
      allColumns(sql, parameters = []) {
        ran.push({ sql, parameters })
        return session.allColumns(sql, parameters)
      },
    },
  }
}

t.test(`among ${crowd} records, a page by a rare value looks at no more than it shows`, async t => {
  const hub = await openThings(
    t,
    Array.from({ length: crowd }, (_, at) => ({
      id: `k${String(at).padStart(5, '0')}`,
      name: at % 2000 === 0 ? 'rare' : at % 2 === 0 ? 'even' : 'odd',
      secret: 'same',
    })),
  )
  const all: OneOf = [
    'secret',
    [
      String(
        (await hub.store.read.get<{ value: string }>(`SELECT value FROM record_terms WHERE field = 'secret'`))?.value,
      ),
    ],
  ]
  const cases: [what: string, terms: OneOf[], count: number, leader: string][] = [
    ['one value', [['name', ['rare']]], 10, 'name'],
    ['several values', [['name', ['rare', 'odd']]], 50, 'name'],
    ['a rare value behind a common one', [all, ['name', ['rare']]], 10, 'name'],
    ['a rare value before a common one', [['name', ['rare']], all], 10, 'name'],
  ]
  for (const [what, terms, count, leader] of cases) {
    const { session, ran } = watched(hub.store.read)
    const { records } = await readPage(session, 'thing', { after: '', limit: 50, terms })
    t.equal(records.length, count, what)
    t.equal(ran.length, 1)
    const [{ sql, parameters }] = ran as [{ sql: string; parameters: readonly Value[] }]
    t.equal(parameters[1], leader, `${what}: led by ${leader}`)
    const plan = await hub.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)
    const steps = plan.map(({ detail }) => detail)
    t.ok(
      steps.some(step =>
        /SEARCH t USING (COVERING INDEX \S+|PRIMARY KEY) \(standard=\? AND field=\? AND value=\? AND record_key>\?\)/.test(
          step,
        ),
      ),
      `${what}: by the index`,
    )
    for (const step of steps.filter(step => step.startsWith('SCAN'))) {
      t.match(step, /^SCAN (k|\(subquery-\d+\))$/, `${what}: only what the index gave is gone through`)
    }
    t.equal(
      terms.length > 1,
      steps.some(step => /SEARCH o .*\(standard=\? AND field=\? AND value=\? AND record_key=\?\)/.test(step)),
      what,
    )
  }
})

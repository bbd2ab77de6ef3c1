import t, { type Test } from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import type { RowFilter } from '../../src/agreement/agreement.ts'
import type { Call } from '../../src/exchange/access-entry.ts'
import { discloseHistory } from '../../src/exchange/disclose-history.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { entriesSince, granted, jsonOf, type Served } from './reading.ts'
import { deliverThings, publishThings, thingAdapter, type Thing } from './things.ts'

type Withdrawn = {
  readonly key: string
  readonly revision: number
  readonly updatedAt: string
  readonly withdrawn: true
}

type Item = Served | Withdrawn

async function openThings(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  return hub
}

const deliverOne = (hub: TestHub, ...things: Thing[]) => deliverThings(hub, 'data-bureau/input', things)

async function historyPage(hub: TestHub, call: Call, key: string, limit = 100, cursor?: string) {
  const disclosure = await discloseHistory(hub, call, { key, limit, cursor, knownTags: [] })
  return jsonOf<{ history: Item[]; cursor: string | null }>(disclosure)
}

/** All of it, by pages of a few. */
async function historyOf(hub: TestHub, call: Call, key: string, limit = 100): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const page = await historyPage(hub, call, key, limit, cursor)
    assert.ok(page.history.length === limit || page.cursor === null, 'only the last page is shorter')
    items.push(...page.history)
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return items
}

const asOf = async (hub: TestHub, call: Call, key: string, instant: string): Promise<Served | undefined> => {
  try {
    return jsonOf<Served>(await discloseRecord(hub, call, { key, asOf: instant, knownTags: [] }))
  } catch (error) {
    assert.match(String(error), /no record of thing/)
    return undefined
  }
}

// The laws, on random lives of a record, for clients who may see different things.

const views: Record<string, { fields: string[]; rows?: RowFilter }> = {
  everything: { fields: ['id', 'name', 'note', 'secret'] },
  'one field': { fields: ['id', 'note'] },
  'a sealed field': { fields: ['id', 'secret'] },
  'some of the records': { fields: ['id', 'name', 'note'], rows: { name: ['a'] } },
}

type State = Pick<Thing, 'name' | 'note' | 'secret'>

const states = fc.record(
  { name: fc.constantFrom('a', 'b'), note: fc.constantFrom('x', 'y'), secret: fc.constantFrom('s', 't') },
  { requiredKeys: ['name'] },
)

t.test('law: asOf and history are what the record was, whoever looks and however it is paged', async t => {
  const hub = await openThings(t)
  const calls = new Map<string, Call>()
  for (const [view, terms] of Object.entries(views)) calls.set(view, (await granted(hub, view, terms))())
  let life = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(states), { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, limit) => {
        const id = `k${life++}`
        const start = hub.clock().getTime()
        for (const step of steps) {
          hub.pass(1000)
          await deliverOne(hub, step === null ? { id, gone: 'yes' } : { id, ...step })
        }
        for (const [view, { fields, rows }] of Object.entries(views)) {
          const call = calls.get(view) as Call
          const seen = steps.map(step =>
            step === null || (rows && !rows['name']?.includes(step.name)) ? undefined : shown({ id, ...step }, fields),
          )
          for (let second = 0; second <= steps.length; second++) {
            for (const ms of [0, 1, 999]) {
              const instant = new Date(start + second * 1000 + ms).toISOString()
              const found = await asOf(hub, call, id, instant)
              assert.deepEqual(found?.data, second === 0 ? undefined : seen[second - 1], `${view} at ${second} s`)
            }
          }
          const expected = expectedHistory(steps, seen).map(([second, data]) => [
            new Date(start + second * 1000).toISOString(),
            data,
          ])
          if (expected.length === 0) {
            await assert.rejects(historyPage(hub, call, id), { code: 'record-unknown' })
            continue
          }
          const items = await historyOf(hub, call, id, limit)
          assert.deepEqual(
            items.map(item => [item.updatedAt, 'withdrawn' in item ? 'withdrawn' : item.data]),
            expected,
            view,
          )
          // Each item is what asOf gives for its own instant.
          for (const item of items) {
            const then = await asOf(hub, call, id, item.updatedAt)
            assert.deepEqual(then, 'withdrawn' in item ? undefined : item)
          }
        }
      },
    ),
    { numRuns: 12 },
  )
  t.ok(life >= 12)
})

function shown(thing: Thing, fields: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(thing).filter(([name, value]) => fields.includes(name) && value !== undefined),
  )
}

/** The slow way: all that could be said, newest first, less what says nothing new. */
function expectedHistory(steps: readonly (State | null)[], seen: readonly (object | undefined)[]) {
  const items: [second: number, what: object | 'withdrawn'][] = []
  let last: string | undefined
  for (const [index, view] of seen.entries()) {
    const text = view && JSON.stringify(view, Object.keys(view).toSorted())
    if (view !== undefined && text !== last) items.unshift([index + 1, view])
    if (view === undefined && last !== undefined && steps[index] === null) items.unshift([index + 1, 'withdrawn'])
    last = text
  }
  return items
}

t.test(
  'a page of history is one entry: the record once, its subjects then, and how many revisions were shown',
  async t => {
    const hub = await openThings(t)
    const call = await granted(hub, 'm', { fields: ['id', 'note', 'secret'] })
    for (const secret of ['s1', 's2', 's3']) {
      hub.pass(1000)
      await deliverOne(hub, { id: '1', note: 'n', secret })
    }
    await deliverOne(hub, { id: '1', gone: 'yes' })
    const subject = (text: string) => subjectPseudonym(hub.keys.pseudonym, text)
    const from = await hub.log.size()
    const first = await historyPage(hub, call(), '1', 2)
    const second = await historyPage(hub, call(), '1', 2, first.cursor ?? '')
    t.match(first.history, [
      { key: '1', revision: 4, withdrawn: true },
      { revision: 3, data: { secret: 's3' } },
    ])
    t.match(second.history, [{ revision: 2 }, { revision: 1 }])
    t.equal(second.cursor, null)
    const records = [recordPseudonym(hub.keys.pseudonym, 'thing', '1')]
    t.match(await entriesSince(hub, from), [
      { operation: 'history', outcome: 'disclosed', count: 2, records, subjects: [subject('s3')] },
      { operation: 'history', outcome: 'disclosed', count: 2, records, subjects: [subject('s2'), subject('s1')] },
    ])
    const { etag } = await discloseHistory(hub, call(), { key: '1', limit: 2, cursor: undefined, knownTags: [] })
    const again = await discloseHistory(hub, call(), { key: '1', limit: 2, cursor: undefined, knownTags: [etag] })
    t.equal(again.body, undefined)
    t.match((await entriesSince(hub)).at(-1), { operation: 'history', outcome: 'not-modified', count: 2 })
    const other = await discloseHistory(hub, call(), { key: '1', limit: 3, cursor: undefined, knownTags: [etag] })
    t.not(other.body, undefined)
  },
)

t.test('a withdrawal of what the row filter did not reach tells nothing', async t => {
  const hub = await openThings(t)
  const call = await granted(hub, 'm', { fields: ['id', 'name'], rows: { name: ['a'] } })
  await deliverOne(hub, { id: '1', name: 'a' }, { id: '2', name: 'b' })
  hub.pass(1000)
  await deliverOne(hub, { id: '1', name: 'b' }, { id: '2', gone: 'yes' })
  hub.pass(1000)
  await deliverOne(hub, { id: '1', gone: 'yes' })
  t.match(await historyOf(hub, call(), '1'), [{ revision: 1 }])
  t.equal((await historyOf(hub, call(), '1')).length, 1)
  const from = await hub.log.size()
  await t.rejects(historyOf(hub, call(), '2'), { code: 'record-unknown' })
  t.match(await entriesSince(hub, from), [
    {
      operation: 'history',
      outcome: 'refused',
      problem: 'record-unknown',
      count: 0,
      records: [recordPseudonym(hub.keys.pseudonym, 'thing', '2')],
    },
  ])
})

t.test(
  'what was of an older major then is not shown, of a newer one as it is converted, and a minor changes no view',
  async t => {
    const hub = await openThings(t)
    const one = await granted(hub, 'one', { fields: ['id', 'note'], major: 1 })
    await deliverOne(hub, { id: '1', note: 'n' })
    const afterFirst = hub.clock().toISOString()
    const text = { type: 'string', maxLength: 40 }
    const properties = {
      id: text,
      name: { type: 'string', maxLength: 10, indexed: true },
      note: text,
      secret: { ...text, level: 'L3', indexed: true },
    }
    const publish = (version: string, more: object) => {
      const document = documentWith({
        id: 'thing',
        version,
        key: ['id'],
        subjects: ['secret'],
        properties: { ...more, ...properties },
      })
      const $id = document.$id.replace('v1', `v${version[0]}`)
      const names = Object.keys({ ...more, ...properties })
      const conversion = { to: 1, fields: Object.fromEntries(names.map(name => [name, { from: name }])) }
      return publishStandard(hub, tester, { ...document, $id, ...(version.startsWith('1') ? {} : { conversion }) })
    }
    await publish('1.1.0', { colour: text })
    hub.pass(1000)
    await deliverOne(hub, { id: '1', note: 'n', name: 'b' })
    t.match(await historyOf(hub, one(), '1'), [{ revision: 1, version: '1.0.0' }])
    t.match(await asOf(hub, one(), '1', hub.clock().toISOString()), {
      revision: 2,
      version: '1.1.0',
      data: { note: 'n' },
    })
    t.match(await asOf(hub, one(), '1', afterFirst), { revision: 1, version: '1.0.0' }, 'the standard of then')

    await publish('2.0.0', { colour: { ...text, maxLength: 3 } })
    const two = await granted(hub, 'two', { fields: ['id', 'note'], major: 2 })
    await publishAdapter(
      hub,
      tester,
      thingAdapter('archives', 'input', {
        standard: { id: 'thing', major: 2 },
        adapter: { department: 'archives', name: 'input', version: '2.0.0', titles: { 'zh-CN': '测试', en: 'Test' } },
      }),
    )
    hub.pass(1000)
    await deliverOne(hub, { id: '1', gone: 'yes' })
    hub.pass(1000)
    await deliverThings(hub, 'archives/input', [{ id: '1', note: 'second' }])
    const now = hub.clock().toISOString()
    t.match(await historyOf(hub, one(), '1'), [
      { version: '1.1.0', data: { note: 'second' } },
      { withdrawn: true },
      { revision: 1 },
    ])
    t.match(await historyOf(hub, two(), '1'), [{ version: '2.0.0', data: { note: 'second' } }])
    t.equal((await historyOf(hub, two(), '1')).length, 1)
    t.match(await asOf(hub, one(), '1', now), { version: '1.1.0', data: { note: 'second' } })
    t.equal(await asOf(hub, two(), '1', afterFirst), undefined)
    t.match(await asOf(hub, two(), '1', now), { version: '2.0.0' })
  },
)

t.test('a cursor of another record, or of none, leads nowhere', async t => {
  const hub = await openThings(t)
  const call = await granted(hub, 'm', { fields: ['id', 'note'] })
  await deliverOne(hub, { id: '1', note: 'n' }, { id: '2', note: 'hidden' })
  const cursor = (text: string) => Buffer.from(text).toString('base64url')
  // What the client does not see is changed: the numbers 1 and 3 are the record's, and nobody may find out that 3 is.
  await deliverOne(hub, { id: '1', note: 'n', name: 'x' })
  await deliverOne(hub, { id: '1', note: 'm' }, { id: '2', note: 'm' })
  const mark = 'm'.repeat(22)
  for (const bad of [
    'from 0',
    'from x',
    'from 1 ',
    'after 1',
    'from 99999999999999999999',
    'from 1',
    `from 3 ${mark}`,
  ]) {
    await t.rejects(historyPage(hub, call(), '1', 9, cursor(bad)), { code: 'request-invalid' }, bad)
  }
  const { cursor: own } = await historyPage(hub, call(), '1', 1)
  t.match(await historyPage(hub, call(), '1', 9, own as string), { history: [{ revision: 1 }], cursor: null })
  const { cursor: other } = await historyPage(hub, call(), '2', 1)
  for (const bad of [other as string, `${own}=`]) {
    await t.rejects(historyPage(hub, call(), '1', 9, bad), { code: 'request-invalid' })
  }
  t.match(await entriesSince(hub, (await hub.log.size()) - 1), [
    { operation: 'history', outcome: 'refused', agreement: String },
  ])
})

t.test('a long life of changes that are not granted is one revision, read without being held at once', async t => {
  const hub = await openThings(t)
  const call = await granted(hub, 'm', { fields: ['id', 'note'] })
  for (let revision = 1; revision <= 130; revision++) {
    await deliverOne(hub, { id: '1', note: revision <= 5 ? 'first' : 'second', name: `${revision}` })
  }
  t.match(await historyOf(hub, call(), '1', 1), [{ revision: 6 }, { revision: 1 }])
  t.match(await historyPage(hub, call(), '1', 2), { cursor: null })
})

t.test(
  'a record that was led back to an earlier revision, in the file itself, is not shown as if that were its last',
  async t => {
    const hub = await openThings(t)
    const call = await granted(hub, 'm', { fields: ['id', 'note'] })
    await deliverOne(hub, { id: '1', note: 'one' }, { id: '2', note: 'other' })
    hub.pass(1000)
    await deliverOne(hub, { id: '1', note: 'two' })
    const now = hub.clock().toISOString()
    for (const seq of [1, 2]) {
      await hub.store.transact(tx => tx.run(`UPDATE records SET seq = ? WHERE record_key = '1'`, [seq]))
      await t.rejects(historyPage(hub, call(), '1'), /bug: a record points at a revision that is not its own/)
      await t.rejects(discloseRecord(hub, call(), { key: '1', asOf: now, knownTags: [] }), /not its own/)
    }
  },
)

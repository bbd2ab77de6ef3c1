import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { previewDelivery, type Asked, type DryRun } from '../../src/exchange/preview-store.ts'
import type { Entry } from '../../src/log/entry.ts'
import { chunks, folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { deliverThings, publishThings, thingAdapter, type Thing } from './things.ts'

const list = 'archives/list'
const all = { from: 1, limit: 100, isRejectsOnly: false }

async function opened(t: Test, directory = folder(t)): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  return hub
}

function tryThings(hub: TestHub, asked: Asked, things: readonly Thing[], window = all): Promise<DryRun> {
  const body = chunks(things.map(thing => JSON.stringify(thing)).join('\n'))
  return previewDelivery(hub, tester, asked, { body, window, language: 'en' })
}

const kindsOf = ({ records }: DryRun): unknown[] => records.map(({ change }) => change)

t.test('what a delivery would do is told record by record, and is what it does then', async t => {
  const hub = await opened(t)
  const before: Thing[] = [
    { id: '1', name: 'A', note: 'n', secret: 's1' },
    { id: '2', name: 'B', secret: 's2' },
    { id: '3', name: 'C' },
    { id: '4', name: 'D' },
  ]
  await deliverThings(hub, list, before)
  const next: Thing[] = [
    { id: '1', name: 'A', note: 'm', secret: 's1' },
    { id: '2', name: 'B', secret: 'other' },
    { id: '3', name: 'C' },
    { id: '5', name: 'E' },
    { id: '6', name: 'longer than ten' },
    { id: '5', name: 'F' },
  ]
  const run = await tryThings(hub, { adapter: list }, next)
  t.same(kindsOf(run), [
    { kind: 'changed', fields: ['note'] },
    { kind: 'changed', fields: ['secret'] },
    { kind: 'unchanged' },
    { kind: 'new' },
    { kind: 'rejected' },
    { kind: 'rejected' },
  ])
  t.same(run.changes, { new: 1, changed: 2, unchanged: 1, withdrawn: 1, rejected: 2 })
  t.match(run, { adapter: list, version: '1.0.0', read: 6, isWhole: true, unread: [] })
  t.match(run.records[0], { record: next[0], issues: [], lineage: [{ field: 'id', sources: [{ path: 'id' }] }] })
  t.match(run.records[4]?.issues, [{ pointer: '/name' }])
  const { accepted, unchanged, withdrawn, rejected } = await deliverThings(hub, list, next)
  t.same({ accepted, unchanged, withdrawn, rejected }, { accepted: 3, unchanged: 1, withdrawn: 1, rejected: 2 })
  t.same((await tryThings(hub, { adapter: list }, next)).changes, {
    new: 0,
    changed: 0,
    unchanged: 4,
    withdrawn: 0,
    rejected: 2,
  })
})

t.test('it writes nothing but its entry, durable before it is shown', async t => {
  const directory = folder(t)
  const hub = await opened(t, directory)
  await deliverThings(hub, list, [{ id: '1', name: 'A' }])
  const size = await hub.log.size()
  const before = await contentsOf(hub)
  const files = readdirSync(directory, { recursive: true }).map(String).toSorted()
  await tryThings(hub, { adapter: list }, [{ id: '2', name: 'B', secret: 's' }, { id: '3', name: 'longer than ten' }])
  t.same(await contentsOf(hub), before, 'every table of the record store is what it was')
  t.same(readdirSync(directory, { recursive: true }).map(String).toSorted(), files)
  const entries = await hub.log.entries({ from: size, limit: 10 })
  t.match(
    entries.map(({ entry }) => JSON.parse(entry) as Entry),
    [{ operation: 'preview', outcome: 'done', standard: 'thing', count: 2, detail: { adapter: list, version: '1.0.0' } }],
  )
  t.equal(entries.length, 1)
}) // prettier-ignore

t.test('what other departments say of the same records is neither shown nor told', async t => {
  const hub = await opened(t)
  await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'A', secret: 'MARKER' }])
  const run = await tryThings(hub, { adapter: 'archives/plain' }, [{ id: '1', name: 'A', secret: 'MARKER' }])
  t.same(kindsOf(run), [{ kind: 'new' }], 'as if nobody had said the same')
  await deliverThings(hub, 'archives/plain', [{ id: '1', name: 'B' }])
  const again = await tryThings(hub, { adapter: 'archives/plain' }, [{ id: '1', name: 'A' }])
  t.same(
    kindsOf(again),
    [{ kind: 'changed', fields: ['name'] }],
    'against its own word, and not the record that stands',
  )
  t.notMatch(JSON.stringify(again), /MARKER/)
})

t.test('withdrawals of a delta, and an input of a snapshot that is not known to be whole', async t => {
  const hub = await opened(t)
  await deliverThings(hub, 'archives/plain', [{ id: '1', name: 'A' }])
  const run = await tryThings(hub, { adapter: 'archives/plain' }, [{ id: '1', gone: 'yes' }, { id: '2', gone: 'yes' }])
  t.same(kindsOf(run), [{ kind: 'withdrawn' }, { kind: 'unchanged' }])
  t.match(run.changes, { withdrawn: 1, unchanged: 1 })
  await deliverThings(hub, list, [{ id: '7', name: 'A' }])
  const keyless = { name: 'A' } as unknown as Thing
  t.match((await tryThings(hub, { adapter: list }, [keyless])).changes, { withdrawn: 0, rejected: 1 }, 'without its key')
  t.match((await tryThings(hub, { adapter: list }, [])).changes, { withdrawn: 0 }, 'empty')
  const many = Array.from({ length: 10_001 }, (_, index) => ({ id: `m${index}` }))
  const cut = await tryThings(hub, { adapter: list }, many)
  t.match(cut, { read: 10_000, isWhole: false, changes: { new: 10_000, withdrawn: null } })
}) // prettier-ignore

t.test('a window shows some of the records, and all are counted', async t => {
  const hub = await opened(t)
  const things = ['1', '2', '3', '4'].map(id => ({ id, name: Number(id) % 2 === 0 ? 'longer than ten' : 'A' }))
  const ordinals = async (window: Partial<typeof all>): Promise<number[]> => {
    const run = await tryThings(hub, { adapter: list }, things, { ...all, ...window })
    t.match(run.changes, { new: 2, rejected: 2 })
    return run.records.map(({ position }) => position.ordinal)
  }
  t.same(await ordinals({ from: 2, limit: 2 }), [2, 3])
  t.same(await ordinals({ isRejectsOnly: true, limit: 1, from: 3 }), [4])
  t.same(await ordinals({ limit: 0 }), [])
})

t.test('a document that is not published is tried like one that is; the entry says so', async t => {
  const hub = await opened(t)
  await deliverThings(hub, list, [{ id: '1', name: 'A' }])
  const document = thingAdapter('archives', 'list', { fields: { id: { from: 'id' }, note: { from: 'name' } } })
  const run = await tryThings(hub, { document }, [{ id: '1', name: 'A' }])
  t.same(kindsOf(run), [{ kind: 'changed', fields: ['name', 'note'] }])
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  t.match(JSON.parse(entries.at(-1)?.entry ?? ''), { operation: 'preview', detail: { isPublished: false } })
  await t.rejects(tryThings(hub, { document: { ...document, mode: 'no such' } }, []), { code: 'adapter-invalid' })
})

/** A digest of every table. */
async function contentsOf(hub: TestHub): Promise<Record<string, string>> {
  hub.store.refresh()
  const tables = await hub.store.read.all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`, [])
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = await hub.store.read.all(`SELECT * FROM "${name}"`, [])
    digests[name] = createHash('sha256').update(JSON.stringify(rows)).digest('hex')
  }
  return digests
}

import t, { type Test } from 'tap'
import { advanceTermBuilds } from '../../src/exchange/build-terms.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { disclosePage } from '../../src/exchange/disclose-page.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { readTermBuilds } from '../../src/store/term-builds.ts'
import { folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { granted, jsonOf, type Served } from './reading.ts'
import { deliverThings, publishThings, type Thing } from './things.ts'

/** More than are built at a time. */
const things: Thing[] = Array.from({ length: 1200 }, (_, at) => ({
  id: `k${at}`,
  name: ['a', 'b'][at % 2] as string,
  ...(at % 10 === 0 && { note: `note ${at % 100}` }),
}))

/** The standard with `note` indexed. */
async function publishMinor(hub: TestHub): Promise<void> {
  const { document } = (await hub.published.standard('thing')).standard
  await publishStandard(hub, tester, {
    ...document,
    standard: { ...document.standard, version: '1.1.0' },
    properties: { ...document.properties, note: { ...document.properties?.['note'], indexed: true } },
  })
}

async function keysBy(hub: TestHub, matter: string, note: string): Promise<string[]> {
  const filters = new Map([['note', note]])
  const fields = ['id', 'name', 'note']
  const call = (await granted(hub, matter, { fields }))()
  const page = await disclosePage(hub, call, { filters, limit: 1000, cursor: undefined, knownTags: [] })
  return jsonOf<{ records: Served[] }>(page).records.map(({ key }) => key)
}

const withNote = (note: string): string[] =>
  things
    .filter(thing => thing.note === note)
    .map(({ id }) => id)
    .sort()

async function openThings(t: Test, directory = folder(t)): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  await deliverThings(hub, 'data-bureau/input', things)
  return hub
}

t.test(
  'a field that a minor makes indexed can be filtered on when its terms are built, and until then not',
  async t => {
    const hub = await openThings(t)
    await publishMinor(hub)
    await t.rejects(keysBy(hub, 'early', 'note 10'), { code: 'index-building', retryAfterSeconds: Number })
    await advanceTermBuilds(hub)
    t.same((await keysBy(hub, 'late', 'note 10')).sort(), withNote('note 10'))
    t.same(await keysBy(hub, 'none', 'note 11'), [])
    t.same(await readTermBuilds(hub.store.read), [])
  },
)

t.test('what is delivered while terms are built is found too, and what it overwrote is not', async t => {
  const hub = await openThings(t)
  await publishMinor(hub)
  const building = advanceTermBuilds(hub)
  await deliverThings(hub, 'data-bureau/input', [
    { id: 'k10', name: 'a', note: 'other' },
    { id: 'new', name: 'a', note: 'other' },
  ])
  await building
  await advanceTermBuilds(hub)
  t.same((await keysBy(hub, 'm', 'other')).sort(), ['k10', 'new'])
  t.same(
    (await keysBy(hub, 'n', 'note 10')).sort(),
    withNote('note 10').filter(id => id !== 'k10'),
  )
})

t.test('a delivery that began by the version before is waited for', async t => {
  const hub = await openThings(t)
  let goOn: () => void = () => {}
  const published = new Promise<void>(resolve => (goOn = resolve))
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"id":"slow","name":"a","note":"slow"}\n')
    await published
    yield Buffer.from('{"id":"slower","name":"a","note":"slow"}\n')
  }
  const delivered = deliver(hub, { adapter: 'data-bureau/input', body: slowly(), by: tester })
  const isRunning = async (): Promise<boolean> =>
    (await hub.store.read.get(`SELECT 1 FROM deliveries WHERE state = 'running'`)) !== undefined
  while (!(await isRunning())) await new Promise(resolve => setImmediate(resolve))
  await publishMinor(hub)
  await advanceTermBuilds(hub)
  t.equal((await readTermBuilds(hub.store.read)).length, 1, 'it is not done')
  goOn()
  t.equal((await delivered).accepted, 2)
  await advanceTermBuilds(hub)
  t.same((await keysBy(hub, 'm', 'slow')).sort(), ['slow', 'slower'])
})

t.test('a build that was cut off goes on from there, and leaves the terms of every record whole', async t => {
  const directory = folder(t)
  const cut = await openThings(t, directory)
  await publishMinor(cut)
  const building = advanceTermBuilds(cut).catch(() => {})
  while ((await readTermBuilds(cut.store.read))[0]?.seq === 0) await new Promise(resolve => setImmediate(resolve))
  await cut.close()
  await building
  const hub = await openTestHub(t, directory)
  const [left] = await readTermBuilds(hub.store.read)
  t.ok(left !== undefined && left.seq > 0, 'it was cut off on its way')
  await advanceTermBuilds(hub)
  t.same((await keysBy(hub, 'm', 'note 20')).sort(), withNote('note 20'))
  const rows = await hub.store.read.all<{ terms: string; key: string }>(
    `SELECT c.terms, c.record_key AS key FROM records c WHERE c.standard = 'thing'`,
  )
  const indexed = await hub.store.read.all<{ key: string; field: string; value: string }>(
    `SELECT record_key AS key, field, value FROM record_terms WHERE standard = 'thing'`,
  )
  const told = rows.flatMap(({ terms, key }) =>
    (JSON.parse(terms) as [string, string][]).map(([field, value]) => `${key} ${field} ${value}`),
  )
  t.same(indexed.map(({ key, field, value }) => `${key} ${field} ${value}`).sort(), told.sort())
})

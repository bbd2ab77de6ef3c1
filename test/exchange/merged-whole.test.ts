/** Contributions that make no valid record together, though each is one. */
import t from 'tap'
import { deliver } from '../../src/exchange/deliver.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { remerge } from '../../src/exchange/remerge.ts'
import type { JsonObject } from '../../src/record.ts'
import { listDiscrepancies } from '../../src/store/discrepancies.ts'
import { readRecord } from '../../src/store/records.ts'
import { decodeUtf8 } from '../../src/utf8-text.ts'
import { chunks, openTestHub, tester } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { publishShops } from './voices.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }

t.test('the first department’s stands whole, in any order, and what differs is told as ever', async t => {
  const said = { archives: { id: '1', name: 'A', phone: '1' }, health: { id: '1', name: 'H', mail: 'm' } } as const
  for (const order of [
    ['archives', 'health'],
    ['health', 'archives'],
  ] as const) {
    const hub = await openTestHub(t)
    await publishShops(hub)
    const text = { type: 'string', maxLength: 40 }
    const properties = { id: text, name: { ...text, authority: 'health' }, phone: text, mail: text }
    const document = documentWith({ id: 'contact', key: ['id'], subjects: ['id'], properties })
    const oneOf = [{ required: ['phone'] }, { required: ['mail'] }]
    await publishStandard(hub, tester, { ...document, oneOf } as typeof document)
    for (const department of ['archives', 'health']) {
      await publishAdapter(hub, tester, {
        adapter: { department, name: 'contacts', version: '1.0.0', titles },
        standard: { id: 'contact', major: 1 },
        source: { format: 'ndjson', records: '' },
        mode: 'delta',
        withdraw: { when: { path: 'gone', is: 'yes' } },
        fields: { id: { from: 'id' }, name: { from: 'name' }, phone: { from: 'phone' }, mail: { from: 'mail' } },
      })
    }
    const tell = (department: string, what: object) =>
      deliver(hub, { adapter: `${department}/contacts`, body: chunks(JSON.stringify(what)), by: tester })
    const now = async (): Promise<JsonObject> =>
      JSON.parse(decodeUtf8((await readRecord(hub.store.read, 'contact', '1'))?.body ?? '')) as JsonObject
    for (const department of order) await tell(department, said[department])
    t.same(await now(), said.archives)
    const [found] = await listDiscrepancies(hub.store.read, { limit: 9 })
    t.match(found, { field: 'name', stands: 'archives' }, 'not its authority, whose word is not in the record')
    t.match(await remerge(hub, tester, 'contact'), { merged: 1, changed: 0 })

    await tell('health', { id: '1', name: 'H', phone: '2' })
    t.same(await now(), { id: '1', name: 'H', phone: '1' }, 'together they are valid again: field by field')
    await tell('health', said.health)
    t.same(await now(), said.archives)
    await tell('archives', { id: '1', gone: 'yes' })
    t.same(await now(), said.health, 'nothing of it was lost')
  }
})

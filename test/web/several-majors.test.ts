/** Over HTTP: a client of the older major goes on getting what it got when records come by the newer one. */
import t from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { moveAdapters, publishThing2 } from '../exchange/thing-majors.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'

t.test(
  'the same record has the same tag, a filter finds it, and CSV and XML show it as one of the older major',
  async t => {
    const hub = await openTestHub(t)
    await publishThings(hub)
    await putDepartment(hub, tester, { id: 'archives', titles: { 'zh-CN': '测试', en: 'Test' } })
    const terms = { id: 'reader', department: 'archives', title: 'Reader', scopes: ['read'] } as const
    const client = await createClient(hub, tester, terms)
    await createAgreement(hub, tester, {
      department: 'archives',
      standard: 'thing',
      fields: ['id', 'name', 'note', 'secret'],
      operations: ['read', 'list', 'export'],
      matters: ['m'],
      from: new Date(0),
      until: new Date('2100-01-01'),
    })
    const url = await serve(t, hub)
    const authorization = `Bearer ${await tokenFor(url, client)}`
    const call = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${url}/v1/standards/thing/${path}`, { headers: { authorization, 'concord-matter': 'm', ...headers } })

    const thing = { id: '1', name: 'a', note: 'n', secret: 's' }
    await deliverThings(hub, 'data-bureau/input', [thing])
    const etag = (await call('records/1')).headers.get('etag') ?? ''
    await publishThing2(hub)
    await moveAdapters(hub)
    await deliverThings(hub, 'data-bureau/input', [thing, { ...thing, id: '2', name: 'b' }])
    t.equal((await call('records/1', { 'if-none-match': etag })).status, 304)
    const second = (await (await call('records/2')).json()) as { version: string }
    t.match(second, { version: '1.0.0', key: '2', data: { name: 'b', secret: 's' }, withheld: [] })
    const page = (await (await call('records?name=b')).json()) as { records: unknown[] }
    t.match(page.records, [{ key: '2' }])
    t.equal(page.records.length, 1)
    t.match(await (await call('export', { accept: 'text/csv' })).text(), /\r\n2,1\.0\.0,1,.*,b,n,s,/)
    t.match(
      await (await call('export', { accept: 'application/xml' })).text(),
      /<version>1\.0\.0<\/version>.*<name>b<\/name>/s,
    )
  },
)

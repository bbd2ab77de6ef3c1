import t from 'tap'
import { deliver } from '../../src/exchange/deliver.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { keysAtMost, lookUp } from '../../src/exchange/lookup.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import { chunks, openTestHub, tester } from '../helper.ts'
import { people, publishPeople } from './people.ts'
import { entriesSince, granted, jsonOf, type Served } from './reading.ts'
import { deliverThings, publishThings } from './things.ts'

type Found = { readonly records: Served[]; readonly missing: string[] }

t.test('a lookup gives each record as a read does, in the order asked, and says what is missing', async t => {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const ids = Array.from({ length: 20 }, (_, at) => `k${at}`)
  await deliverThings(
    hub,
    'data-bureau/input',
    ids.map((id, at) => ({ id, name: at % 2 ? 'a' : 'b', secret: `s${at % 4}` })),
  )
  await deliverThings(hub, 'data-bureau/input', [{ id: 'k1', gone: 'yes' }])
  const call = await granted(hub, 'm', { fields: ['id', 'name', 'secret'], rows: { name: ['a'] } })
  const keys = ['k5', 'nothing', 'k2', 'k3', 'k5', 'k1', 'k19']
  const from = await hub.log.size()
  const answer = await lookUp(hub, call(), keys)
  const { records, missing } = jsonOf<Found>(answer)
  t.same(
    records.map(({ key }) => key),
    ['k5', 'k3', 'k19'],
  )
  t.same(missing, ['nothing', 'k2', 'k1'], 'not there, not reached, withdrawn')
  const pseudonyms = (list: string[]) => list.map(key => recordPseudonym(hub.keys.pseudonym, 'thing', key))
  t.match(await entriesSince(hub, from), [
    {
      operation: 'lookup', outcome: 'disclosed', count: 3, fields: ['id', 'name', 'secret'],
      records: pseudonyms(['k5', 'k3', 'k19']), subjects: ['s1', 's3'].map(text => subjectPseudonym(hub.keys.pseudonym, text)),
    },
    { operation: 'lookup', outcome: 'refused', problem: 'record-unknown', count: 0, records: pseudonyms(['nothing', 'k2', 'k1']) },
  ]) // prettier-ignore
  t.equal(answer.entry, from, 'the number of the first')
  for (const record of records) {
    t.same(record, jsonOf(await discloseRecord(hub, call(), { key: record.key, knownTags: [] })), 'lookup is read')
  }
  const some = jsonOf<Found>(await lookUp(hub, call(['name', 'note']), ['k5']))
  t.match(some.records, [{ data: { name: 'a' }, withheld: ['note'] }])

  const before = await hub.log.size()
  const none = await lookUp(hub, call(), ['k2'])
  t.same(jsonOf(none), { records: [], missing: ['k2'] })
  t.equal(none.entry, before)
  t.match(await entriesSince(hub, before), [{ outcome: 'refused', problem: 'record-unknown' }])
})

t.test('a thousand keys are found, or missed, in entries that name them all', async t => {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const ids = Array.from({ length: keysAtMost }, (_, at) => `k${at}`)
  await deliverThings(
    hub,
    'data-bureau/input',
    ids.map((id, at) => ({ id, secret: `s${at}` })),
  )
  const call = await granted(hub, 'm', { fields: ['id', 'secret'] })
  const from = await hub.log.size()
  const found = jsonOf<Found>(await lookUp(hub, call(), ids))
  t.same(
    found.records.map(({ data }) => data['secret']),
    ids.map((_, at) => `s${at}`),
  )
  await lookUp(
    { ...hub },
    { ...call(), case: '案'.repeat(200) },
    ids.map(id => `no ${id}`),
  )
  const entries = await entriesSince(hub, from)
  const disclosed = entries.filter(({ outcome }) => outcome === 'disclosed')
  t.ok(disclosed.length > 1, 'several entries')
  t.equal(new Set(disclosed.flatMap(({ records = [] }) => records)).size, keysAtMost)
  t.equal(new Set(disclosed.flatMap(({ subjects = [] }) => subjects)).size, keysAtMost)
  t.equal(
    disclosed.reduce((sum, { count }) => sum + count, 0),
    keysAtMost,
  )
  t.equal(entries.at(-1)?.records?.length, keysAtMost)
})

t.test('of a standard whose key is sealed, the key comes and goes in bodies, and stands nowhere else', async t => {
  const hub = await openTestHub(t)
  await publishPeople(hub)
  await deliver(hub, {
    adapter: 'public-security/people',
    body: chunks(people.map(person => JSON.stringify(person)).join('\n')),
    by: tester,
  })
  const [one, two] = people
  const call = await granted(hub, 'm', { standard: 'person-basic', fields: ['idNumber', 'name'] })
  const from = await hub.log.size()
  const { records, missing } = jsonOf<Found>(
    await lookUp(hub, call(), [two.idNumber, one.idNumber, '331199190402291029']),
  )
  t.match(records, [
    { key: two.idNumber, data: { idNumber: two.idNumber, name: two.name } },
    { key: one.idNumber, data: { idNumber: one.idNumber, name: one.name } },
  ])
  t.same(missing, ['331199190402291029'])
  t.notMatch(JSON.stringify(await entriesSince(hub, from)), /33119919/)
  await t.rejects(discloseRecord(hub, call(), { key: one.idNumber, knownTags: [] }), { code: 'request-invalid' })
})

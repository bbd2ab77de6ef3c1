/** What the client tells of the end of a major: by replies, and in the changes. */
import t from 'tap'
import { ConcordClient, type Change, type Deprecation, type Notice } from '../../src/client/client.ts'
import { deprecationOf } from '../../src/client/deprecation.ts'
import { deprecateMajor, restoreMajor, tryDeprecation } from '../../src/exchange/majors.ts'
import { tester, type TestHub } from '../helper.ts'
import { openServer } from './answering-server.ts'
import { collected, deliverPremises, openServedHub, standard } from './served-hub.ts'

const major1 = { standard, major: 1 }

async function deprecate(hub: TestHub, sunset: string): Promise<void> {
  const asked = { ...major1, sunset: new Date(sunset), reason: 'r' }
  const { digest: uses } = await tryDeprecation(hub, tester, asked)
  await deprecateMajor(hub, tester, { ...asked, uses })
}

t.test('a deprecation is told once, and again when its sunset changes; of refused calls too', async t => {
  const { hub, options } = await openServedHub(t)
  const told: Deprecation[] = []
  const premises = new ConcordClient({ ...options, onDeprecation: each => told.push(each) }).standard(standard)
  await premises.read('901~11')
  t.same(told, [])
  await deprecate(hub, '2026-06-01')
  await t.rejects(premises.read('901~1999'), { code: 'record-unknown' })
  await premises.read('901~11')
  await collected(premises.export())
  const documentation = new URL(`/v1/standards/${standard}/majors/1`, options.url)
  const deprecatedAt = new Date('2026-03-01T08:00:00Z')
  t.strictSame(told, [{ standard, deprecatedAt, sunset: new Date('2026-06-01'), documentation, successor: undefined }])
  await deprecate(hub, '2026-07-01')
  await premises.lookup(['901~11'])
  t.match(told.slice(1), [{ sunset: new Date('2026-07-01') }])
})

t.test('notices come between the changes, in their place, and break nobody who does not ask for them', async t => {
  const { hub, premises } = await openServedHub(t)
  await deprecate(hub, '2026-06-01')
  await deliverPremises(hub, { count: 20, deviations: { 1: 'changed' } })
  await restoreMajor(hub, tester, major1)
  const all: string[] = []
  const cursors: string[] = []
  const cursor = () => ({ read: async () => undefined, write: async (text: string) => void cursors.push(text) })
  const onNotice = async ({ kind, sunset }: Notice): Promise<void> => {
    await Promise.resolve()
    all.push(`${kind} ${sunset ?? ''}`)
  }
  const word = (change: Change<unknown>): string => (change.kind === 'record' ? change.record.key : change.kind)
  for await (const change of premises.changes({ cursor: cursor(), follow: false, limit: 7, onNotice }))
    all.push(word(change))
  t.same(all.slice(20), ['deprecated 2026-06-01T00:00:00.000Z', '901~11', 'restored '])
  t.equal(cursors.length, 4, 'each page was noted')
  const deaf = await collected(premises.changes({ cursor: cursor(), follow: false }))
  t.same(
    deaf.map(word),
    all.filter(each => each.startsWith('901')),
  )
})

t.test('a kind of change that the client does not know is passed over', async t => {
  const pages = [
    {
      changes: [
        { kind: 'moon', phase: 1 },
        { kind: 'removed', key: 'k', revision: 2, updatedAt: 'then' },
      ],
      cursor: 'a',
    },
    { changes: [], cursor: 'a' },
  ]
  const { client } = await openServer(
    t,
    pages.map(page => [200, JSON.stringify(page)] as const),
  )
  const cursor = { read: async () => undefined, write: async () => {} }
  const changes = await collected(client.standard('thing').changes({ cursor, follow: false }))
  t.same(
    changes.map(({ kind }) => kind),
    ['removed'],
  )
})

t.test('what headers say is read as the RFCs write it, and nothing else is', async t => {
  const url = new URL('https://hub.example/base/v1/standards/thing/records/1')
  const read = (headers: Record<string, string>) => deprecationOf(url, new Headers(headers))
  const whole = {
    deprecation: '@1688169599',
    sunset: 'Sun, 30 Jun 2024 23:59:59 GMT',
    link: '<https://docs.example/d,e>; rel="deprecation"; type="text/html", </v2>;rel="successor-version"',
  }
  t.strictSame(read(whole), {
    standard: 'thing',
    deprecatedAt: new Date('2023-06-30T23:59:59Z'),
    sunset: new Date('2024-06-30T23:59:59Z'),
    documentation: new URL('https://docs.example/d,e'),
    successor: new URL('https://hub.example/v2'),
  })
  t.match(read({ deprecation: '@1688169599' }), { sunset: undefined, documentation: undefined, successor: undefined })
  t.equal(read({ sunset: whole.sunset }), undefined)
  t.equal(read({ ...whole, deprecation: 'true' }), undefined)
  t.equal(deprecationOf(new URL('https://hub.example/oauth/token'), new Headers(whole)), undefined)
})

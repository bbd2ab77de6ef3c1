import t from 'tap'
import { listRejects } from '../../src/store/quarantine.ts'
import { openTestHub } from '../helper.ts'
import { deliverThings, publishThings, thingsOf, type Thing } from './things.ts'

const hub = await openTestHub(t)
await publishThings(hub)

let cases = 0

/** Deliveries one after the other, under keys of their own; what each receipt counts, and what there is in the end. */
async function say(adapter: string, ...inputs: Thing[][]) {
  const prefix = `${++cases}-`
  const receipts: string[] = []
  for (const input of inputs) {
    const things = input.map(thing => ({ ...thing, id: prefix + thing.id }))
    const { accepted, unchanged, withdrawn, rejected } = await deliverThings(hub, `data-bureau/${adapter}`, things)
    receipts.push([accepted, unchanged, withdrawn, rejected].join(' '))
  }
  return { receipts, things: await thingsOf(hub, prefix) }
}

const a = { id: '1', name: 'a' }
const b = { id: '1', name: 'b' }
const gone = { id: '1', gone: 'yes' } as const
const bad = { id: '1', name: 'a name that is too long' }

t.test('a record may withdraw a key: of it only the key is read', async t => {
  t.same(await say('plain', [a], [gone]), { receipts: ['1 0 0 0', '0 0 1 0'], things: {} })
  t.same(await say('plain', [gone]), { receipts: ['0 1 0 0'], things: {} }, 'nothing was there')
  t.same(await say('plain', [a], [gone], [b]), {
    receipts: ['1 0 0 0', '0 0 1 0', '1 0 0 0'],
    things: { 1: { name: 'b' } },
  })
  t.same(await say('plain', [a], [{ ...bad, gone: 'yes' }]), { receipts: ['1 0 0 0', '0 0 1 0'], things: {} })
  const keyless = { name: 'x', gone: 'yes' } as unknown as Thing
  t.match(await deliverThings(hub, 'data-bureau/plain', [keyless]), { withdrawn: 0, rejected: 1 })
})

t.test('without an order, a withdrawal and a record of one key contradict each other like two records', async t => {
  t.same(await say('plain', [a, gone]), { receipts: ['1 0 0 1'], things: { 1: { name: 'a' } } })
  t.same(await say('plain', [gone, a]), { receipts: ['0 1 0 1'], things: {} })
  t.same(await say('plain', [a], [gone, gone, b]), { receipts: ['1 0 0 0', '0 1 1 1'], things: {} })
  const padding = Array.from({ length: 1000 }, (_, index) => ({ id: `p${index}` }))
  const { receipts } = await say('plain', [gone, ...padding, a])
  t.same(receipts, ['1000 1 0 1'], 'however far they are apart')
})

t.test('with the order of the input, the later record of a key stands, withdrawals included', async t => {
  t.same(await say('input', [a, b, a]), { receipts: ['1 2 0 0'], things: { 1: { name: 'a' } } })
  t.same(await say('input', [a, gone]), { receipts: ['0 2 0 0'], things: {} })
  t.same(await say('input', [a], [b, gone]), { receipts: ['1 0 0 0', '0 1 1 0'], things: {} })
  t.same(await say('input', [a], [gone, b]), { receipts: ['1 0 0 0', '1 1 0 0'], things: { 1: { name: 'b' } } })
  const padding = Array.from({ length: 1000 }, (_, index) => ({ id: `p${index}` }))
  const { things } = await say('input', [a, ...padding, b])
  t.same(things['1'], { name: 'b' }, 'in another batch too')
})

t.test('with a mark, the greater stands, in one delivery and in another', async t => {
  const [a9, b10, gone11] = [
    { ...a, v: '9' },
    { ...b, v: '10' },
    { ...gone, v: '11' },
  ]
  const isB = { 1: { name: 'b' } }
  t.same(await say('marked', [b10, a9]), { receipts: ['1 1 0 0'], things: isB })
  t.same(await say('marked', [b10], [a9]), { receipts: ['1 0 0 0', '0 1 0 0'], things: isB })
  t.same(await say('marked', [a9], [b10]), { receipts: ['1 0 0 0', '1 0 0 0'], things: isB })
  t.same(await say('marked', [b10], [gone11], [a9], [b10]), {
    receipts: ['1 0 0 0', '0 0 1 0', '0 1 0 0', '0 1 0 0'],
    things: {},
  })
  t.same(await say('marked', [gone11], [b10]), { receipts: ['0 1 0 0', '0 1 0 0'], things: {} }, 'nothing was there')
  t.same(
    await say('marked', [{ ...a, v: '12' }], [{ ...b, v: '11' }], [{ ...a, v: '11.5' }]).then(({ things }) => things),
    { 1: { name: 'a' } },
  )
})

t.test(
  'an equal mark is a duplicate in one delivery; in a later one it stands, for the adapter may be mended',
  async t => {
    const [one, other] = [
      { ...a, v: '9' },
      { ...b, v: '9.0' },
    ]
    t.same(await say('marked', [one, other]), { receipts: ['1 0 0 1'], things: { 1: { name: 'a' } } })
    t.same(await say('marked', [one], [other]), { receipts: ['1 0 0 0', '1 0 0 0'], things: { 1: { name: 'b' } } })
  },
)

t.test('a raised mark counts, though nothing else has changed', async t => {
  const { things } = await say('marked', [{ ...a, v: '5' }], [{ ...a, v: '8' }], [{ ...b, v: '6' }])
  t.same(things, { 1: { name: 'a' } })
})

t.test('an older record does not close the reject of a newer one', async t => {
  const rejects = async (state: 'open' | 'closed') =>
    (await listRejects(hub.store.read, { adapter: 'data-bureau/marked', state, limit: 1000 })).length
  const [open, closed] = [await rejects('open'), await rejects('closed')]
  await say('marked', [{ ...bad, v: '9' }], [{ ...b, v: '5' }])
  t.equal(await rejects('open'), open + 1)
  await say('marked', [{ ...bad, v: '9' }], [{ ...b, v: '10' }])
  t.equal(await rejects('open'), open + 1)
  t.equal(await rejects('closed'), closed + 1)
})

t.test('in a snapshot, what is withdrawn counts as not there, and marks decide within it only', async t => {
  const adapter = 'data-bureau/list'
  await deliverThings(hub, adapter, [{ id: 'l1', name: 'a' }, { id: 'l2' }, { id: 'l3' }])
  t.match(await deliverThings(hub, adapter, [{ id: 'l1', gone: 'yes' }, { id: 'l2' }]), { unchanged: 1, withdrawn: 2 })
  t.match(await deliverThings(hub, adapter, [{ id: 'l2', gone: 'yes' }]), { withdrawn: 1 })
  await deliverThings(hub, adapter, [{ id: 'l1' }, { id: 'l2' }])
  const nothing = await deliverThings(hub, adapter, [{ id: 'l1', gone: 'yes' }])
  t.match(nothing, { withdrawn: 1 }, 'a list of nothing is more likely a mistake: what it lacks stays')
  t.same(Object.keys(await thingsOf(hub, 'l')), ['2'])

  const marked = 'data-bureau/marked-list'
  t.match(
    await deliverThings(hub, marked, [
      { id: 'm1', name: 'a', v: '9' },
      { id: 'm1', name: 'b', v: '8' },
    ]),
    { accepted: 1, unchanged: 1 },
  )
  t.match(
    await deliverThings(hub, marked, [{ id: 'm1', name: 'c', v: '3' }]),
    { accepted: 1 },
    'a snapshot says all anew',
  )
  t.same(await thingsOf(hub, 'm'), { 1: { name: 'c' } })
  t.same(await hub.store.read.all(`SELECT 1 FROM order_marks WHERE adapter = '${marked}'`), [], 'and leaves no marks')
})

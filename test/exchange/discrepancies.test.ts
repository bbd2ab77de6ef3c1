/** Where departments differ: who sees it, how it is settled, and when it is open again. */
import t, { type Test } from 'tap'
import { findDiscrepancies, settle, showDiscrepancy } from '../../src/exchange/discrepancies.ts'
import type { By } from '../../src/exchange/hub.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import { rotateKeys } from '../../src/exchange/rotate-keys.ts'
import { recordPseudonym } from '../../src/seal/pseudonym.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { entriesSince } from './reading.ts'
import { publishShops, say } from './voices.ts'

const steward = (department: string): By => ({ actor: { kind: 'user', id: 'wang' }, department, request: 'r' })
const owner = steward('data-bureau')

async function openDiffering(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishShops(hub)
  await say(hub, 'archives', { id: '1', name: 'MARKER-a', note: 'MARKER-x' })
  hub.pass(1000)
  await say(hub, 'health', { id: '1', name: 'MARKER-b', note: 'MARKER-x' })
  return hub
}

async function only(hub: TestHub, by: By = owner) {
  const found = await findDiscrepancies(hub, by, { limit: 10 })
  if (found.length !== 1 || found[0] === undefined) throw new Error(`there are ${found.length}`)
  return found[0]
}

t.test(
  'owner and both departments see field, record and departments; nobody sees a value; each look is an entry',
  async t => {
    const hub = await openDiffering(t)
    const from = await hub.log.size()
    for (const department of ['data-bureau', 'archives', 'health']) {
      t.match(await only(hub, steward(department)), {
      standard: 'shop', key: '1', field: 'name', leaves: ['name'], stands: 'archives', state: 'open',
      sides: [{ department: 'archives', adapter: 'archives/shops' }, { department: 'health', adapter: 'health/shops' }],
      since: '2026-03-01T08:00:01.000Z', decision: null,
    }) // prettier-ignore
    }
    const { id } = await only(hub)
    t.match(await showDiscrepancy(hub, owner, id), { own: [], reason: null })
    const shown = await showDiscrepancy(hub, steward('health'), id)
    t.match(shown.own, [{ adapter: 'health/shops', recordId: null }])
    t.equal(shown.own.length, 1, 'its own source only')
    t.same(await findDiscrepancies(hub, steward('somebody'), { limit: 10 }), [])
    await t.rejects(showDiscrepancy(hub, steward('somebody'), id), { code: 'discrepancy-unknown' })
    const entries = await entriesSince(hub, from)
    t.match(entries[0], {
    operation: 'audit', department: 'data-bureau', count: 1, detail: { act: 'list-discrepancies' },
    records: [recordPseudonym(hub.keys.pseudonym, 'shop', '1')],
  }) // prettier-ignore
    t.notMatch(JSON.stringify([shown, entries]), /MARKER/)
  },
)

t.test('settled by the owner alone; its reason is sealed, outlives a rotation, and is in no entry', async t => {
  const hub = await openDiffering(t)
  const { id } = await only(hub)
  const decision = { id, decision: 'authority-stands', reason: 'REASON-MARKER' } as const
  await t.rejects(settle(hub, steward('archives'), decision), { code: 'owner-only', message: /data-bureau/ })
  await t.rejects(settle(hub, steward('somebody'), decision), { code: 'discrepancy-unknown' })
  const from = await hub.log.size()
  t.match(await settle(hub, owner, decision), {
    state: 'settled',
    decision: 'authority-stands',
    reason: 'REASON-MARKER',
  })
  const entries = await entriesSince(hub, from)
  t.match(entries, [
    {
      operation: 'settle',
      standard: 'shop',
      fields: ['name'],
      detail: { discrepancy: id, decision: 'authority-stands' },
    },
  ])
  t.notMatch(JSON.stringify(entries), /MARKER/)
  t.notMatch(JSON.stringify(await hub.store.read.all('SELECT * FROM discrepancies')), /MARKER/)
  await rotateKeys(hub, tester)
  t.match(await showDiscrepancy(hub, steward('health'), id), { reason: 'REASON-MARKER', decidedBy: 'user:wang' })
  t.match(
    await settle(hub, tester, { ...decision, decision: 'both-valid' }),
    { decision: 'both-valid' },
    'an operator may',
  )
})

t.test('what is settled is open again when one of the two values changes, and at nothing else', async t => {
  const hub = await openDiffering(t)
  const { id } = await only(hub)
  await settle(hub, owner, { id, decision: 'will-be-corrected', reason: 'r' })
  await say(hub, 'archives', { id: '1', name: 'MARKER-a', note: 'other' })
  const note = await findDiscrepancies(hub, owner, { state: 'open', limit: 10 })
  t.same(
    note.map(({ field }) => field),
    ['note'],
    'another field is another discrepancy',
  )
  await say(hub, 'archives', { id: '1', name: 'MARKER-a', note: 'MARKER-x' })
  const settled = async () =>
    (await findDiscrepancies(hub, owner, { state: 'settled', limit: 10 })).map(each => each.id)
  t.same(await settled(), [id])
  await say(hub, 'data-bureau', { id: '1', note: 'MARKER-x' })
  t.same(await settled(), [id], 'a third voice')

  const gone = await say(hub, 'health', { id: '1', gone: 'yes' })
  t.same(await findDiscrepancies(hub, owner, { state: 'settled', limit: 10 }), [])
  await t.rejects(settle(hub, owner, { id, decision: 'both-valid', reason: 'r' }), { code: 'discrepancy-state' })
  await revertDelivery(hub, { delivery: gone.delivery, by: tester })
  t.same(await settled(), [id], 'the same two values are back')

  const mistaken = await say(hub, 'health', { id: '1', name: 'by mistake', note: 'MARKER-x' })
  t.same(await settled(), [])
  await revertDelivery(hub, { delivery: mistaken.delivery, by: tester })
  t.same(await settled(), [id], 'and once more, after other ones')
  t.match(await showDiscrepancy(hub, owner, id), { decision: 'will-be-corrected', reason: 'r' })

  hub.pass(60_000)
  await say(hub, 'health', { id: '1', name: 'c', note: 'MARKER-x' })
  const [open] = await findDiscrepancies(hub, owner, { state: 'open', limit: 10 })
  t.match(open, { id, decision: null, decidedBy: null, since: '2026-03-01T08:01:01.000Z' })
  await say(hub, 'health', { id: '1', name: 'MARKER-a', note: 'MARKER-x' })
  t.same(await findDiscrepancies(hub, owner, { state: 'open', limit: 10 }), [], 'they agree')
  await say(hub, 'archives', { id: '1', name: 'd', note: 'MARKER-x' })
  t.match(
    await findDiscrepancies(hub, owner, { state: 'open', limit: 10 }),
    [{ id, state: 'open' }],
    'and differ again',
  )
})

t.test('pages go on from where the last one ended, by every filter', async t => {
  const hub = await openTestHub(t)
  await publishShops(hub)
  for (const id of ['1', '2', '3', '4', '5']) {
    await say(hub, 'archives', { id, name: 'a' })
    await say(hub, id === '3' ? 'data-bureau' : 'health', { id, name: 'b' })
    if (id !== '4') hub.pass(1000)
  }
  const seen: string[] = []
  let after: { since: string; id: string } | undefined
  for (;;) {
    const page = await findDiscrepancies(hub, owner, { limit: 2, after })
    seen.push(...page.map(({ key }) => key))
    const last = page.at(-1)
    if (last === undefined) break
    after = { since: last.since, id: last.id }
  }
  t.same(seen.toSorted(), ['1', '2', '3', '4', '5'])
  const keysOf = async (filter: object, by = owner) =>
    (await findDiscrepancies(hub, by, { limit: 10, ...filter })).map(({ key }) => key).sort()
  t.same(await keysOf({ department: 'data-bureau' }), ['3'])
  t.same(await keysOf({}, steward('health')), ['1', '2', '4', '5'])
  t.same(await keysOf({ standard: 'other' }), [])
  t.same(await keysOf({ state: 'gone' }), [])
})

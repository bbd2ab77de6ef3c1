import t from 'tap'
import { hash } from 'node:crypto'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { discloseHistory } from '../../src/exchange/disclose-history.ts'
import { disclosePage } from '../../src/exchange/disclose-page.ts'
import { isKnown } from '../../src/exchange/disclosure.ts'
import { openTestHub } from '../helper.ts'
import { entriesSince, granted } from './reading.ts'
import { deliverThings, publishThings } from './things.ts'

t.test('no tag can be guessed from the values that it stands for, so that no 304 tells one uncharged', async t => {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', note: 'n' }])
  const call = (await granted(hub, 'm', { fields: ['id', 'note'] }))(['note'])
  const digest = hash('sha256', '{"note":"n"}', 'base64url')
  const paging = { limit: 10, cursor: undefined }
  const replies = {
    read: (knownTags: string[]) => discloseRecord(hub, call, { key: '1', knownTags }),
    list: (knownTags: string[]) => disclosePage(hub, call, { ...paging, filters: new Map(), knownTags }),
    history: (knownTags: string[]) => discloseHistory(hub, call, { ...paging, key: '1', knownTags }),
  }
  const listed = { read: digest, list: `${digest} 1\nnull`, history: `1 ${digest}\nnull` }
  for (const [operation, reply] of Object.entries(replies)) {
    const { etag } = await reply([])
    const mark = etag.slice(etag.indexOf('.'))
    const text = listed[operation as keyof typeof listed]
    const guesses = [digest, hash('sha256', text, 'base64url')].map(guess => `W/"${guess}${mark}`)
    t.notOk((await reply([...guesses, '*'])).body === undefined, operation)
    t.match((await entriesSince(hub)).at(-1), { operation, outcome: 'disclosed' })
    t.equal((await reply([etag])).body, undefined, `${operation}: who was sent it has it`)
  }
})

t.test('tags are compared weakly', t => {
  const cases: [known: string[], isHad: boolean][] = [
    [['W/"a"'], true],
    [['"a"'], true],
    [['"b"', 'W/"a"'], true],
    [['"b"'], false],
    [['*'], false],
    [[], false],
  ]
  for (const [known, isHad] of cases) t.equal(isKnown('W/"a"', known), isHad, known.join())
  t.end()
})

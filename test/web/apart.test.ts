import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { undecidedComparison } from '../../src/catalogue/compare/compare.ts'
import { Apart } from '../../src/exchange/apart.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { openHub, type Hub } from '../../src/exchange/hub.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { SchemaNode, StandardDocument } from '../../src/standard.ts'
import { folder, serve, tester, tokenFor } from '../helper.ts'
import { documentOf, titles } from '../validate/fixture.ts'

/** So many fields, no longer than that: what is narrowed is searched for long. */
function version(number: string, fields: number, maxLength: number): StandardDocument {
  const field = { titles, level: 'L1', type: 'string', pattern: '^[a-z]*$', maxLength } as const
  const names = Array.from({ length: fields }, (_, i) => `f${i}`)
  const document = documentOf({
    properties: Object.fromEntries(names.map((name): [string, SchemaNode] => [name, field])),
  })
  const $id = document.$id.replace('v1', `v${number[0]}`)
  return { ...document, $id, standard: { ...document.standard, version: number } }
}

async function openServer(t: Test, apartSeconds: number): Promise<Hub> {
  const config = readConfig({ CONCORD_DATA_DIR: folder(t), CONCORD_LOG_LEVEL: 'silent', CONCORD_PORT: '0' })
  const hub = await openHub(config, { server: true, apartSeconds })
  t.teardown(() => hub.close())
  await putDepartment(hub, tester, { id: 'market-regulation', titles })
  return hub
}

t.test('the hub answers while a comparison runs to its deadline, and then calls it undecided', async t => {
  const hub = await openServer(t, 0.5)
  await publishStandard(hub, tester, version('1.0.0', 400, 20))
  const options = { id: 'feed', department: 'market-regulation', title: 'feed', scopes: ['publish'] } as const
  const client = await createClient(hub, tester, options)
  const url = await serve(t, hub)
  const headers = { authorization: `Bearer ${await tokenFor(url, client)}`, 'content-type': 'application/json' }
  const compare = (document: StandardDocument): Promise<Response> =>
    fetch(`${url}/v1/standards/sample/compare`, { method: 'POST', headers, body: JSON.stringify(document) })

  let isCompared = false
  const comparing = compare(version('1.0.1', 400, 5)).finally(() => (isCompared = true))
  // Until the thread is at work, which only the hub's own loop can tell.
  while (!hub.apart.isBusy && !isCompared) await fetch(`${url}/healthz`)
  t.equal((await fetch(`${url}/healthz`)).status, 200)
  t.notOk(isCompared, 'the comparison is still under way')

  const reply = await comparing
  t.equal(reply.status, 200)
  const { comparison, fault } = (await reply.json()) as {
    comparison: { verdict: string; changes: object[] }
    fault: string
  }
  t.equal(comparison.verdict, 'major')
  t.match(comparison.changes, [{ pointer: '', code: 'comparison-undecided', impact: 'major', isDecided: false }])
  t.match(fault, /2\.0\.0/)

  const large = await compare({ ...version('1.0.1', 1, 5), description: 'a'.repeat(1024 * 1024) })
  t.equal(large.status, 413, 'a document of a megabyte is none that people write')
})

t.test('a thread that was ended is followed by another, which compares', async t => {
  const [before, after] = [version('1.0.0', 400, 20), version('1.0.1', 400, 5)]
  const apart = new Apart({ thread: true, seconds: 0.5 })
  t.teardown(() => apart.close())
  t.equal(await apart.compare({ kind: 'compare', before, after, lists: [] }), undefined)
  const small = { kind: 'compare', before: version('1.0.0', 1, 20), after: version('2.0.0', 1, 5), lists: [] } as const
  t.match(await apart.compare(small), { verdict: 'major', changes: [{ code: 'length-narrowed', isDecided: true }] })
  t.match(undecidedComparison(before, after), { from: '1.0.0', to: '1.0.1', verdict: 'major' })
})

t.test('one comparison is made at a time, some wait, and more are refused', async t => {
  const apart = new Apart({ thread: true, seconds: 30 })
  t.teardown(() => apart.close())
  const task = { kind: 'compare', before: version('1.0.0', 1, 20), after: version('2.0.0', 1, 5), lists: [] } as const
  const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => apart.compare(task)))
  const refused = outcomes.filter(outcome => outcome.status === 'rejected')
  t.equal(outcomes.length - refused.length, 9)
  t.match(refused, Array(3).fill({ reason: { code: 'overloaded' } }))
})

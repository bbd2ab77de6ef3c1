import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCase } from '../../src/exchange/case-document.ts'
import { discloseCase, listAdapterCases, putCase, removeCase } from '../../src/exchange/case-acts.ts'
import { casesAgainst } from '../../src/exchange/cases.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import type { By } from '../../src/exchange/hub.ts'
import { publishAdapter, rollBackAdapter } from '../../src/exchange/publish-adapter.ts'
import { rotateKeys } from '../../src/exchange/rotate-keys.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readStandard, type StandardDocument } from '../../src/standard.ts'
import { inputFiles } from '../../src/exchange/case-files.ts'
import { fixture, folder, openStarterHub, openTestHub, tester, type TestHub } from '../helper.ts'
import { publishThings, thingAdapter } from './things.ts'

const id = 'archives/plain'
const titles = { 'zh-CN': '测试', en: 'Test' }

/** A version of the adapter; `note` says by which rule it fills that field. */
const version = (number: string, note: object = { from: 'note' }): object =>
  thingAdapter('archives', 'plain', {
    adapter: { department: 'archives', name: 'plain', version: number, titles },
    fields: { id: { from: 'id' }, name: { from: 'name' }, note, secret: { from: 'secret' } },
  })

const good = (data: object = { id: '1', name: 'A', note: 'n' }): object => ({
  name: 'good',
  input: '{"id":"1","name":"A","note":"n"}\n',
  expected: { records: [{ key: '1', data }], rejects: [] },
})

async function opened(t: Test, directory?: string): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  return hub
}

async function lastEntry(hub: TestHub): Promise<Entry> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return JSON.parse(entries.at(-1)?.entry ?? '{}') as Entry
}

const codeOf = (error: unknown): string => (error as { code: string }).code

t.test('a version is never changed, and a new one has a higher number than all others', async t => {
  const hub = await opened(t)
  t.match(await publishAdapter(hub, tester, version('1.1.0', { value: 'x' })), { outcome: 'published' })
  t.match(await publishAdapter(hub, tester, version('1.1.0', { value: 'x' })), { outcome: 'unchanged' })
  const refused: [number: string, note: object, code: string][] = [
    ['1.1.0', { value: 'y' }, 'version-published'],
    ['1.0.5', { value: 'y' }, 'version-unfit'],
    ['0.9.0', { value: 'y' }, 'version-unfit'],
  ]
  for (const [number, note, code] of refused) {
    await t.rejects(publishAdapter(hub, tester, version(number, note)), { code }, number)
  }
  t.equal((await hub.published.adapter(id)).version, '1.1.0')
})

t.test('of two that publish at once, the one that comes second and lower is refused', async t => {
  const hub = await opened(t)
  const both = await Promise.allSettled([
    publishAdapter(hub, tester, version('1.2.0', { value: 'x' })),
    publishAdapter(hub, tester, version('1.2.0', { value: 'y' })),
  ])
  t.same(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  t.match(
    both.find(({ status }) => status === 'rejected'),
    { reason: { code: 'version-published' } },
  )
})

t.test('only the adapter’s department publishes it, takes it back, and sees its cases', async t => {
  const hub = await opened(t)
  await publishAdapter(hub, tester, version('1.1.0'), [good()])
  const by = (department: string): By => ({ actor: { kind: 'client', id: 'c' }, department, request: 'r' })
  const acts: [name: string, act: (by: By) => Promise<unknown>][] = [
    ['publish', by => publishAdapter(hub, by, version('1.2.0', { from: 'note', via: ['trim'] }))],
    ['list', by => listAdapterCases(hub, by, id)],
    ['see', by => discloseCase(hub, by, id, 'good')],
    ['put', by => putCase(hub, by, id, readCase({ ...good(), name: 'other' }))],
    ['remove', by => removeCase(hub, by, id, 'good')],
    ['roll back', by => rollBackAdapter(hub, by, id, '1.0.0')],
  ]
  for (const [name, act] of acts) await t.rejects(act(by('data-bureau')), { code: 'owner-only' }, name)
  t.equal((await hub.published.adapter(id)).version, '1.1.0', 'nothing was changed')
  for (const [name, act] of acts) await t.resolves(act(by('archives')), name)
})

t.test('an earlier version is in use again until a new one is published, in every process within a second', async t => {
  const directory = folder(t)
  const hub = await opened(t, directory)
  const other = await openTestHub(t, directory)
  await publishAdapter(hub, tester, version('1.1.0', { value: 'x' }))
  t.match(await rollBackAdapter(hub, tester, id, '1.0.0'), { version: '1.0.0', outcome: 'published' })
  t.match(await lastEntry(hub), {
    operation: 'publish',
    standard: 'thing',
    detail: { kind: 'adapter', act: 'rollback', id, version: '1.0.0', from: '1.1.0' },
  })
  t.equal((await hub.published.adapter(id)).version, '1.0.0')
  const at = performance.now()
  let seen = ''
  while (seen !== '1.0.0' && performance.now() - at < 1000) {
    seen = (await other.published.adapter(id)).version
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  t.equal(seen, '1.0.0')
  t.match(await publishAdapter(hub, tester, version('1.1.0', { value: 'x' })), { outcome: 'unchanged' })
  t.equal((await hub.published.adapter(id)).version, '1.0.0', 'what is there already does not end it')
  await publishAdapter(hub, tester, version('1.2.0', { value: 'y' }))
  t.equal((await hub.published.adapter(id)).version, '1.2.0')
  await t.rejects(rollBackAdapter(hub, tester, id, '9.0.0'), { code: 'adapter-unknown' })
})

t.test('a delivery ends by the version that it began with', async t => {
  const hub = await opened(t)
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"id":"1","note":"a"}\n')
    await publishAdapter(hub, tester, version('1.1.0', { value: 'new' }))
    yield Buffer.from('{"id":"2","note":"b"}\n')
  }
  const { delivery } = await deliver(hub, { adapter: id, body: body(), by: tester })
  const row = await hub.store.read.get<{ version: string }>(
    'SELECT adapter_version AS version FROM deliveries WHERE id = ?',
    [delivery],
  )
  t.equal(row?.version, '1.0.0')
  const bodies = await hub.store.read.all<{ body: string }>('SELECT body FROM revisions ORDER BY seq', [])
  t.same(
    bodies.map(each => (JSON.parse(each.body) as { note: string }).note),
    ['a', 'b'],
  )
})

t.test('a version whose case gives something else is refused: by case and place, and never by value', async t => {
  const hub = await opened(t)
  await publishAdapter(hub, tester, version('1.1.0'), [good()])
  const broken = await publishAdapter(hub, tester, version('1.2.0', { value: 'MARKER' })).catch(
    (error: unknown) => error,
  )
  t.match(broken, {
    code: 'adapter-broken',
    issues: [{ pointer: '/note', code: 'case-differs', message: /archives\/plain, case good: record 1/ }],
  })
  t.notMatch(JSON.stringify(broken) + String(broken), /MARKER/)
  t.equal((await hub.published.adapter(id)).version, '1.1.0')
  t.match(
    await publishAdapter(hub, tester, version('1.2.0', { value: 'MARKER' }), [
      good({ id: '1', name: 'A', note: 'MARKER' }),
    ]),
    { outcome: 'published' },
    'a case that comes with it takes the place of the one of its name',
  )
  t.match(await lastEntry(hub), { detail: { kind: 'adapter', version: '1.2.0', cases: 1 } })
  t.match(await rollBackAdapter(hub, tester, id, '1.1.0'), { outcome: 'published' }, 'each version has its own')
  t.match(await listAdapterCases(hub, tester, id), [{ name: 'good', version: '1.1.0', isPassed: true, issues: [] }])
})

t.test('an earlier version whose cases fail by now is not taken into use', async t => {
  const hub = await opened(t)
  await publishAdapter(hub, tester, version('1.1.0'), [good()])
  await publishAdapter(hub, tester, version('1.2.0', { value: 'x' }), [good({ id: '1', name: 'A', note: 'x' })])
  await rollBackAdapter(hub, tester, id, '1.0.0')
  // It stands for the version in use and all later ones.
  await putCase(hub, tester, id, readCase({ ...good(), name: 'put' }))
  await t.rejects(rollBackAdapter(hub, tester, id, '1.2.0'), {
    code: 'adapter-broken',
    issues: [{ pointer: '/note', message: /case put/ }],
  })
  t.equal((await hub.published.adapter(id)).version, '1.0.0')
})

t.test('a version of a standard is tried with the adapters in use: required fields and cases', async t => {
  const hub = await opened(t)
  await publishAdapter(hub, tester, version('1.1.0'), [good()])
  const { standard } = await hub.published.standard('thing')
  const changed = (
    change: (document: StandardDocument & { required: string[]; properties: Record<string, object> }) => void,
  ) => {
    const document = structuredClone(standard.document) as Parameters<typeof change>[0]
    change(document)
    return readStandard(document)
  }
  t.same(await casesAgainst(hub, tester, standard), [])
  const required = changed(document => {
    document.properties['extra'] = { type: 'string', level: 'L1', titles }
    document.required.push('extra')
  })
  const found = await casesAgainst(hub, tester, required)
  t.equal(found.length, 10, 'each of the ten adapters in use')

  t.ok(
    found.some(({ code, message }) => code === 'required-unmapped' && /archives\/plain 1\.1\.0: .*extra/.test(message)),
  )
  const shorter = changed(document => {
    document.properties['note'] = { type: 'string', maxLength: 0, level: 'L1', titles }
  })
  t.match(await casesAgainst(hub, tester, shorter), [
    { pointer: '/note', message: /archives\/plain, case good: record 1 of the input/ },
  ])
  await rollBackAdapter(hub, tester, id, '1.0.0')
  t.same(await casesAgainst(hub, tester, shorter), [], 'only of the version in use')
})

t.test('cases are sealed, and open after the master key was rotated', async t => {
  const hub = await opened(t)
  const input = '{"id":"1","name":"PLAINTEXT","note":"n"}\n'
  const data = { id: '1', name: 'PLAINTEXT', note: 'n' }
  await publishAdapter(hub, tester, version('1.1.0'), [{ ...good(data), input }])
  const [row] = await hub.store.read.all<{ sealed: string; bytes: number }>('SELECT * FROM adapter_cases', [])
  t.equal(row?.bytes, input.length)
  t.notMatch(JSON.stringify(row), /PLAINTEXT/)
  t.notOk(Buffer.from(row?.sealed ?? '', 'base64').includes('PLAINTEXT'))
  await rotateKeys(hub, tester)
  hub.store.refresh()
  const found = await discloseCase(hub, tester, id, 'good')
  t.equal(Buffer.from(found.case.input).toString(), input)
  t.match(await lastEntry(hub), {
    operation: 'read',
    outcome: 'disclosed',
    detail: { of: 'adapter-case', case: 'good' },
  })
  await removeCase(hub, tester, id, 'good')
  t.match(await lastEntry(hub), { operation: 'publish', detail: { act: 'remove', case: 'good' } })
  t.same(await hub.store.read.all('SELECT * FROM adapter_cases', []), [], 'nothing of it is kept')
  await t.rejects(discloseCase(hub, tester, id, 'good'), { code: 'case-unknown' })
})

t.test('a case that cannot be one is refused, and so is one that fails', async t => {
  const hub = await opened(t)
  const wrong: [name: string, sent: object][] = [
    ['no name', { ...good(), name: undefined }],
    ['a name that is no name', { ...good(), name: '../x' }],
    ['no input', { name: 'a', expected: { records: [], rejects: [] } }],
    ['two inputs', { ...good(), inputBase64: 'YQ==' }],
    ['no base64', { name: 'a', inputBase64: 'a', expected: { records: [], rejects: [] } }],
    ['nothing expected', { name: 'a', input: '' }],
    ['half a character', good({ id: '\ud800' })],
    ['too large', { ...good(), input: 'x'.repeat(256 * 1024 + 1) }],
  ]
  for (const [name, sent] of wrong) {
    t.throws(() => readCase(JSON.parse(JSON.stringify(sent))), { code: 'case-invalid' }, name)
  }
  await t.rejects(publishAdapter(hub, tester, version('1.1.0'), [good(), good()]), { code: 'case-invalid' }, 'twice')
  const many = Array.from({ length: 101 }, (_, index) => ({ ...good(), name: `c${index}` }))
  await t.rejects(publishAdapter(hub, tester, version('1.1.0'), many), { code: 'case-invalid' }, 'too many')
  const failing = readCase(good({ id: '1' }))
  t.equal(await putCase(hub, tester, id, failing).then(String, codeOf), 'adapter-broken')
  t.same(await listAdapterCases(hub, tester, id), [])
})

t.test('the starter catalogue comes with its fixtures as cases, and publishing it again changes nothing', async t => {
  const hub = await openStarterHub(t)
  const { index } = await hub.published.configuration()
  for (const { adapter } of index.adapters) {
    const listed = await listAdapterCases(hub, tester, adapter)
    t.equal(listed.length, inputFiles(fixture(adapter)).length, adapter)
    t.same(listed.filter(({ isPassed }) => !isPassed), [], `${adapter}: all of them pass`)
    t.ok(listed.some(({ rejects }) => rejects > 0), `${adapter}: bad ones among them`)
  }
  const at = performance.now()
  const again = await publishFiles(hub, tester, [join(home, 'adapters')])
  t.comment(`${again.length} adapters with their cases compared in ${Math.round(performance.now() - at)} ms`)
  t.ok(again.every(({ outcome }) => outcome === 'unchanged'))
}) // prettier-ignore

/** What is not disclosed is not unsealed: a sealed text that does not open fails whatever unseals it, and nothing else. */
import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import { join } from 'node:path'
import type { Call } from '../../src/exchange/access-entry.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { discloseHistory } from '../../src/exchange/disclose-history.ts'
import { disclosePage } from '../../src/exchange/disclose-page.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { lookUp } from '../../src/exchange/lookup.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { verify } from '../../src/exchange/verify.ts'
import type { Json } from '../../src/record.ts'
import { chunks, folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { entriesSince, granted } from './reading.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }
const text = { type: 'string', maxLength: 40 }
const sealed = { ...text, level: 'L3' }
const parts = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    properties: { name: { ...text, titles, level: 'L1' }, number: { ...sealed, titles } },
  },
}

const all = ['id', 'name', 'secret', 'other', 'parts.name', 'parts.number']

/** Two revisions of a record; of each, the sealed texts of some fields are then altered. */
async function openPapers(t: Test, altered: readonly string[]): Promise<{ hub: TestHub; then: string }> {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await putDepartment(hub, tester, { id: 'data-bureau', titles })
  const properties = { id: text, name: { ...text, indexed: true }, secret: sealed, other: sealed, parts }
  await publishStandard(hub, tester, documentWith({ id: 'paper', key: ['id'], subjects: ['id'], properties }))
  await publishAdapter(hub, tester, {
    adapter: { department: 'data-bureau', name: 'papers', version: '1.0.0', titles },
    standard: { id: 'paper', major: 1 },
    source: { format: 'ndjson', records: '' },
    mode: 'delta',
    fields: {
      id: { from: 'id' }, name: { from: 'name' }, secret: { from: 'secret' }, other: { from: 'other' },
      parts: { each: 'parts', fields: { name: { from: 'name' }, number: { from: 'number' } } },
    },
  }) // prettier-ignore
  const say = (name: string) => {
    const paper = {
      id: '1',
      name,
      secret: `secret ${name}`,
      other: `other ${name}`,
      parts: [{ name, number: `number ${name}` }],
    }
    return deliver(hub, { adapter: 'data-bureau/papers', body: chunks(JSON.stringify(paper)), by: tester })
  }
  await say('one')
  const then = hub.clock().toISOString()
  hub.pass(1000)
  await say('two')
  const raw = new BetterSqlite(join(directory, 'concord.sqlite'))
  t.teardown(() => raw.close())
  raw.exec('DROP TRIGGER revisions_no_update')
  for (const { seq, sealed: texts } of raw.prepare('SELECT seq, sealed FROM revisions').all() as {
    seq: number
    sealed: string
  }[]) {
    const byField = JSON.parse(texts) as Record<string, string>
    for (const field of altered) byField[field] = Buffer.alloc(80).toString('base64')
    raw.prepare('UPDATE revisions SET sealed = ? WHERE seq = ?').run(JSON.stringify(byField), seq)
  }
  return { hub, then }
}

const claims: Record<string, Json> = { name: 'two', secret: 'x', other: 'x', 'parts.name': 'two', 'parts.number': 'x' }

/** Every call that discloses, for some fields; what comes of it. */
function callsOf(
  hub: TestHub,
  then: string,
): Record<string, (call: Call) => Promise<{ readonly body: Buffer | undefined }>> {
  const knownTags: string[] = []
  return {
    read: call => discloseRecord(hub, call, { key: '1', knownTags }),
    'read as of then': call => discloseRecord(hub, call, { key: '1', asOf: then, knownTags }),
    list: call =>
      disclosePage(hub, call, { filters: new Map([['name', 'two']]), limit: 10, cursor: undefined, knownTags }),
    history: call => discloseHistory(hub, call, { key: '1', limit: 10, cursor: undefined, knownTags }),
    lookup: call => lookUp(hub, call, ['1']),
    verify: call =>
      verify(hub, call, {
        key: '1',
        claims: Object.fromEntries(
          (call.fields ?? []).filter(field => field !== 'id').map(field => [field, claims[field] as Json]),
        ),
      }),
  }
}

for (const [altered, field, others] of [
  ['secret', 'secret', ['name', 'other', 'parts.number', 'parts.name']],
  ['parts.number', 'parts.number', ['name', 'secret', 'other', 'parts.name']],
] as const) {
  t.test(`of a record whose ${altered} does not open, everything else is disclosed, and it is not`, async t => {
    const { hub, then } = await openPapers(t, [altered])
    const everything = await granted(hub, 'everything', { standard: 'paper', fields: all })
    const rest = await granted(hub, 'rest', { standard: 'paper', fields: all.filter(path => path !== field) })
    for (const [what, run] of Object.entries(callsOf(hub, then))) {
      t.ok((await run(everything(others))).body, `${what}: the field was not asked for`)
      t.ok((await run(rest(others))).body, `${what}: the field is not granted`)
      const from = await hub.log.size()
      await t.rejects(run(everything([...others, field])), /does not open/, `${what}: the field was asked for`)
      t.same(await entriesSince(hub, from), [], `${what}: nothing was disclosed`)
    }
  })
}

t.test('open fields are disclosed where no sealed text opens at all, nor any data key', async t => {
  const { hub, then } = await openPapers(t, ['secret', 'other', 'parts.number'])
  await hub.store.transact(tx => tx.run(`UPDATE data_keys SET wrapped = 'none'`))
  const call = await granted(hub, 'm', { standard: 'paper', fields: all })
  for (const [what, run] of Object.entries(callsOf(hub, then))) {
    t.ok((await run(call(['id', 'name', 'parts.name']))).body, what)
    await t.rejects(run(call(['other'])), what)
  }
})

/** Whoever can write to the database file, behind the hub's back, cannot pass off one sealed value as another. */
import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import { join } from 'node:path'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { discloseReject } from '../../src/exchange/quarantine.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readRecord, unsealRecords } from '../../src/store/records.ts'
import { listRejects } from '../../src/store/quarantine.ts'
import { chunks, folder, openTestHub, serve, tester, tokenFor } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { deliverThings, publishThings, thingAdapter } from './things.ts'

const secrets = ['SECRET-a1', 'SECRET-a2', 'SECRET-b1', 'SECRET-b2', 'SECRET-c1', 'SECRET-d1']

/** Three records of subjects of their own, `a` and `b` with an older revision, and a client that may read them. */
async function served(t: Test) {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  const say = (id: string, mark: number, name?: string) =>
    deliverThings(hub, 'archives/plain', [{ id, secret: `SECRET-${id}${mark}`, ...(name !== undefined && { name }) }])
  for (const [id, mark] of [['a', 1], ['b', 1], ['c', 1], ['a', 2], ['b', 2]] as const) await say(id, mark, 'A') // prettier-ignore
  // Of one subject, so that both are sealed by the same data key.
  await deliverThings(hub, 'archives/plain', [
    { id: 'd', secret: 'SECRET-d1', note: 'n' },
    { id: 'e', secret: 'SECRET-d1', note: 'o' },
  ])
  await createAgreement(hub, tester, {
    department: 'archives',
    standard: 'thing',
    major: 1,
    fields: ['id', 'name', 'secret'],
    operations: ['read', 'list'],
    matters: ['m'],
    from: new Date(0),
    until: new Date('2100-01-01'),
  })
  const client = await createClient(hub, tester, { id: 'reader', department: 'archives', title: 'r', scopes: ['read'] })
  const url = await serve(t, hub)
  const headers = { authorization: `Bearer ${await tokenFor(url, client)}`, 'concord-matter': 'm' }
  const read = async (path: string) => {
    const reply = await fetch(`${url}/v1/standards/thing/records${path}`, { headers })
    return { status: reply.status, text: await reply.text() }
  }
  const raw = new BetterSqlite(join(directory, 'concord.sqlite'))
  raw.exec('DROP TRIGGER revisions_no_update; DROP TRIGGER revisions_no_delete')
  t.teardown(() => raw.close())
  return { hub, read, raw }
}

/** The revisions of a record, by its key and the number. */
const of = (key: string, revision: number): string => `(record_key = '${key}' AND revision = ${revision})`
const sealedOf = (key: string, revision: number): string => `(SELECT sealed FROM revisions WHERE ${of(key, revision)})`
const subjectOf = (key: string): string => `(SELECT data_key FROM revisions WHERE ${of(key, 1)})`

const forgeries: readonly { readonly name: string; readonly sql: string; readonly broken: readonly string[] }[] = [
  {
    name: 'a sealed text and its data key moved to another record',
    sql: `CREATE TEMP TABLE kept AS SELECT sealed, data_key FROM revisions WHERE ${of('b', 2)};
          UPDATE revisions SET sealed = (SELECT sealed FROM kept), data_key = (SELECT data_key FROM kept) WHERE ${of('a', 2)}`,
    broken: ['a'],
  },
  {
    name: 'sealed texts of two records of one subject in each other’s place',
    sql: `CREATE TEMP TABLE kept AS SELECT sealed FROM revisions WHERE ${of('d', 1)};
          UPDATE revisions SET sealed = ${sealedOf('e', 1)} WHERE ${of('d', 1)};
          UPDATE revisions SET sealed = (SELECT sealed FROM kept) WHERE ${of('e', 1)}`,
    broken: ['d', 'e'],
  },
  {
    name: 'an older revision’s sealed text in the newest',
    sql: `UPDATE revisions SET sealed = ${sealedOf('a', 1)}, data_key = ${subjectOf('a')} WHERE ${of('a', 2)}`,
    broken: ['a'],
  },
  {
    name: 'data keys of two subjects in each other’s place',
    sql: `CREATE TEMP TABLE pair AS SELECT subject, wrapped FROM data_keys
            WHERE subject IN ((SELECT data_key FROM revisions WHERE ${of('a', 2)}), (SELECT data_key FROM revisions WHERE ${of('b', 2)}));
          UPDATE data_keys SET wrapped = (SELECT p.wrapped FROM pair p WHERE p.subject <> data_keys.subject)
            WHERE subject IN (SELECT subject FROM pair)`,
    broken: ['a', 'b'],
  },
  {
    name: 'one bit of a sealed text changed',
    sql: `UPDATE revisions SET sealed = replace(sealed, '":"' || substr(sealed, 12, 1), '":"' || CASE substr(sealed, 12, 1) WHEN 'A' THEN 'B' ELSE 'A' END)
            WHERE ${of('a', 2)}`,
    broken: ['a'],
  },
  {
    name: 'a record led back to an older revision as a whole',
    sql: `UPDATE records SET seq = (SELECT seq FROM revisions WHERE ${of('a', 1)}) WHERE record_key = 'a'`,
    broken: ['a'],
  },
  {
    name: 'a record led to another’s revision',
    sql: `UPDATE records SET seq = (SELECT seq FROM revisions WHERE ${of('c', 1)}) WHERE record_key = 'a'`,
    broken: ['a'],
  },
]

for (const { name, sql, broken } of forgeries) {
  t.test(`${name}: it is not served, and what is whole is`, async t => {
    const { hub, read, raw } = await served(t)
    t.match((await read('/a')).text, /SECRET-a2/, 'as long as nobody has touched it')
    raw.exec(sql)
    for (const key of broken) {
      const { status, text } = await read(`/${key}`)
      t.equal(status, 500, key)
      for (const secret of secrets) t.notOk(text.includes(secret), `${key}: nothing is released`)
      t.match(JSON.parse(text), { code: 'internal' })
      t.notMatch(text, /bug|seal|revision|stack/, 'nor told how it failed')
    }
    const page = await read('')
    t.equal(page.status, 500, 'a page that would hold it is not served either')
    for (const key of ['a', 'b', 'c', 'd', 'e'].filter(key => !broken.includes(key))) {
      t.equal((await read(`/${key}`)).status, 200, key)
    }
    const entries = (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
    const failed = entries.filter(entry => 'problem' in entry && entry.problem === 'internal')
    t.equal(failed.length, broken.length + 1, 'every one of these calls is an entry')
    t.match(failed[0], { operation: 'read', standard: 'thing', actor: { kind: 'client', id: 'reader' } })
  })
}

t.test('sealed texts of two fields in each other’s place do not open', async t => {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  const id = { type: 'string', maxLength: 40 }
  const sealed = { ...id, level: 'L4' }
  await publishStandard(
    hub,
    tester,
    documentWith({ id: 'pair', key: ['id'], subjects: ['id'], properties: { id, left: sealed, right: sealed } }),
  )
  const fields = { id: { from: 'id' }, left: { from: 'left' }, right: { from: 'right' } }
  const changes = {
    adapter: { department: 'archives', name: 'pair', version: '1.0.0', titles: { 'zh-CN': '对', en: 'Pair' } },
  }
  const to = { standard: { id: 'pair', major: 1 }, withdraw: undefined, fields }
  await publishAdapter(
    hub,
    tester,
    JSON.parse(JSON.stringify(thingAdapter('archives', 'plain', { ...changes, ...to }))) as object,
  )
  await deliver(hub, { adapter: 'archives/pair', body: chunks('{"id":"p","left":"LEFT","right":"RIGHT"}'), by: tester })
  const unseal = async (...names: string[]) => {
    hub.store.refresh()
    const record = await readRecord(hub.store.read, 'pair', 'p')
    if (record === undefined) throw new Error('a record is not there')
    return unsealRecords(hub.store.read, hub.keys.master, [record], names)
  }
  t.same(await unseal('left', 'right'), [new Map([['left', '"LEFT"'], ['right', '"RIGHT"']])]) // prettier-ignore
  const raw = new BetterSqlite(join(directory, 'concord.sqlite'))
  t.teardown(() => raw.close())
  raw.exec('DROP TRIGGER revisions_no_update')
  raw.exec(`UPDATE revisions SET sealed = json_object('left', sealed ->> 'right', 'right', sealed ->> 'left')
              WHERE standard = 'pair'`)
  for (const field of ['left', 'right']) await t.rejects(unseal(field), /does not open/)
})

t.test('a rejected source record moved to another place in quarantine does not open', async t => {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  for (const id of ['x', 'y']) await deliverThings(hub, 'archives/plain', [{ id, name: 'longer than ten', secret: id }])
  const [one, two] = await listRejects(hub.store.read, { limit: 2 })
  const raw = new BetterSqlite(join(directory, 'concord.sqlite'))
  t.teardown(() => raw.close())
  raw
    .prepare('UPDATE quarantine SET sealed = (SELECT sealed FROM quarantine WHERE id = ?) WHERE id = ?')
    .run(one?.id, two?.id)
  hub.store.refresh()
  t.match(await discloseReject(hub, tester, one?.id ?? ''), { source: /longer/ })
  await t.rejects(discloseReject(hub, tester, two?.id ?? ''), /does not open/)
})

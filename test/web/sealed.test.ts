/** Sealed fields from end to end: shown to whom they are granted, and in no file of the hub as they are. */
import t from 'tap'
import { once } from 'node:events'
import { createReadStream, createWriteStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { build, programOn } from '../cli/concord.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { findIn, formsOf } from '../find-in.ts'
import { fixture, folder, openStarterHub, openTestHub, serve, tester, tokenFor } from '../helper.ts'

const standard = 'enterprise-registration'
const record = `/v1/standards/${standard}/records/91331199MAXT000111`
const cases = ['companies.json', 'individual-businesses.json', 'bad-values.json', 'bad-registration-number-only.json']

/** Every identity number in the fixtures, the rejected ones' too. */
const secrets = [
  ...new Set(
    cases.flatMap(
      file => readFileSync(fixture(`market-regulation/enterprises/${file}`), 'utf8').match(/3311991\d{10}[\dX]/g) ?? [],
    ),
  ),
]

t.test('a sealed field is shown where it is granted, held back where not, and in no file as it is', async t => {
  const directory = folder(t)
  const hub = await openStarterHub(t, directory)
  for (const file of cases) {
    const body = createReadStream(fixture(`market-regulation/enterprises/${file}`))
    await deliver(hub, { adapter: 'market-regulation/enterprises', body, by: tester })
  }
  const url = await serve(t, hub)
  const open = ['unifiedSocialCreditCode', 'name', 'investors.name']
  const sealed = ['legalRepresentativeIdNumber', 'investors.idNumber']
  const data = async (id: string, fields: string[]): Promise<Record<string, unknown>> => {
    await createAgreement(hub, tester, {
      department: id,
      standard,
      major: 1,
      fields,
      operations: ['read'],
      matters: ['m'],
      from: new Date(0),
      until: new Date('2100-01-01'),
    })
    const client = await createClient(hub, tester, { id, department: id, title: id, scopes: ['read'] })
    const headers = { authorization: `Bearer ${await tokenFor(url, client)}`, 'concord-matter': 'm' }
    return (await (await fetch(url + record, { headers })).json()) as Record<string, unknown>
  }

  t.match(await data('taxation', [...open, ...sealed]), {
    data: {
      legalRepresentativeIdNumber: '331199190102031014',
      investors: [{ name: '张示例', idNumber: '331199190102031014' }, { idNumber: '91331199MAXT00206T' }],
    },
  })
  const held = await data('ecology', open)
  t.same((held['data'] as Record<string, unknown>)['investors'], [
    { name: '张示例' },
    { name: '示例县虚构投资有限公司' },
  ])
  t.notMatch(JSON.stringify(held['data']), /331199190102031014/)
  for (const field of sealed) t.ok((held['withheld'] as string[]).includes(field), `${field} is named`)

  t.ok(secrets.length >= 5, 'there is something to look for')
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, file)
    if (!statSync(path).isFile()) continue
    const bytes = readFileSync(path)
    for (const secret of secrets) t.notOk(bytes.includes(secret), `${file} does not hold ${secret}`)
  }
})

/** A sealed value, of which a part stands in every form that it may be written in. */
const word = '绝密身份张三'

t.test('the search finds a text in every form', async t => {
  const directory = folder(t)
  for (const [name, form] of formsOf(word)) {
    writeFileSync(join(directory, 'file'), Buffer.concat([Buffer.from('before '), form, Buffer.from(' behind')]))
    t.ok(findIn(directory, word).includes(`file: ${name}`), name)
  }
  for (const shift of [0, 1, 2]) {
    writeFileSync(join(directory, 'file'), Buffer.from(`${'x'.repeat(shift)}${word} and more`).toString('base64'))
    t.same(findIn(directory, word), [`file: base64 ${shift}`], `${shift} bytes before it`)
  }
})

t.test(
  'no file holds a sealed value in any form: databases, backups, spools, logs; running, and after a kill',
  async t => {
    build()
    const root = folder(t)
    const directory = join(root, 'hub')
    let client = { id: '', secret: '' }
    await t.test('a hub', async t => {
      const hub = await openTestHub(t, directory)
      await publishThings(hub)
      for (const department of ['archives', 'data-bureau']) {
        await deliverThings(hub, `${department}/plain`, [{ id: 'differs', secret: `${word} of ${department}` }])
      }
      client = await createClient(hub, tester, { id: 'sender', department: 'archives', title: 's', scopes: ['deliver', 'read'] }) // prettier-ignore
      await createAgreement(hub, tester, {
      department: 'archives', standard: 'thing', major: 1, fields: ['id', 'secret'], operations: ['read', 'list'],
      matters: ['m'], from: new Date(0), until: new Date('2100-01-01'),
    }) // prettier-ignore
    })
    const program = programOn(directory, { CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'debug' })
    const server = program.start(['serve', '--json'])
    t.teardown(() => server.kill('SIGKILL'))
    const applicationLog = createWriteStream(join(root, 'application.log'))
    server.stderr?.pipe(applicationLog)
    const [chunk] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const { address } = JSON.parse(chunk.toString()) as { address: string }
    const headers = { authorization: `Bearer ${await tokenFor(address, client)}`, 'concord-matter': 'm' }
    const lines = (count: number, prefix: string): string =>
      Array.from(
        { length: count },
        (_, index) =>
      JSON.stringify({ id: `${prefix}${index}`, secret: `${word}${prefix}${index}`, ...(index % 50 === 0 && { name: `too long ${word}` }) }), // prettier-ignore
      ).join('\n')
    const send = async (body: string, more: Record<string, string> = {}): Promise<Response> =>
      fetch(`${address}/v1/adapters/archives/plain/deliveries`, {
        method: 'POST',
        headers: { ...headers, ...more, 'content-type': 'application/x-ndjson' },
        body,
      })

    t.match(await (await send(lines(500, 'a'), { 'idempotency-key': 'k1' })).json(), { accepted: 490, rejected: 10 })
    const read = await fetch(`${address}/v1/standards/thing/records/a1`, { headers })
    t.match(await read.json(), { data: { secret: `${word}a1` } }, 'the value is there, for whom it is granted')
    const filtered = await fetch(`${address}/v1/standards/thing/records?secret=${encodeURIComponent(`${word}a1`)}`, {
      headers,
    })
    t.match(await filtered.json(), { records: [{ key: 'a1' }] })
    t.equal((await fetch(`${address}/v1/standards/thing/records/${encodeURIComponent(word)}`, { headers })).status, 404)
    t.equal((await send('{"id":"cut","secret":"' + word)).status, 200, 'a cut line is a reject')
    const asked = { key: 'differs', field: 'secret', message: `${word} is wrong`, proposed: word }
    const correction = await fetch(`${address}/v1/standards/thing/corrections`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    })
    t.equal(correction.status, 201, 'what people write is sealed too')
    const [differing] = JSON.parse((await program.run(['discrepancy', 'list', '--json'])).stdout).discrepancies
    t.match(differing, { key: 'differs', field: 'secret', stands: 'data-bureau' })
    const settled = await program.run(['discrepancy', 'settle', differing.id, '--as', 'both-valid', '--reason', word])
    t.equal(settled.status, 0, settled.stderr)
    t.same(findIn(root, word), [], 'while it runs')

    t.equal((await send(lines(50_000, 'b'), { prefer: 'respond-async', 'idempotency-key': 'k2' })).status, 202)
    t.equal((await send(lines(500, 'c'), { prefer: 'respond-async' })).status, 202)
    const raw = new BetterSqlite(join(directory, 'concord.sqlite'), { readonly: true })
    const accepted = raw.prepare(`SELECT COUNT(*) FROM deliveries WHERE state = 'running' AND accepted > 0`).pluck()
    const deadline = Date.now() + 60_000
    while (accepted.get() === 0 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 5))
    t.equal(accepted.get(), 1, 'in the middle of a delivery')
    t.ok(readdirSync(join(directory, 'spool')).length > 0, 'whose input lies in the spool')
    t.same(findIn(root, word), [], 'with a spool')
    server.kill('SIGKILL')
    await once(server, 'exit')
    await raw.backup(join(root, 'backup.sqlite'))
    raw.exec(`VACUUM INTO '${join(root, 'vacuumed.sqlite')}'`)
    raw.close()
    const exported = await program.run(['log', 'export'])
    t.match(exported.stdout, /"operation":"deliver"/, exported.stderr)
    writeFileSync(join(root, 'exported.ndjson'), exported.stdout)
    t.ok(statSync(join(root, 'application.log')).size > 0, 'there is an application log')
    t.same(findIn(root, word), [], 'after the kill')
  },
)

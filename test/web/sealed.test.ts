/** Sealed fields from end to end: shown to whom they are granted, and in no file of the hub as they are. */
import t from 'tap'
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createAgreement, createClient } from '../../src/exchange/administer.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { fixture, folder, openStarterHub, serve, tester, tokenFor } from '../helper.ts'

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

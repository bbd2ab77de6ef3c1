/** `concord client` as it is used: each command a process. */
import t from 'tap'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()
const directory = folder(t)
const concord = programOn(join(directory, 'data'))

async function json(...args: string[]): Promise<Record<string, never>> {
  const { status, stdout, stderr } = await concord.run([...args, '--json'])
  if (status !== 0) throw new Error(`concord ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as Record<string, never>
}

async function listed(): Promise<Record<string, unknown>> {
  const [client] = (await json('client', 'list'))['clients'] as unknown as Record<string, unknown>[]
  return client ?? {}
}

t.before(async () => {
  await concord.run(['publish'])
  const create = ['client', 'create', 'permits', '--department', 'housing', '--title', 'Permit system']
  await json(...create, '--scopes', 'read', '--addresses', '10.0.0.0/8,2001:db8::/32')
})

t.test('a new client is known by its secret, from the addresses that were named', async t => {
  const client = await listed()
  t.match(client, { id: 'permits', knownBy: 'secret', addresses: ['10.0.0.0/8', '2001:db8::/32'], scopes: ['read'] })
  t.notMatch(JSON.stringify(client), /hash/, 'nothing of the secret')
})

t.test('renew-secret --overlap says until when the old one works, and so does list', async t => {
  const before = Date.now()
  const text = await concord.run(['client', 'renew-secret', 'permits', '--overlap', '24h'])
  t.match(text.stdout, /^secret +\S{43}$/m)
  t.match(text.stdout, /What it was known by before lets it in until \d{4}-/)
  const { previousUntil } = await listed()
  const hours = (Date.parse(String(previousUntil)) - before) / 3_600_000
  t.ok(hours >= 24 && hours < 24.1, `${hours} h`)
  t.match((await concord.run(['client', 'list'])).stdout, /secret, the one before until \d{4}-/)
  await json('client', 'renew-secret', 'permits')
  t.notOk('previousUntil' in (await listed()), 'without an overlap it is void at once')
})

t.test('set-key takes public keys and refuses a private one', async t => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const file = (name: string, key: typeof publicKey): string => {
    const path = join(directory, name)
    writeFileSync(path, JSON.stringify({ keys: [key.export({ format: 'jwk' })] }))
    return path
  }
  const refused = await concord.run(['client', 'set-key', 'permits', '--jwks', file('private.json', privateKey)])
  t.match(refused, { status: 1, stderr: /\/keys\/0 holds a private key/ })
  t.notMatch(refused.stderr, String(privateKey.export({ format: 'jwk' }).d), 'which is not shown')
  const set = await json('client', 'set-key', 'permits', '--jwks', file('public.json', publicKey), '--overlap', '7d')
  t.match(set, { id: 'permits', keys: [/^[\w-]{43}$/], previousUntil: String })
  t.match(await listed(), { knownBy: set['keys'] })
})

t.test('set-addresses and set-rate change the bounds, and take them away again', async t => {
  t.match(await json('client', 'set-addresses', 'permits', '192.0.2.7'), { addresses: ['192.0.2.7'] })
  t.match(await json('client', 'set-rate', 'permits', '--per-second', '50'), { rate: { perSecond: 50, burst: 100 } })
  t.match(await listed(), { addresses: ['192.0.2.7'], rate: { perSecond: 50, burst: 100 } })
  t.match((await concord.run(['client', 'list'])).stdout, /192\.0\.2\.7 +50\/s, 100 at once/)
  await json('client', 'set-addresses', 'permits', 'any')
  await json('client', 'set-rate', 'permits', '--per-second', 'default')
  const client = await listed()
  t.same(client['addresses'], [])
  t.notOk('rate' in client)
  const { entries } = (await json('log', 'list', '--limit', '1000')) as unknown as {
    entries: { entry: { detail?: { act?: string } } }[]
  }
  const acts = entries.map(({ entry }) => entry.detail?.act)
  t.same(
    ['set-client-keys', 'set-client-addresses', 'set-client-rate'].map(act => acts.filter(one => one === act).length),
    [1, 2, 2],
    'each is an entry',
  )
  t.ok(acts.includes('list-clients'), 'and so is that they were looked at')
})

t.test('what cannot be is refused with what to do instead', async t => {
  const cases: [args: string[], status: number, stderr: RegExp][] = [
    [['renew-secret', 'permits', '--overlap', 'soon'], 2, /90s, 30m, 24h, 7d/],
    [['renew-secret', 'permits', '--overlap', '31d'], 1, /30 days/],
    [['set-addresses', 'permits', '10.0.0.0/33'], 1, /\/addresses\/0|10\.1\.0\.0\/16/],
    [['set-rate', 'permits', '--per-second', '10', '--burst', '5'], 1, /burst must be at least/],
    [['set-key', 'permits'], 2, /--jwks/],
  ]
  for (const [args, status, stderr] of cases) {
    t.match(await concord.run(['client', ...args]), { status, stderr }, args.join(' '))
  }
})

import t from 'tap'
import { credentialOf, removeCredential, setCredential } from '../../src/exchange/credentials.ts'
import { listCredentials } from '../../src/store/credentials.ts'
import { tester } from '../helper.ts'
import { entriesOf, openUnitsHub } from './units.ts'

const good = {
  name: 'taxation/exchange',
  kind: 'bearer',
  origin: 'https://a.example',
  secret: 'SECRET-MARKER',
} as const

t.test('a credential is sealed, listed without its secret, replaced and removed; each an entry', async t => {
  const hub = await openUnitsHub(t, {})
  await setCredential(hub, tester, { ...good, origin: 'HTTPS://A.example:443/' })
  t.match(await credentialOf(hub, 'taxation', 'exchange'), { ...good })
  const listed = await listCredentials(hub.store.read)
  t.same(listed, [{ name: good.name, kind: good.kind, origin: good.origin, createdAt: hub.clock().toISOString() }])
  await setCredential(hub, tester, { ...good, kind: 'basic', secret: 'user:other' })
  t.match(await credentialOf(hub, 'taxation', 'exchange'), { kind: 'basic', secret: 'user:other' })
  await removeCredential(hub, tester, good.name)
  await t.rejects(credentialOf(hub, 'taxation', 'exchange'), { code: 'credential-unknown' })
  await t.rejects(removeCredential(hub, tester, good.name), { code: 'credential-unknown' })
  t.same(await hub.store.read.all(`SELECT 1 FROM data_keys WHERE subject LIKE 'credential%'`), [])

  const acts = (await entriesOf(hub, 'administer')).map(entry => entry.detail).filter(detail => detail?.['credential'])
  t.same(acts, [
    { act: 'set-credential', credential: good.name, kind: 'bearer', origin: good.origin },
    { act: 'set-credential', credential: good.name, kind: 'basic', origin: good.origin },
    { act: 'remove-credential', credential: good.name },
  ])
})

t.test('a row whose origin was changed behind the hub does not open', async t => {
  const hub = await openUnitsHub(t, {})
  await setCredential(hub, tester, good)
  await hub.store.transact(tx => tx.run(`UPDATE credentials SET origin = 'https://evil.example'`))
  await t.rejects(credentialOf(hub, 'taxation', 'exchange'), /does not open/)
})

const refusals: [what: string, deviation: object, message: RegExp][] = [
  ['a name without a department', { name: 'exchange' }, /department\/name/],
  ['a department that there is not', { name: 'none-such/exchange' }, /no department none-such/],
  ['an origin with a path', { origin: 'https://a.example/v1' }, /https:\/\/host/],
  ['an origin with a secret', { origin: 'https://u:SECRET-MARKER@a.example' }, /https:\/\/host/],
  ['another protocol', { origin: 'ftp://a.example' }, /https:\/\/host/],
  ['a database for a token', { origin: 'postgres://a.example/x' }, /https:\/\/host/],
  ['a password for an address', { kind: 'password', secret: 'u:SECRET-MARKER' }, /postgres:\/\/host/],
  [
    'a database without a name',
    { kind: 'password', origin: 'mysql://a.example', secret: 'u:SECRET-MARKER' },
    /\/database/,
  ],
  [
    'a user in the origin',
    { kind: 'password', origin: 'mysql://u@a.example/x', secret: 'u:SECRET-MARKER' },
    /\/database/,
  ],
  ['a secret of two lines', { secret: 'SECRET-MARKER\nX-Evil: 1' }, /one line: the token/],
  ['an empty secret', { secret: '' }, /one line/],
  ['a password without a user', { kind: 'basic', secret: 'SECRET-MARKER' }, /user:password/],
  ['a header without a name', { kind: 'header', secret: 'SECRET-MARKER' }, /Name: value/],
]

t.test('what could not be sent is refused, without showing it', async t => {
  const hub = await openUnitsHub(t, {})
  for (const [what, deviation, message] of refusals) {
    const error = (await setCredential(hub, tester, { ...good, ...deviation }).catch((e: unknown) => e)) as Error
    t.match(error, { name: 'HubError', message }, what)
    t.notMatch(error.message, /SECRET-MARKER/, what)
  }
  t.same(await listCredentials(hub.store.read), [])
})

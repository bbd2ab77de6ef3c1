import t, { type Test } from 'tap'
import { lockMs, signIn } from '../../src/exchange/sign-in.ts'
import { createUser, listUsers, renewUser, setUserStatus, type Credentials } from '../../src/exchange/users.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Role } from '../../src/record.ts'
import { totpCode } from '../../src/seal/totp.ts'
import { openUser } from '../../src/store/users.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { nextCode } from './sign-in.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }

async function open(t: Test, directory = folder(t)) {
  const hub = await openTestHub(t, directory)
  await putDepartment(hub, tester, { id: 'housing', titles })
  const user = await createUser(hub, tester, {
    id: 'li-wei',
    department: 'housing',
    title: 'Li Wei',
    roles: ['steward'],
  })
  return { hub, user, directory }
}

/** Tries with a code that was not used yet, or with what else is given. */
const enter = (hub: TestHub, user: Credentials, { password = user.password, code = nextCode(hub, user) } = {}) =>
  signIn(hub, { id: user.id, password, code, request: 'r' })

const entriesOf = async (hub: TestHub): Promise<Entry[]> =>
  (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)

t.test('roles go together where one person may have them: separation of duties', async t => {
  const { hub } = await open(t)
  const cases: [roles: Role[], department: string | undefined, taken: boolean][] = [
    [['administrator'], undefined, true],
    [['auditor'], undefined, true],
    [['steward'], 'housing', true],
    [['member'], 'housing', true],
    [['member', 'steward'], 'housing', true],
    [['steward', 'steward'], 'housing', true],
    [[], 'housing', false],
    [['administrator'], 'housing', false],
    [['auditor'], 'housing', false],
    [['steward'], undefined, false],
    [['member'], undefined, false],
    [['administrator', 'auditor'], undefined, false],
    [['administrator', 'steward'], 'housing', false],
    [['administrator', 'member'], undefined, false],
    [['auditor', 'steward'], 'housing', false],
    [['auditor', 'member'], undefined, false],
  ]
  for (const [number, [roles, department, taken]] of cases.entries()) {
    const made = createUser(hub, tester, { id: `user-${number}`, department, title: 'x', roles })
    const name = `${roles.join('+') || 'none'} of ${department ?? 'the hub'}`
    if (taken) t.match(await made, { id: `user-${number}` }, name)
    else await t.rejects(made, { code: 'request-invalid' }, name)
  }
  const listed = await listUsers(hub, tester)
  t.equal(listed.length, 1 + cases.filter(([, , taken]) => taken).length)
})

t.test('an id is taken once, has its form, and a department must be there', async t => {
  const { hub } = await open(t)
  const user = { title: 'x', department: 'housing', roles: ['member'] } as const
  await t.rejects(createUser(hub, tester, { ...user, id: 'li-wei' }), { code: 'conflict' })
  await t.rejects(createUser(hub, tester, { ...user, id: 'Li Wei' }), { code: 'request-invalid' })
  await t.rejects(createUser(hub, tester, { ...user, id: 'x', department: 'nothing' }), { code: 'department-unknown' })
  await t.rejects(setUserStatus(hub, tester, 'nobody', 'suspended'), { code: 'user-unknown' })
  await t.rejects(renewUser(hub, tester, 'nobody'), { code: 'user-unknown' })
})

t.test('every change is an entry, and neither entry, list nor database holds a secret', async t => {
  const { hub, user } = await open(t)
  const renewed = await renewUser(hub, tester, user.id)
  await setUserStatus(hub, tester, user.id, 'suspended')
  await setUserStatus(hub, tester, user.id, 'active')
  const list = await listUsers(hub, tester)
  t.same(list, [
    {
      id: 'li-wei',
      department: 'housing',
      title: 'Li Wei',
      roles: ['steward'],
      status: 'active',
      createdAt: '2026-03-01T08:00:00.000Z',
    },
  ])
  const entries = await entriesOf(hub)
  t.match(entries.slice(-5), [
    {
      operation: 'administer',
      detail: { act: 'create-user', user: 'li-wei', roles: ['steward'], department: 'housing' },
    },
    { operation: 'administer', detail: { act: 'renew-user', user: 'li-wei' } },
    { operation: 'administer', detail: { act: 'suspend-user', user: 'li-wei' } },
    { operation: 'administer', detail: { act: 'resume-user', user: 'li-wei' } },
    { operation: 'audit', count: 1, detail: { act: 'list-users' } },
  ])
  const rows = await hub.store.read.all('SELECT * FROM users')
  const everything = JSON.stringify([entries, list, rows])
  for (const { password, totp } of [user, renewed]) {
    for (const secret of [password, totp.secret]) t.notOk(everything.includes(secret))
  }
})

t.test('a person enters by password and code, each right, each code once', async t => {
  const { hub, user } = await open(t)
  const code = nextCode(hub, user)
  t.match(await enter(hub, user, { code }), { id: 'li-wei', roles: ['steward'], department: 'housing' })
  t.equal(await enter(hub, user, { code }), undefined, 'a second time')
  hub.pass(30_000)
  t.equal(await enter(hub, user, { code }), undefined, 'in the next half minute, in which it would still be good')
  t.equal(await enter(hub, user, { password: `${user.password}x` }), undefined)
  t.equal(await enter(hub, user, { code: '' }), undefined)
  t.match(await enter(hub, user), { id: 'li-wei' })
  const earlier = totpCode(user.totp.secret, new Date(hub.clock().getTime() - 30_000))
  t.equal(await enter(hub, user, { code: earlier }), undefined, 'nor the code of a step before one that was taken')
})

t.test('of those who come with one code at the same time one enters, in whichever process', async t => {
  const { hub, user, directory } = await open(t)
  const other = await openTestHub(t, directory)
  const code = nextCode(hub, user)
  other.pass(30_000)
  const all = await Promise.all([hub, other, hub, other].map(each => enter(each, user, { code })))
  t.equal(all.filter(found => found !== undefined).length, 1)
})

t.test('five failures in a row lock a user for a quarter of an hour, in every process, with one entry', async t => {
  const { hub, user, directory } = await open(t)
  const other = await openTestHub(t, directory)
  const wrong = { password: 'wrong', code: '000000' }
  for (let failure = 1; failure <= 4; failure++) await enter(hub, user, wrong)
  t.match(await enter(hub, user), { id: 'li-wei' }, 'four are forgiven')
  for (let failure = 1; failure <= 5; failure++) await enter(failure % 2 === 0 ? hub : other, user, wrong)
  other.pass(30_000)
  t.equal(await enter(hub, user), undefined, 'the right password and code')
  t.equal(await enter(other, user), undefined, 'in another process')
  for (let more = 0; more < 10; more++) await enter(hub, user, wrong)
  const locks = (await entriesOf(hub)).filter(({ detail }) => detail?.['act'] === 'lock-user')
  t.match(locks, [{ operation: 'administer', actor: { kind: 'hub' }, detail: { user: 'li-wei', until: String } }])
  t.match(await listUsers(hub, tester), [{ id: 'li-wei', status: 'active', lockedUntil: locks[0]?.detail?.['until'] }])
  hub.pass(lockMs)
  t.notOk(
    (await listUsers(hub, tester)).some(shown => 'lockedUntil' in shown),
    'the lock has ended',
  )
  t.match(await enter(hub, user), { id: 'li-wei' }, 'failures while it was locked have not made it longer')
})

t.test(
  'a failure that locks is answered like any other: its entry is durable, and nobody waits for the log',
  async t => {
    const { hub, user } = await open(t)
    const never = new Promise<never>(() => {})
    const log = Object.assign(Object.create(hub.log) as typeof hub.log, { relay: () => never })
    for (let failure = 1; failure <= 5; failure++) {
      await enter({ ...hub, log }, user, { password: 'wrong', code: '000000' })
    }
    await hub.log.relay(hub.store)
    t.match((await entriesOf(hub)).at(-1), { detail: { act: 'lock-user', user: 'li-wei' } })
  },
)

t.test('a person who lets a locked user in again ends the lock', async t => {
  const { hub, user } = await open(t)
  for (let failure = 1; failure <= 5; failure++) await enter(hub, user, { password: 'wrong', code: '000000' })
  t.equal(await enter(hub, user), undefined)
  await setUserStatus(hub, tester, user.id, 'active')
  t.match(await enter(hub, user), { id: 'li-wei' })
})

t.test('who is no user is refused like one, and leaves no trace by name', async t => {
  const { hub } = await open(t)
  const before = (await entriesOf(hub)).length
  for (const id of ['nobody', '', 'li-wei\u0000', "' OR 1=1 --"]) {
    for (let failure = 1; failure <= 6; failure++) {
      t.equal(await signIn(hub, { id, password: 'x', code: '123456', request: 'r' }), undefined)
    }
  }
  t.equal((await entriesOf(hub)).length, before)
  t.same(await hub.store.read.all('SELECT user_id FROM sign_ins ORDER BY user_id'), [
    { user_id: '' },
    { user_id: 'li-wei' },
  ])
})

t.test('a suspended user does not enter; renewed ones enter by the new password and secret only', async t => {
  const { hub, user } = await open(t)
  await setUserStatus(hub, tester, user.id, 'suspended')
  t.equal(await enter(hub, user), undefined)
  await setUserStatus(hub, tester, user.id, 'active')
  t.match(await enter(hub, user), { status: 'active' })
  const renewed = await renewUser(hub, tester, user.id)
  t.equal(await enter(hub, user), undefined)
  t.equal(await enter(hub, renewed, { password: user.password }), undefined)
  t.equal(await enter(hub, user, { password: renewed.password }), undefined)
  t.match(await enter(hub, renewed), { id: user.id })
  const again = await renewUser(hub, tester, user.id)
  const code = totpCode(again.totp.secret, hub.clock())
  t.match(await enter(hub, again, { code }), { id: user.id }, 'in the half minute in which the old secret was used')
})

t.test('a renewal ends a lock: what was guessed at is gone', async t => {
  const { hub, user } = await open(t)
  for (let failure = 1; failure <= 5; failure++) await enter(hub, user, { password: 'wrong', code: '000000' })
  t.match(await enter(hub, await renewUser(hub, tester, user.id)), { id: user.id })
})

t.test('nobody suspends or renews themselves; another does', async t => {
  const { hub } = await open(t)
  for (const id of ['ada', 'bo']) await createUser(hub, tester, { id, title: id, roles: ['administrator'] })
  const by = (id: string) => ({ actor: { kind: 'user', id }, request: 'r' }) as const
  await t.rejects(setUserStatus(hub, by('ada'), 'ada', 'suspended'), { code: 'self-administered' })
  await t.rejects(renewUser(hub, by('ada'), 'ada'), { code: 'self-administered' })
  t.match(await renewUser(hub, by('bo'), 'ada'), { id: 'ada' })
  await setUserStatus(hub, by('bo'), 'ada', 'suspended')
  t.match(
    (await listUsers(hub, tester)).find(({ id }) => id === 'ada'),
    { status: 'suspended' },
  )
})

t.test('a TOTP secret that was put into another’s row, or put back after a renewal, does not open', async t => {
  const { hub, user } = await open(t)
  await createUser(hub, tester, { id: 'mei', department: 'housing', title: 'Mei', roles: ['member'] })
  const rows = await hub.store.read.all<{ id: string; totp: string }>('SELECT id, totp FROM users ORDER BY id')
  const totpOf = (id: string): string => rows.find(row => row.id === id)?.totp ?? ''
  const put = (id: string, totp: string): Promise<unknown> =>
    hub.store.transact(tx => tx.run('UPDATE users SET totp = ? WHERE id = ?', [totp, id]))
  await put('mei', totpOf('li-wei'))
  await t.rejects(openUser(hub.store.read, hub.keys.master, 'mei'), /does not open/)
  const keyOf = (): Promise<{ wrapped: string } | undefined> =>
    hub.store.read.get(`SELECT wrapped FROM data_keys WHERE subject = 'user li-wei'`)
  const before = await keyOf()
  await renewUser(hub, tester, user.id)
  await put(user.id, totpOf(user.id))
  await t.rejects(openUser(hub.store.read, hub.keys.master, user.id), /does not open/)
  await hub.store.transact(tx =>
    tx.run(`UPDATE data_keys SET wrapped = ? WHERE subject = 'user li-wei'`, [before?.wrapped ?? '']),
  )
  await t.rejects(openUser(hub.store.read, hub.keys.master, user.id), /does not open/, 'nor with its data key')
})

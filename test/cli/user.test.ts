/** `concord user`, each command a process; what it shows lets a person in at a server on the same database. */
import t from 'tap'
import { countFailure } from '../../src/store/sign-ins.ts'
import { totpStep } from '../../src/seal/totp.ts'
import { openTestHub, folder, serve } from '../helper.ts'
import { nextCode, requestUserToken } from '../exchange/sign-in.ts'
import { build, programOn } from './concord.ts'

build()
const directory = folder(t)
const concord = programOn(directory)

type Shown = { id: string; password: string; totp: { secret: string; uri: string } }

async function json(...args: string[]): Promise<unknown> {
  const { status, stdout, stderr } = await concord.run([...args, '--json'])
  if (status !== 0) throw new Error(`concord ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as unknown
}

t.before(async () => {
  await json('department', 'add', 'housing', '--zh', '住建局', '--en', 'Housing')
})

const liWei = ['li-wei', '--department', 'housing', '--title', 'Li Wei', '--roles', 'steward,member']

t.test('create shows password and TOTP secret, in words or as JSON', async t => {
  const made = await concord.run(['user', 'create', ...liWei])
  t.match(made, { status: 0, stderr: '' })
  t.match(
    made.stdout,
    /^id +li-wei\npassword +\S{23}\nTOTP secret +[A-Z2-7]{32}\nTOTP address +otpauth:\/\/totp\/\S+\n/,
  )
  t.match(made.stdout, /shown this once/)
  const ada = (await json('user', 'create', 'ada', '--title', 'Ada', '--roles', 'administrator')) as Shown
  t.match(ada, { id: 'ada', password: /^\S{23}$/, totp: { secret: /^[A-Z2-7]{32}$/, uri: /^otpauth:\/\/totp\// } })
})

t.test('list shows who there is, and nothing of their credentials; that it did is an entry', async t => {
  t.same(Object.keys(((await json('user', 'list')) as { users: object[] }).users[0] ?? {}).sort(), [
    'createdAt',
    'department',
    'id',
    'roles',
    'status',
    'title',
  ])
  const { stdout } = await concord.run(['user', 'list'])
  t.match(stdout, /^ID +DEPARTMENT +ROLES +STATUS +CREATED +TITLE$/m)
  t.match(stdout, /^li-wei +housing +steward,member +active +\S+ +Li Wei$/m)
  t.match(stdout, /^ada +administrator +active +\S+ +Ada$/m)
  const { entries } = (await json('log', 'list', '--limit', '1000')) as { entries: { entry: object }[] }
  t.match(entries.at(-1)?.entry, { operation: 'audit', actor: { kind: 'operator' }, detail: { act: 'list-users' } })
})

t.test('what cannot be is refused with what to do, and wrong usage is told from it', async t => {
  const cases: [args: string[], status: number, stderr: RegExp][] = [
    [['create', ...liWei], 1, /There is a user li-wei already/],
    [['create', 'x', '--title', 'x', '--roles', 'steward'], 1, /department/],
    [['create', 'x', '--title', 'x', '--roles', 'administrator,auditor'], 1, /no other role/],
    [['create', 'x', '--title', 'x', '--roles', 'root'], 2, /administrator, steward, member, auditor/],
    [['create', 'x', '--title', 'x'], 2, /--roles/],
    [['suspend', 'nobody'], 1, /`concord user list`/],
    [['renew', 'nobody'], 1, /`concord user list`/],
  ]
  const runs = await Promise.all(cases.map(([args]) => concord.run(['user', ...args])))
  for (const [index, [args, status, stderr]] of cases.entries()) {
    t.match(runs[index], { status, stderr }, args.join(' '))
  }
})

t.test('renewed credentials let in at the server; a suspended user is out, a resumed one in', async t => {
  const hub = await openTestHub(t, directory)
  const url = await serve(t, hub)
  const renewed = (await json('user', 'renew', 'li-wei')) as Shown
  const enter = async (): Promise<number> => {
    const parameters = { username: 'li-wei', password: renewed.password, totp: nextCode(hub, renewed) }
    return (await requestUserToken(url, parameters)).status
  }
  t.not(totpStep(renewed.totp.secret, nextCode(hub, renewed), hub.clock()), undefined)
  t.equal(await enter(), 200)
  const lock = { now: Date.now(), most: 1, lockMs: 3_600_000 }
  await hub.store.transact(tx => countFailure(tx, 'ada', lock))
  const until = new Date(lock.now + lock.lockMs).toISOString()
  t.match((await concord.run(['user', 'list'])).stdout, new RegExp(`^ada .*locked until ${until} `, 'm'))
  t.match(await concord.run(['user', 'suspend', 'li-wei']), { status: 0, stdout: /li-wei is suspended/ })
  t.equal(await enter(), 400)
  t.match(await concord.run(['user', 'resume', 'li-wei']), { status: 0, stdout: /li-wei is active/ })
  t.equal(await enter(), 200)
})

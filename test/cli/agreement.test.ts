import t from 'tap'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { requestAgreement } from '../../src/exchange/agreements.ts'
import { folder, openTestHub } from '../helper.ts'
import { build, programOn, type Ended } from './concord.ts'

build()
const directory = join(folder(t), 'hub')
const { run } = programOn(directory)

const jsonOf = ({ stdout }: { stdout: string }): unknown => JSON.parse(stdout) as unknown
const agreement = (...args: string[]): Promise<Ended> => run(['agreement', ...args])

const terms = '--department ecology --standard tax-registration --until 2099-12-31'.split(' ')
const fields = ['--fields', 'taxpayerId,name,creditGrade', '--matters', 'm']
const me = `operator:${userInfo().username}`

t.before(async () => {
  const { status, stderr } = await run(['publish'])
  if (status !== 0) throw new Error(stderr)
})

t.test('what is shared without condition is approved at once, and the rest waits for its owner', async t => {
  const open = ['--department', 'ecology', '--standard', 'food-premises-inspection', '--fields', 'authority,premisesId']
  const basis = ['--legal-basis', 'a law', '--until', '2099-12-31', '--matters', 'm']
  const at = await agreement('request', ...open, ...basis, '--id', 'premises')
  t.match(at, { status: 0, stdout: /^The agreement premises is active\.$/m })
  t.match(await agreement('request', ...terms, ...fields, '--legal-basis', 'a law', '--id', 'tax'), {
    status: 0,
    stdout: /Asked for the agreement tax; taxation, the owner of the standard, decides on it\./,
  })
  t.match(
    await agreement('approve', 'tax', '--json'),
    { status: 1, stderr: /"self-decision"/ },
    'nobody decides on theirs',
  )
  t.match(await agreement('list', '--state', 'requested'), { stdout: /^tax +ecology +tax-registration 1 +requested /m })
  t.match(await agreement('revoke', 'tax', '--reason', 'not needed'), { status: 0, stdout: /is revoked/ })
  t.match(await agreement('revoke', 'tax'), { status: 1, stderr: /is revoked\. Only one that is/ })
})

t.test('all terms are taken, shown and explained', async t => {
  const more =
    '--operations read,list --rows authorityCode=13311,13312 --rows status=03 --case-required --daily-quota 50'
  const id = ['--id', 'full', '--legal-basis', 'a law, article 1']
  const made = await agreement('create', ...terms, ...fields, ...more.split(' '), ...id, '--json')
  t.equal(made.status, 0, made.stderr)
  t.match(jsonOf(made), {
    state: 'active',
    rows: { authorityCode: ['13311', '13312'], status: ['03'] },
    caseRequired: true,
    dailyQuota: 50,
    legalBasis: 'a law, article 1',
    levels: { creditGrade: 'L2' },
    acts: [{ act: 'approve', by: me }],
  })
  const shown = await agreement('show', 'full')
  t.match(shown.stdout, /^rows +authorityCode=13311,13312 and status=03$/m)
  t.match(shown.stdout, /^daily quota +50 records$/m)
  t.match(shown.stdout, new RegExp(`^\\S+Z +approve +${me}$`, 'm'))

  const call = ['explain', 'full', '--operation', 'read', '--matter', 'm']
  const refused = await agreement(...call)
  t.match(refused, { status: 0, stdout: /^Refused at .*Concord-Case\.$/m })
  t.match(refused.stdout, /^ {2}NO +case +A call must name its case\.$/m)
  const allowed = await agreement(...call, '--case', 'c', '--fields', 'name,status')
  t.match(allowed.stdout, /^Allowed at .*; 1 of 2 fields are shown/m)
  t.match(allowed.stdout, /^ {2}yes +quota +Its quota is 50 records a day \(UTC\); 0 were disclosed on that day\.$/m)
  t.match(allowed.stdout, /^ {2}NO +status +L2, the agreement does not name it$/m)
  t.match(jsonOf(await agreement(...call, '--at', '2020-01-01', '--json')), { allowed: false, state: null })
  t.match(jsonOf(await agreement(...call, '--case', 'c', '--at', '2199-01-01', '--json')), { refusal: 'expired' })

  t.match(await agreement('suspend', 'full', '--reason', 'an audit'), { status: 0, stdout: /is suspended/ })
  t.match(await agreement('list', '--department', 'ecology', '--state', 'suspended'), { stdout: /^full +/m })
  t.match(await agreement('resume', 'full'), { status: 0, stdout: /is active/ })
  t.match((await agreement('show', 'full')).stdout, /suspend +\S+ +an audit/)
})

t.test('an operator approves or rejects what a department asked for itself', async t => {
  await t.test('two requests of a user of the department', async t => {
    const hub = await openTestHub(t, directory)
    const asking = { actor: { kind: 'user', id: 'li' }, department: 'ecology', request: 'r' } as const
    for (const id of ['one', 'two']) {
      const asked = { id, department: 'ecology', standard: 'tax-registration', matters: [id] }
      await requestAgreement(hub, asking, { ...asked, fields: ['taxpayerId'], until: new Date('2099-12-31') })
    }
  })
  t.match(await agreement('approve', 'one'), { status: 0, stdout: /The agreement one is active\./ })
  t.match(await agreement('reject', 'two', '--reason', 'ask by law'), { status: 0, stdout: /is rejected/ })
  t.match((await agreement('show', 'two')).stdout, /^\S+ +reject +\S+ +ask by law$/m)
  t.match((await run(['log', 'list'])).stdout, /reject +tax-registration +done/)
  t.notMatch((await run(['log', 'list', '--json'])).stdout, /ask by law/)
})

t.test('wrong usage ends with 2, and says how to go on', async t => {
  const wrong: [args: string[], stderr: RegExp][] = [
    [['create', ...terms, ...fields, '--rows', 'status'], /an equals sign/],
    [['create', ...terms, ...fields, '--daily-quota', '0'], /1 or more/],
    [['create', ...terms, ...fields, '--operations', 'take'], /There is read, list/],
    [['request', ...terms, ...fields], /--legal-basis/],
    [['reject', 'one'], /--reason/],
    [['explain', 'one'], /--operation/],
    [['list', '--state', 'gone'], /requested, rejected/],
  ]
  for (const [args, stderr] of wrong) t.match(await agreement(...args), { status: 2, stderr }, args.join(' '))
  t.match(await agreement('show', 'none'), { status: 1, stderr: /concord agreement list/ })
  for (const name of [
    'request',
    'approve',
    'reject',
    'suspend',
    'resume',
    'revoke',
    'list',
    'show',
    'explain',
    'create',
  ]) {
    t.match(await agreement(name, '--help'), { status: 0, stdout: new RegExp(`\\$ concord agreement ${name}`) })
  }
})

/** The program as it is used: one command after another, each a process, on one data directory; then a server. */
import { execFile, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { fixture, folder } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()
const directory = folder(t)
const concord = programOn(join(directory, 'data'))
const premises = 'food-standards-agency/premises'

/** Runs a command that must end well, and reads the JSON that it prints. */
async function json(...args: string[]): Promise<unknown> {
  const { status, stdout, stderr } = await concord.run([...args, '--json'])
  if (status !== 0) throw new Error(`concord ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as unknown
}

t.test('migrate makes the databases and says so', async t => {
  t.match(await json('migrate'), {
    databases: [
      {
        applied: [
          '001_records',
          '002_intake',
          '003_agreements',
          '004_callers',
          '005_keys',
          '006_async',
          '007_standards',
          '008_adapters',
          '009_lifecycle',
          '010_sources',
          '011_terms',
        ],
      },
      { applied: ['001_log', '002_cosignatures'] },
    ],
  })
})

t.test('publish shows each document, and the second time all are unchanged', async t => {
  const first = await concord.run(['publish'])
  t.match(first, { status: 0, stderr: '' })
  t.match(first.stdout, /^published +adapter +food-standards-agency\/premises +1\.0\.0 +\S+premises\.json$/m)
  t.match(first.stdout, /^published +departments +housing/m)
  t.match(first.stdout, /, 0 unchanged\.$/m)
  const second = (await json('publish')) as { documents: { outcome: string }[] }
  t.same([...new Set(second.documents.map(({ outcome }) => outcome))], ['unchanged'])
})

t.test('deliver prints a receipt: exactly one line of JSON, or a table', async t => {
  const file = fixture(`${premises}/sampleshire.xml`)
  const first = await concord.run(['deliver', premises, file, '--json'])
  t.match(first, { status: 0, stderr: '' })
  const counts = (accepted: number, unchanged: number): RegExp =>
    new RegExp(
      `^{"delivery":"[0-9a-f-]{36}","accepted":${accepted},"unchanged":${unchanged},"withdrawn":0,"rejected":0}\\n$`,
    )
  t.match(first.stdout, counts(5, 0))
  t.match(
    (await concord.run(['deliver', premises, file, '--json'])).stdout,
    counts(0, 5),
    'the second time, nothing changes',
  )
  const third = await concord.run(['deliver', premises, file])
  t.match(third.stdout, /^delivery +[0-9a-f-]{36}\naccepted +0\nunchanged +5\nwithdrawn +0\nrejected +0\n$/)
})

t.test('what is rejected says why in the language asked for, and showing its source is an entry', async t => {
  const bad = readFileSync(fixture(`${premises}/bad-premises.xml`), 'utf8')
  const delivered = await concord.run(['deliver', premises, '-', '--language', 'zh-CN'], bad)
  t.match(delivered, { status: 0, stderr: '' })
  t.match(delivered.stdout, /^rejected +[1-9]/m)
  const delivery = /^delivery +(\S+)$/m.exec(delivered.stdout)?.[1] ?? ''
  t.match(delivered.stdout, `concord quarantine list --delivery ${delivery}`)

  const [listed, none] = await Promise.all([
    concord.run(['quarantine', 'list', '--delivery', delivery]),
    concord.run(['quarantine', 'list', '--adapter', 'twse/companies']),
  ])
  t.match(listed.stdout, /\p{Script=Han}/u, 'reasons in Chinese')
  t.match(none.stdout, 'nothing in quarantine')
  const id = /^([0-9a-f-]{36}) +open$/m.exec(listed.stdout)?.[1] ?? ''
  const [shown, unknown] = await Promise.all([
    concord.run(['quarantine', 'show', id]),
    concord.run(['quarantine', 'show', 'nothing']),
  ])
  t.match(shown.stdout, '"FHRSID"')
  t.match(unknown, { status: 1, stderr: /^concord: No such rejected record: .*`concord quarantine list`/s })
  const { entries } = (await json('log', 'list', '--limit', '1000')) as {
    entries: { entry: { detail?: { quarantine?: string; of?: string }; outcome: string; operation: string } }[]
  }
  t.equal(entries.filter(({ entry }) => entry.operation === 'list' && entry.detail?.of === 'quarantine').length, 2)
  t.same(
    entries.filter(({ entry }) => entry.detail?.quarantine === id).map(({ entry }) => entry.outcome),
    ['disclosed'],
  )
})

t.test('a delivery is listed, shown, tried to be reverted, and reverted', async t => {
  const { deliveries } = (await json('delivery', 'list', '--adapter', premises)) as {
    deliveries: { delivery: string }[]
  }
  const id = deliveries.at(-1)?.delivery ?? ''
  const [shown, tried, unknown] = await Promise.all([
    concord.run(['delivery', 'show', id]),
    concord.run(['delivery', 'revert', id, '--dry-run']),
    concord.run(['delivery', 'revert', 'nothing']),
  ])
  t.match(shown.stdout, /^accepted +5$.*^kind +delivery$.*^state +done$/ms)
  t.match(tried, { status: 0, stdout: /^kept +5 /m })
  t.match(unknown, { status: 1, stderr: /`concord delivery list`/ })
  t.match(await concord.run(['delivery', 'revert', id]), { status: 0, stdout: /^withdrawn +0 .*^kept +5 /ms })
  t.match((await concord.run(['delivery', 'list'])).stdout, new RegExp(`^${id} +${premises} +delivery +reverted `, 'm'))
})

t.test('a delivery that failed shows why', async t => {
  const file = join(folder(t), 'broken.xml')
  writeFileSync(file, '<a><b></a>')
  t.equal((await concord.run(['deliver', premises, file])).status, 1)
  const { deliveries } = (await json('delivery', 'list', '--limit', '1')) as { deliveries: { delivery: string }[] }
  const shown = await concord.run(['delivery', 'show', deliveries[0]?.delivery ?? ''])
  t.match(shown.stdout, /^state +failed \(input-malformed\)\nproblem +Line 1/m)
})

t.test('rejects are tried again, replayed and dismissed', async t => {
  const { rejects } = (await json('quarantine', 'list', '--state', 'open')) as {
    rejects: { id: string; delivery: string }[]
  }
  const { id = '', delivery = '' } = rejects[0] ?? {}
  const [tried, unnamed, unreasoned] = await Promise.all([
    concord.run(['quarantine', 'replay', '--delivery', delivery, '--dry-run']),
    concord.run(['quarantine', 'replay']),
    concord.run(['quarantine', 'dismiss', id]),
  ])
  t.match(tried, { status: 0, stdout: /^[0-9a-f-]{36} +rejected$.*Nothing is changed/ms })
  t.match(unnamed, { status: 2, stderr: /--adapter, or by --delivery/ })
  t.match(unreasoned, { status: 2, stderr: /--reason/ })
  t.match((await concord.run(['quarantine', 'replay', id])).stdout, /^rejected +1$.*--state open/ms)
  const dismissed = await concord.run(['quarantine', 'dismiss', id, '--reason', 'a test'])
  t.match(dismissed, { status: 0, stdout: /one reject/ })
  const listed = await concord.run(['quarantine', 'list', '--state', 'dismissed'])
  t.match(listed.stdout, /dismissed by operator:\S+: a test/)
})

t.test('departments, clients and agreements are made, listed and ended', async t => {
  const added = await concord.run(['department', 'add', 'archives', '--zh', '示例县档案局', '--en', 'Archives'])
  t.match(added, { status: 0, stdout: /archives/ })
  t.match((await concord.run(['department', 'list'])).stdout, /^archives +示例县档案局 +Archives$/m)

  const made = [
    'client',
    'create',
    'permits',
    '--department',
    'archives',
    '--title',
    'Permits',
    '--scopes',
    'read,deliver',
  ]
  t.match(await json(...made), { id: 'permits', secret: /^[\w-]{43}$/ })
  t.match(await concord.run(made), { status: 1, stderr: /another id/ }, 'an id is given once')
  t.match((await concord.run(['client', 'suspend', 'permits'])).stdout, /suspended/)
  const clients = await concord.run(['client', 'list', '--json'])
  t.match(JSON.parse(clients.stdout), {
    clients: [{ id: 'permits', scopes: ['read', 'deliver'], status: 'suspended' }],
  })
  t.notMatch(clients.stdout, /secretHash|[\w-]{43}/, 'neither the secret nor its hash')
  const renewed = await concord.run(['client', 'renew-secret', 'permits'])
  t.match(renewed.stdout, /^secret +[\w-]{43}$/m)

  const terms = ['--department', 'archives', '--standard', 'enterprise-registration', '--operations', 'read,list']
  const create = ['agreement', 'create', ...terms, '--matters', 'm1,m2', '--until', '2099-12-31', '--id', 'one']
  const agreement = await json(...create, '--fields', 'unifiedSocialCreditCode,investors')
  t.match(agreement, {
    id: 'one',
    major: 1,
    matters: ['m1', 'm2'],
    until: '2100-01-01T00:00:00.000Z',
    status: 'active',
  })
  const unknown = await concord.run([...create, '--fields', 'unifiedSocialCreditCode,colour', '--json'])
  t.match(JSON.parse(unknown.stderr), { code: 'request-invalid', issues: [{ pointer: '/fields/colour' }] })
  t.equal(unknown.status, 1)
  await concord.run(['agreement', 'revoke', 'one'])
  t.match((await concord.run(['agreement', 'list'])).stdout, /^one +archives +enterprise-registration 1 +revoked /m)
})

t.test('types prints TypeScript', async t => {
  const { stdout } = await concord.run(['types', 'enterprise-registration'])
  t.match(stdout, /^export interface EnterpriseRegistration \{$/m)
})

t.test('the log is verified live and from an export, and what was changed in the export is named', async t => {
  const [file, kept, keyFile] = ['log.ndjson', 'checkpoint.txt', 'log.vkey'].map(name => join(directory, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(kept, (await concord.run(['log', 'checkpoint'])).stdout)
  const key = (await concord.run(['log', 'key'])).stdout.trim()
  writeFileSync(keyFile, key)
  t.match(await concord.run(['log', 'verify']), {
    status: 0,
    stdout: /^The log is as it was signed: \d+ entries under/,
  })
  const exported = (await json('log', 'export', '--out', file)) as { entries: number; checkpoints: number }
  const text = readFileSync(file, 'utf8')
  t.equal(text.trimEnd().split('\n').length, exported.entries + exported.checkpoints)

  const offline = programOn(join(directory, 'elsewhere'))
  const verify = (content: string, ...args: string[]) => {
    const path = join(directory, `${Math.random()}.ndjson`)
    writeFileSync(path, content)
    return offline.run(['log', 'verify', path, ...args])
  }
  // The entry of a command stands alone between two checkpoints, so that it is named and not a span.
  const line = text.split('\n').find(candidate => candidate.includes('"act":"renew-secret"')) ?? ''
  const { index } = JSON.parse(line) as { index: number }
  const lines = text.split('\n')
  const earlier = lines
    .slice(
      0,
      lines.findIndex(candidate => candidate.includes('"act":"renew-secret"')),
    )
    .join('\n')

  const [good, changed, changedJson, cut, broken, withoutKey, noCheckpoint] = await Promise.all([
    verify(text, '--key', keyFile, '--trusted', kept),
    verify(text.replace(line, line.replace('permits', 'permitz')), '--key', key),
    verify(text.replace(line, line.replace('permits', 'permitz')), '--key', key, '--json'),
    verify(`${earlier}\n`, '--key', key, '--trusted', kept),
    verify(text.replace('"index":', '"indey":'), '--key', key),
    verify(text),
    verify(text, '--key', key, '--trusted', keyFile),
  ])
  t.match(good, { status: 0, stdout: /^The log is as it was signed: /, stderr: '' })
  t.match(changed, {
    status: 1,
    stdout: '',
    stderr: new RegExp(`^concord: .*: Entry ${index} is not as it was signed\\.\nLeave the databases as they are`),
  })
  t.match(JSON.parse(changedJson.stdout), { finding: 'span-changed', first: index, last: index })
  t.match(JSON.parse(changedJson.stderr), { code: 'log-invalid' })
  t.match(cut, { status: 1, stderr: /exported before that checkpoint was signed, or its tail was cut off/ })
  t.match(noCheckpoint, { status: 1, stderr: /--trusted \S+log\.vkey: .*`concord log checkpoint`/ })
  t.notMatch(cut.stderr + noCheckpoint.stderr, /Leave the databases/)
  t.match(broken, { status: 1, stderr: /Line 1 of the export/ })
  t.match(withoutKey, { status: 2, stderr: /--key/ })
  t.notOk(existsSync(join(directory, 'elsewhere')), 'offline, no hub is made')
})

t.test('a wrong usage ends with 2, a refusal with 1; both say what to do', async t => {
  const [missing, option, command, nothing, unknown, unreadable, malformed, configuration] = await Promise.all([
    concord.run(['deliver', premises]),
    concord.run(['log', 'list', '--lim', '3', '--json']),
    concord.run(['delivre']),
    concord.run([]),
    concord.run(['deliver', 'no/such', 'x.xml']),
    concord.run(['deliver', premises, join(directory, 'x.xml'), '--json']),
    concord.run(['deliver', 'twse/companies', '-', '--json'], '[{"a":'),
    programOn(directory, { CONCORD_PROT: '9000' }).run(['migrate']),
  ])
  t.match(missing, { status: 2, stderr: "concord: missing required argument 'file'\nSee `concord deliver --help`.\n" })
  t.match(option, { status: 2, stdout: '' })
  t.match(JSON.parse(option.stderr), { code: 'usage', detail: /--lim/ })
  t.match(command, { status: 2, stderr: /Did you mean deliver/ })
  t.match(nothing, { status: 2, stderr: /^Usage: concord/ })
  t.match(unknown, { status: 1, stderr: /^concord: No such adapter is published: .*\n`concord adapter list` shows/ })
  t.match(JSON.parse(unreadable.stderr), { code: 'file-unreadable' })
  t.match(malformed, { status: 1, stdout: '' })
  t.match(JSON.parse(malformed.stderr), { code: 'input-malformed', receipt: { accepted: 0, rejected: 0 } })
  t.match(configuration, { status: 1, stderr: /^concord: .*CONCORD_PROT.*\n$/ })
})

t.test('check and preview open no hub: the starter catalogue on disk is enough', async t => {
  const elsewhere = programOn(join(directory, 'elsewhere'))
  const document = readFileSync(`adapters/${premises}.json`, 'utf8')
  const bad = join(directory, 'bad.json')
  writeFileSync(
    bad,
    document.replace('"phone"', '"telephone"').replace('"name":', '"nom":').replace('"FHRSID"', '"../FHRSID"'),
  )
  const [good, refused, previewed, published, unpublished] = await Promise.all([
    elsewhere.run(['check', `adapters/${premises}.json`]),
    elsewhere.run(['check', bad, '--json']),
    elsewhere.run(['preview', premises, fixture(`${premises}/bad-premises.xml`), '--json', '--limit', '2']),
    concord.run(['check', premises, '--json']),
    concord.run(['publish', bad]),
  ])
  t.match(good, {
    status: 0,
    stdout: /can be used: it fills \d+ of the \d+ fields of food-premises-inspection 1\.1\.0\./,
  })
  t.match(good.stdout, /^ratingNormalised +L1 +RatingValue +trim, codes$/m, 'lineage')
  t.match(good.stdout, 'starter catalogue')
  t.equal(refused.status, 1)
  const { code, issues } = JSON.parse(refused.stderr) as { code: string; issues: { pointer: string }[] }
  t.equal(code, 'adapter-invalid')
  t.ok(issues.length > 0 && issues.every(({ pointer }) => pointer.startsWith('/')))
  const { records } = JSON.parse(previewed.stdout) as { records: { issues: unknown[]; record: object }[] }
  t.equal(records.length, 2)
  t.ok(records.some(record => record.issues.length > 0))
  t.notOk(existsSync(join(directory, 'elsewhere')), 'nothing is written')
  t.match(JSON.parse(published.stdout), { catalogue: 'published', adapter: premises })
  t.match(unpublished, { status: 1, stdout: '', stderr: /^concord: [^\n]*bad\.json: [^\n]*\n( {2}\/\S+: [^\n]+\n)+/ })
})

const samples = programOn(join(directory, 'samples'), { CONCORD_SAMPLES: '1', CONCORD_PORT: '0' })
const hasCurl = spawnSync('curl', ['--version']).status === 0

/** What a server prints until its last line; it does not outlive the test. */
async function greetingOf(t: Test, child: ChildProcess): Promise<string> {
  t.teardown(() => child.kill('SIGKILL'))
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes('concord log verify\n')) return text
  }
  throw new Error(`concord serve ended: ${text}`)
}

for (const start of ['first', 'second']) {
  t.test(`on the ${start} start, the calls that are printed work as they are pasted`, async t => {
    const child = samples.start(['serve'])
    const ended = once(child, 'exit')
    const greeting = await greetingOf(t, child)
    const [address = '', port = ''] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(greeting) ?? []
    t.match(greeting, `${address}/docs`)
    t.equal(/^published \d+ documents/m.test(greeting), start === 'first', 'the samples are made once')
    t.equal(greeting.match(/^\d\. .*:$/gm)?.length, 3, 'three calls are explained')
    const commands = greeting.split('\n').filter(line => /^(TOKEN=\$\()?curl /.test(line))
    t.equal(commands.length, 3)

    t.test('with sh and curl', { skip: hasCurl ? false : 'there is no curl here' }, async t => {
      const { stdout } = await promisify(execFile)('sh', ['-c', commands.join('\n')])
      const [record = '', page = ''] = stdout.split(/^(?=HTTP)/m)
      t.match(record, /^HTTP\/1\.1 200 .*^concord-entry: \d+.*"data":\{"unifiedSocialCreditCode"/ims)
      t.match(page, /^HTTP\/1\.1 200 .*^concord-entry: \d+.*"records":\[\{/ims)
    })
    t.match(await fetch(`${address}/docs/`), { status: 200 })

    const second = await programOn(join(directory, 'samples'), { CONCORD_PORT: port }).run(['serve'])
    t.match(second, { status: 1, stdout: '', stderr: /^concord: [^\n]*port \d+ of 127\.0\.0\.1 is taken[^\n]*\n$/ })

    child.kill('SIGTERM')
    t.same(await ended, [0, null], 'told to stop, it ends in peace')
  })
}

t.test('the log of what was served verifies', async t => {
  t.match(await samples.run(['log', 'verify']), { status: 0, stdout: /^The log is as it was signed/ })
})

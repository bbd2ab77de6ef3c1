/** The commands by which the log is searched and use is counted, each a process on one data directory. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import type { Entry } from '../../src/log/entry.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import { granted } from '../exchange/reading.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { folder, openTestHub } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()
const subject = '91331199MAXT000111'

type Listed = { readonly entries: { readonly index: number; readonly entry: Entry }[]; readonly hasMore?: boolean }

/** A data directory on which the archives have read two things, one of them twice. */
async function usedHub(t: Test) {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  await deliverThings(hub, 'data-bureau/plain', [
    { id: '1', name: 'one', secret: subject },
    { id: '2', name: 'two', secret: 'another' },
  ])
  const call = await granted(hub, 'm1', { fields: ['id', 'name'] })
  for (const [at, key] of ['1', '2', '1'].entries()) {
    hub.pass(86_400_000)
    const by = { ...call().by, request: `request-${at}` }
    await discloseRecord(hub, { ...call(), by, case: `case ${at}` }, { key, asOf: undefined, knownTags: [] })
  }
  const { pseudonym } = hub.keys
  await hub.close()
  const concord = programOn(directory)
  const json = async <Shape>(...args: string[]): Promise<Shape> => {
    const { status, stdout, stderr } = await concord.run([...args, '--json'])
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as Shape
  }
  return {
    directory,
    concord,
    json,
    record: recordPseudonym(pseudonym, 'thing', '1'),
    subject: subjectPseudonym(pseudonym, subject),
  }
}

t.test('who was shown what of a subject and of a record; the identifier is in no log', async t => {
  const hub = await usedHub(t)
  const bySubject = await hub.json<Listed & { subject: string }>('log', 'subject', subject)
  t.equal(bySubject.subject, hub.subject)
  t.match(
    bySubject.entries.map(({ entry }) => entry),
    [{ case: 'case 2' }, { case: 'case 0', department: 'archives', actor: { id: 'reader' }, fields: ['id', 'name'] }],
    'newest first',
  )
  const byRecord = await hub.json<Listed>('log', 'record', 'thing', '1')
  t.same(byRecord.entries, bySubject.entries)
  const piped = await hub.concord.run(['log', 'subject', '-', '--limit', '1'], ` ${subject.toLowerCase()}\n`)
  t.match(piped, { status: 0, stdout: /archives +client:reader +read +thing +disclosed +m1 case 2 +id, name/ })
  t.match(piped.stdout, /There are older ones: --limit takes more than 1/)
  t.match((await hub.concord.run(['log', 'record', 'thing', '-'], '2')).stdout, /m1 case 1/)
  t.match((await hub.concord.run(['log', 'subject', 'nobody'])).stdout, /No entry names it/)
  t.match(await hub.concord.run(['log', 'subject', '-'], '\n'), { status: 1, stderr: /standard input/ })
  const exported = await hub.concord.run(['log', 'export'])
  t.notMatch(exported.stdout, new RegExp(subject, 'i'))
  t.match(exported.stdout, `"filters":{"subject":"${hub.subject}"}`)
  t.match(exported.stdout, `"filters":{"record":"${hub.record}"}`)
})

t.test('entries are listed by what they say', async t => {
  const { json, concord } = await usedHub(t)
  const cases: [options: string[], cases: (string | undefined)[]][] = [
    [
      ['--client', 'reader', '--limit', '2'],
      ['case 1', 'case 2'],
    ],
    [
      ['--client', 'reader', '--limit', '2', '--from', '0'],
      ['case 0', 'case 1'],
    ],
    [['--since', '2026-03-03', '--until', '2026-03-03', '--department', 'archives'], ['case 1']],
    [
      [
        '--matter',
        'm1',
        '--standard',
        'thing',
        '--operation',
        'read',
        '--request',
        'request-2',
        '--case',
        'case 2',
        '--outcome',
        'disclosed',
      ],
      ['case 2'],
    ],
    [['--operator', 'tester', '--operation', 'deliver'], [undefined]],
  ]
  for (const [options, expected] of cases) {
    const { entries } = await json<Listed>('log', 'list', ...options)
    t.same(
      entries.map(({ entry }) => entry.case),
      expected,
      options.join(' '),
    )
  }
  t.match(await concord.run(['log', 'list', '--outcome', 'maybe']), { status: 2, stderr: /disclosed, not-modified/ })
  t.match(await concord.run(['log', 'list', '--client', 'a', '--user', 'b']), { status: 1, stderr: /one actor/ })
})

t.test('a name that is mistyped is said to be none, and not that nobody has done anything', async t => {
  const { concord } = await usedHub(t)
  const cases: [args: string[], status: number, stderr: RegExp][] = [
    [['log', 'list', '--operation', 'reed'], 2, /read.*list.*deliver/s],
    [['log', 'list', '--department', 'nope'], 1, /no department nope.*`concord department list`/],
    [['log', 'export', '--standard', 'thingg'], 1, /no standard thingg/],
    [['log', 'list', '--client', 'raeder'], 1, /no client raeder/],
    [['log', 'list', '--user', 'reader'], 1, /no user reader/],
    [['log', 'record', 'thingg', '1'], 1, /no standard thingg/],
    [['log', 'record', 'thing', '1~12'], 1, /A key of thing has one part: id\./],
    [['usage', '--department', 'archive'], 1, /no department archive/],
    [['usage', '--operation', 'deliver'], 2, /read, list, lookup/],
  ]
  const runs = await Promise.all(cases.map(([args]) => concord.run(args)))
  for (const [at, [args, status, stderr]] of cases.entries()) {
    t.match(runs[at], { status, stderr, stdout: '' }, args.join(' '))
  }
})

t.test('a selection is exported as it stands in the log, and says that it cannot be verified whole', async t => {
  const { directory, concord, json } = await usedHub(t)
  const out = join(directory, 'selection.ndjson')
  const text = await concord.run(['log', 'export', '--client', 'reader', '--out', out])
  t.match(text, { status: 0, stdout: /Wrote 3 entries.*cannot be verified as a whole.*log prove/s })
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
  const { entries } = await json<Listed>('log', 'list', '--client', 'reader')
  t.same(
    lines.map(line => JSON.parse(line) as unknown),
    entries,
  )
  t.match(await json('log', 'export', '--matter', 'none', '--out', out), { entries: 0, checkpoints: 0, isWhole: false })
  const key = (await concord.run(['log', 'key'])).stdout.trim()
  await concord.run(['log', 'export', '--client', 'reader', '--out', out])
  const verified = await concord.run(['log', 'verify', out, '--key', key])
  t.match(verified, { status: 1, stderr: /a selection of entries, which cannot be verified as a whole/ })
  t.notMatch(verified.stderr, /Leave the databases/)
})

t.test('the index is made anew', async t => {
  const { json } = await usedHub(t)
  const { entries } = await json<{ entries: number }>('log', 'reindex')
  t.ok(entries > 3)
  t.equal((await json<Listed>('log', 'subject', subject)).entries.length, 2)
})

t.test('use is counted, in a table and as JSON', async t => {
  const { concord, json } = await usedHub(t)
  t.match(await json('usage', '--by', 'day,matter'), {
    usage: [
      { day: '2026-03-02', matter: 'm1', calls: 1, records: 1, subjects: 1, refusals: 0 },
      { day: '2026-03-03', matter: 'm1' },
      { day: '2026-03-04', matter: 'm1' },
    ],
    total: { calls: 3, records: 3, subjects: 2, refusals: 0 },
  })
  const { stdout } = await concord.run(['usage', '--since', '2026-03-03'])
  t.match(stdout, /^DEPARTMENT +STANDARD +CALLS +RECORDS +SUBJECTS +REFUSALS$/m)
  t.match(stdout, /^archives +thing +2 +2 +2 +0$/m)
  t.match(stdout, /^all +2 +2 +2 +0$/m)
  t.match(stdout, /days are of UTC/)
  t.match(await concord.run(['usage', '--by', 'hour']), { status: 2, stderr: /day, department, standard/ })
})

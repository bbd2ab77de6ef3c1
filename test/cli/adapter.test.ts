import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { fixture, folder } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()
const directory = folder(t)
const concord = programOn(join(directory, 'no-hub'))
const units = fixture('social-security/units/units.xml')

t.test('a draft is printed as a document that check accepts, its summary beside it', async t => {
  const drafted = await concord.run(['adapter', 'draft', '--standard', 'social-insurance-unit', units])
  t.equal(drafted.status, 0, drafted.stderr)
  t.match(drafted.stderr, /^Proposed 3 of 3 fields of social-insurance-unit, from xml records at "ROOT\/CONTENT\/ROW"/)
  const file = join(directory, 'units.json')
  writeFileSync(file, drafted.stdout)
  const [checked, previewed] = await Promise.all([
    concord.run(['check', file]),
    concord.run(['preview', file, units, '--json', '--limit', '2']),
  ])
  t.equal(checked.status, 0, checked.stderr)
  const { records, unread } = JSON.parse(previewed.stdout) as { records: { issues: [] }[]; unread: string[] }
  t.same(records.map(({ issues }) => issues), [[], []])
  t.same(unread, ['AAB019'])
}) // prettier-ignore

t.test('a compressed sample, a file to write to, and JSON; nothing of the sample on standard error', async t => {
  const sample = join(directory, 'sample.xml.gz')
  const out = join(directory, 'out.json')
  writeFileSync(sample, gzipSync(readFileSync(units)))
  const options = ['--standard', 'social-insurance-registration', '--department', 'social-security', '--name', 'units']
  const [text, json] = await Promise.all([
    concord.run(['adapter', 'draft', ...options, '--out', out, sample]),
    concord.run(['adapter', 'draft', ...options, '--json', sample]),
  ])
  t.equal(text.status, 0, text.stderr)
  t.equal(text.stdout, '')
  t.match(text.stderr, /Required, and without a source/)
  for (const [, value] of readFileSync(units, 'utf8').matchAll(/>([^<>\n]{4,})</g)) t.notMatch(text.stderr, value)
  const { document, missing } = JSON.parse(json.stdout) as { document: object; missing: { field: string }[] }
  t.same(document, JSON.parse(readFileSync(out, 'utf8')))
  const again = await concord.run(['adapter', 'draft', ...options, '--out', out, sample])
  t.match(again, { status: 1, stderr: /is there already/ }, 'what somebody may have worked on is not written over')
  t.match(document, { adapter: { department: 'social-security', name: 'units' } })
  t.ok(missing.some(({ field }) => field === 'insuranceType'))
  const checked = await concord.run(['check', out, '--json'])
  t.equal(checked.status, 1)
  t.match(checked.stderr, /required-unmapped/)
})

t.test('what cannot be drafted from is refused, saying why', async t => {
  const broken = join(directory, 'broken.json')
  writeFileSync(broken, '{"a":')
  const [unknown, malformed, usage] = await Promise.all([
    concord.run(['adapter', 'draft', '--standard', 'no-such', units]),
    concord.run(['adapter', 'draft', '--standard', 'social-insurance-unit', broken]),
    concord.run(['adapter', 'draft', units]),
  ])
  t.match(unknown, { status: 1, stderr: /no-such/ })
  t.match(malformed, { status: 1, stderr: /not well-formed/ })
  t.match(usage, { status: 2, stderr: /--standard/ })
})

t.test('adapters are listed with their standard, and shown', async t => {
  const [listed, shown, unknown] = await Promise.all([
    concord.run(['adapter', 'list', '--json']),
    concord.run(['adapter', 'show', 'twse/companies']),
    concord.run(['adapter', 'show', 'no/such']),
  ])
  const { adapters } = JSON.parse(listed.stdout) as { adapters: { id: string }[] }
  t.match(
    adapters.find(({ id }) => id === 'twse/companies'),
    { standard: 'listed-company', major: 1, versions: [/^\d+\.\d+\.\d+$/] },
  )
  t.match(JSON.parse(shown.stdout), { adapter: { department: 'twse', name: 'companies' } })
  t.match(unknown, { status: 1, stderr: /no\/such/ })
})

t.test('preview begins where it is told, and shows only rejects where it is told so', async t => {
  const bad = fixture('food-standards-agency/premises/bad-premises.xml')
  const run = (...options: string[]) =>
    concord.run(['preview', 'food-standards-agency/premises', bad, '--json', ...options])
  const previews = await Promise.all([
    run('--limit', '100'),
    run('--from', '3', '--limit', '100'),
    run('--record', '2'),
    run('--rejects', '--limit', '100'),
  ])
  const [all, from, one, rejects] = previews.map(
    ({ stdout }) =>
      (JSON.parse(stdout) as { records: { position: { ordinal: number }; issues: object[]; lineage: object[] }[] })
        .records,
  )
  const ordinals = (records: typeof all) => records?.map(({ position }) => position.ordinal)
  t.same(ordinals(from), ordinals(all)?.slice(2))
  t.same(ordinals(one), [2])
  t.same(ordinals(rejects), ordinals(all?.filter(({ issues }) => issues.length > 0)))
  t.ok((rejects?.length ?? 0) > 0 && (rejects?.length ?? 0) < (all?.length ?? 0))
  t.match(one?.[0]?.lineage, [{ field: 'premisesId', sources: [{ path: 'FHRSID' }] }])
  const both = await run('--record', '2', '--from', '1')
  t.equal(both.status, 2)
})

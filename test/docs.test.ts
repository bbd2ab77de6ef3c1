/** Pages for people: their commands are run, the tests that they name are there, their links lead somewhere. */
import t from 'tap'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { home } from '../src/exchange/documents.ts'
import { noCurl, runPage } from './shell-page.ts'

t.test('the consumer’s first hour works as it stands', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'consumers.md', 8091, 14)
  t.equal(status, 0, stderr)
  t.match(stdout, /"withheld":\[/)
  t.match(stdout, /^304$/m)
  t.match(stdout, /"missing":\[/)
  t.match(stdout, /"results":\{"status":"(match|mismatch)"\}/)
  t.match(stdout, /"history":\[/)
  t.match(stdout, /"changes":\[\]/, 'nothing has changed since the export')
  t.match(stdout, /^sunset: Mon, 01 Jun 2099 00:00:00 GMT\r$/im)
  t.match(stdout, /"changes":\[\{"kind":"notice","notice":\{"kind":"deprecated"/, 'but its notice comes')
  t.match(stdout, /"code":"agreement-missing"/)
  // All but that last call were allowed.
  t.equal([...stdout.matchAll(/urn:concord:problem/g)].length, 1)
})

t.test('the auditor’s first hour works as it stands', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'auditors.md', 8092, 10)
  t.equal(status, 0, stderr)
  t.equal([...stdout.matchAll(/The log is as it was signed/g)].length, 2, 'live and from the export')
  t.match(stdout, /client:housing-permits +read +enterprise-registration +disclosed/)
})

t.test('the steward’s first hour works as it stands', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'stewards.md', 8094, 11)
  t.equal(status, 0, stderr)
  t.match(stdout, /parking-permit 1\.0\.0 → 1\.1\.0: minor/)
  t.match(stdout, /parking-permit 1\.1\.0 → 2\.0\.0: major/)
  t.equal([...stdout.matchAll(/^refused$/gm)].length, 2, 'a wrong number, and an adapter that fails its case')
  t.match(stdout, /"version":"1\.\d\.0","key":"P000002".*"plate":"测A00002"/, 'major 2, read as major 1')
  t.match(stdout, /^deprecation: @\d+/im)
  t.match(stdout, /"kind":"notice"/)
  t.notMatch(stdout, /urn:concord:problem/)
})

t.test('every test that docs/security.md names is there', async t => {
  const named = textOf('docs/security.md').match(/`test\/[^`]+`/g) ?? []
  t.ok(named.length > 20)
  for (const name of new Set(named)) t.ok(existsSync(join(home, name.slice(1, -1))), name)
})

const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(home, 'docs')).map(name => `docs/${name}`)]

t.test('every link between pages leads to a page', async t => {
  for (const page of pages.filter(name => name.endsWith('.md'))) {
    for (const [, target = ''] of textOf(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue
      t.ok(existsSync(join(home, dirname(page), target)), `${page} → ${target}`)
    }
  }
})

function textOf(page: string): string {
  return readFileSync(join(home, page), 'utf8')
}

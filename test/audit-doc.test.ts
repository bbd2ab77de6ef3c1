/** The commands of docs/audit.md are run as they stand there. */
import t from 'tap'
import { noCurl, runPage } from './shell-page.ts'

t.test('the log is searched and use is counted, by the page', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'audit.md', 8094, 6)
  t.equal(status, 0, stderr)
  const read =
    /housing +client:housing-permits +read +enterprise-registration +disclosed +331199-construction-permit 2026-0001 /g
  t.equal([...stdout.matchAll(read)].length, 3, 'by subject, by record, from standard input')
  t.match(stdout, /Wrote 1 entries .*\nA selection cannot be verified/)
  t.match(stdout, /housing +enterprise-registration +read +331199-construction-permit +1 +1 +3 +0$/m)
  t.match(stdout, /^\{"entries":\[\{"index":\d+,"entry":\{.*"cursor":null\}$/m)
  t.match(stdout, /"usage":\[\{"department":"housing","operation":"read","calls":1/)
  t.match(stdout, /The index is of \d+ entries/)
})

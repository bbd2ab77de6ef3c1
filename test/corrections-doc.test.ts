/** The commands of docs/corrections.md are run as they stand there. */
import t from 'tap'
import { noCurl, runPage } from './shell-page.ts'

t.test('departments differ, and a consumer has a value corrected, by the page', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'corrections.md', 8097, 5)
  t.equal(status, 0, stderr)
  t.match(stdout, /^1 records are of several departments; 1 have changed\.$/m)
  t.match(stdout, /shop +S1 +name +market-regulation, taxation +market-regulation +open/)
  t.match(stdout, /decision +will-be-corrected, by operator:.*: the tax office mends its register this week/)
  t.match(
    stdout,
    /^\{"corrections":\[\{"id":"[^"]+","standard":"shop","key":"S1","field":"name","department":"ecology"/m,
  )
  t.match(stdout, /"message":"The sign over the door says Golden Dragon House\."/)
  t.match(
    stdout,
    /"outcome":"corrected","department":"market-regulation".*"message":"Thank you: mended in our register\."/,
  )
  t.match(stdout, /shop +S1 +name +ecology +market-regulation +answered +\d{4}-\d\d-\d\d +changed since/)
})

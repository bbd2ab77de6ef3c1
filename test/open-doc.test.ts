/** The commands of docs/open.md are run as they stand there. */
import t from 'tap'
import { noCurl, runPage } from './shell-page.ts'

t.test('open data is read as its page says', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'open.md', 8095, 7)
  t.equal(status, 0, stderr)
  t.match(stdout, /"id":"food-premises-inspection"/)
  t.match(stdout, /"data":\{"name":"The Sample Spoon","ratingNormalised":"pass"\}/)
  t.match(stdout, /concord-entry: \d+/i)
  t.match(stdout, /^304$/m)
  t.match(stdout, /^\{"cursor":null\}$/m)
  t.match(stdout, /food-premises-inspection +export +2 /)
  t.match(stdout, /public:anyone +export/)
  t.match(stdout, /"@type":\["dcat:Catalog"|"@context"/)
  t.match(stdout, /Wrote \d+ standards to /)
})

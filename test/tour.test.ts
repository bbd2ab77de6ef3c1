/** The commands of docs/tour.md are run as they stand there. */
import t from 'tap'
import { noCurl, runPage } from './shell-page.ts'

t.test('the tour works from an empty hub to a verified disclosure', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'tour.md', 8090, 12)
  t.equal(status, 0, stderr)
  t.match(stdout, /accepted +5/)
  t.match(stdout, /concord-entry: \d+/i)
  t.match(stdout, /"withheld":\["localId"/)
  t.match(stdout, /client:inspections +list +food-premises-inspection +disclosed/)
  t.equal([...stdout.matchAll(/The log is as it was signed/g)].length, 2, 'live and from the export')
})

/** The commands of docs/agreements.md are run as they stand there. */
import t from 'tap'
import { noCurl, runPage } from './shell-page.ts'

t.test('the life of an agreement goes as its page says', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'agreements.md', 8093, 8)
  t.equal(status, 0, stderr)
  t.match(stdout, /The agreement premises is active/)
  t.match(stdout, /"code":"self-decision"/)
  t.match(stdout, /"state":"active"/)
  t.match(stdout, /^Refused at .*Concord-Case\.$/m)
  t.match(stdout, /^Allowed at .*; 1 of 2 fields are shown/m)
  t.match(stdout, /had not been asked for then/)
  t.match(stdout, /^Refused at 2100-06-01T00:00:00\.000Z: .*has ended/m)
  t.match(stdout, /"state":"revoked"/)
  t.match(stdout, /client:tax-office +approve +tax-registration +done/)
})

/** The commands of docs/log.md are run as they stand there. */
import t from 'tap'
import { noCurl, runPage } from './shell-page.ts'

t.test('an outsider verifies the log and asks its witness, by the page', { skip: noCurl }, async t => {
  const { status, stdout, stderr } = await runPage(t, 'log.md', 8093, 8)
  t.equal(status, 0, stderr)
  t.match(stdout, /^Entry 0 is in the log of \d+ entries, as it was signed:\n\{"actor"/m)
  t.match(stdout, /The log is as it was signed/)
  t.match(stdout, /^The log of \d+ entries begins with the \d+ of the trusted checkpoint/m)
  t.match(stdout, /^concord\.local\/log\n\d+\n\S+\n\n— concord\.local\/log \S+\n— witness\.example\/w1 \S+$/m)
  t.match(stdout, /"entry":0,"size":\d+,"leaf":"\S{44}","proof":\["/)
  t.match(stdout, /c2sp\.org\/tlog-proof@v1\nindex 0$/m)
  t.match(stdout, /^0000064$/m, 'two hashes of 32 bytes')
})

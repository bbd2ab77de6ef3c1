import t from 'tap'
import { compareVersions, newest } from '../src/versions.ts'

t.test('versions compare by number, part by part', async t => {
  const ordered = ['0.9.9', '1.0.0', '1.0.2', '1.0.10', '1.2.0', '1.10.0', '2.0.0', '10.0.0']
  t.same(ordered.toReversed().toSorted(compareVersions), ordered)
  t.equal(compareVersions('1.2.3', '1.2.3'), 0)
})

t.test('the newest row has the highest version; there may be none', async t => {
  t.same(newest([{ version: '1.9.0' }, { version: '1.10.0' }, { version: '1.2.0' }]), { version: '1.10.0' })
  t.equal(newest([]), undefined)
})

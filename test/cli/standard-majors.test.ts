import t from 'tap'
import { join } from 'node:path'
import { publishThing2, grantThing } from '../exchange/thing-majors.ts'
import { publishThings } from '../exchange/things.ts'
import { folder, openTestHub } from '../helper.ts'
import { build, programOn, type Ended } from './concord.ts'

build()
const directory = join(folder(t), 'hub')
const { run } = programOn(directory)
const standard = (...args: string[]): Promise<Ended> => run(['standard', ...args])

t.test('a hub with two majors', async t => {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  await publishThing2(hub)
  await grantThing(hub, 'a')
})

t.test('a major is deprecated by who has seen its uses, shown, restored, and not retired before its time', async t => {
  const deprecation = ['deprecate', 'thing', '1', '--sunset', '2099-06-01', '--reason', 'colours']
  const asked = await standard(...deprecation)
  t.match(asked, { status: 1, stderr: /Nobody can be asked here.*--yes/ }, 'nobody can be asked, and nothing is done')
  t.match(asked.stdout, /^Major 1 of thing is published\.\n\nAGREEMENT +DEPARTMENT +STATE/)
  t.match(asked.stdout, /^a +archives +active +2100-01-01T00:00:00\.000Z +m$/m)
  t.match(asked.stdout, /^data-bureau\/list +1\.0\.0 +delivers$/m)
  t.match(asked.stdout, /^No call was made since \d{4}-\d{2}-\d{2}\.$/m)

  const done = await standard(...deprecation, '--yes', '--json')
  t.match(done, { status: 0, stderr: '' })
  const sunset = '2099-06-01T00:00:00.000Z'
  t.match(JSON.parse(done.stdout), { status: 'deprecated', sunset, reason: 'colours', successor: { major: 2 } })

  const uses = await standard('uses', 'thing', '1', '--json')
  t.match(JSON.parse(uses.stdout), { status: 'deprecated', sunset, agreements: [{ id: 'a' }], calls: [] })
  t.match(await standard('retire', 'thing', '1', '--reason', 'r', '--yes'), {
    status: 1,
    stderr: /sunset is at 2099-06-01/,
  })
  t.match(await standard('restore', 'thing', '1'), { status: 0, stdout: 'Major 1 of thing is published.\n' })
  t.match(await standard('deprecate', 'thing', '1', '--sunset', 'soon', '--reason', 'r'), {
    status: 2,
    stderr: /must be a day/,
  })
})

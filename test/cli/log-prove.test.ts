/** Proofs as files: made beside a hub whose log is witnessed, checked without it. */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { encodeVerifierKey, noteKey, parseVerifierKey } from '../../src/log/note.ts'
import { folder } from '../helper.ts'
import { newLogKey } from '../log/any-log.ts'
import { build, programOn } from './concord.ts'
import { firstLine, serveWitness } from './serving-witness.ts'

build()

t.test('a hub has its log cosigned, and an auditor asks for the witness', async t => {
  const directory = folder(t)
  const data = join(directory, 'data')
  const concord = programOn(data)
  const vkey = join(directory, 'log.vkey')
  await concord.run(['migrate'])
  await concord.run(['log', 'list'])
  writeFileSync(vkey, (await concord.run(['log', 'key'])).stdout)
  const logKey = parseVerifierKey(readFileSync(vkey, 'utf8').trim())
  const witness = await serveWitness(t, join(directory, 'state'), logKey)
  const address = `${witness.key}@${witness.url}`

  const hub = programOn(data, { CONCORD_WITNESSES: address, CONCORD_PORT: '0' })
  const served = hub.start(['serve', '--json'])
  t.teardown(() => served.kill('SIGKILL'))
  await firstLine(served)
  const proof = join(directory, '0.tlog-proof')
  const cosigned = await eventually(async () => {
    await concord.run(['log', 'prove', '--entry', '0', '--out', proof])
    return readFileSync(proof, 'utf8').includes('— concord.local/witness ')
  })
  t.ok(cosigned)

  const verified = await concord.run(['log', 'verify', proof, '--key', vkey, '--witness', witness.key])
  t.match(verified, { status: 0, stdout: /^Entry 0 is in the log of \d+ entries, as it was signed:\n\{"actor".*\}\n$/ })
  const another = encodeVerifierKey(noteKey('x', newLogKey('x').key, 'cosignature'))
  const uncosigned = await concord.run(['log', 'verify', proof, '--key', vkey, '--witness', another])
  t.match(uncosigned, { status: 1, stderr: /The witness x\+\w+ has not cosigned the checkpoint\. .*since the witness/ })
  t.notMatch(uncosigned.stderr, /Leave the databases/)
  const changed = join(directory, 'changed.tlog-proof')
  writeFileSync(changed, readFileSync(proof, 'utf8').replace('index 0', 'index 1'))
  t.match(await concord.run(['log', 'verify', changed, '--key', vkey]), { status: 1, stderr: /This is not entry 1/ })

  const checkpoint = join(directory, 'checkpoint.txt')
  writeFileSync(checkpoint, readFileSync(proof, 'utf8').replace(/^[^]*?\n\n/, ''))
  const options = ['--key', vkey, '--trusted', checkpoint]
  const live = await concord.run(['log', 'verify', '--trusted', checkpoint, '--witness', witness.key])
  t.match(live, { status: 0, stdout: /as it was signed/ })
  t.match(await concord.run(['log', 'verify', '--witness', witness.key]), { status: 2, stderr: /asks for --trusted/ })

  const { size } = openCheckpoint(readFileSync(checkpoint, 'utf8'), [logKey])
  await concord.run(['log', 'list'])
  const grown = join(directory, 'grown.txt')
  t.match(await concord.run(['log', 'prove', '--from', String(size), '--out', grown]), {
    status: 0,
    stdout: /--trusted/,
  })
  const growth = await concord.run(['log', 'verify', grown, ...options])
  t.match(growth, { status: 0, stdout: new RegExp(`begins with the ${size} of the trusted checkpoint`) })
  t.match(await concord.run(['log', 'verify', grown, '--key', vkey]), { status: 2, stderr: /--trusted/ })
  writeFileSync(grown, readFileSync(grown, 'utf8').replace(/^(old \d+\n).{4}/, '$1AAAA'))
  t.match(await concord.run(['log', 'verify', grown, ...options]), { status: 1, stderr: /does not begin with/ })
  served.kill('SIGTERM')
  await once(served, 'exit')
})

/** Tries until it holds, for half a minute at most. */
async function eventually(holds: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + 30_000
  while (Date.now() < end) {
    if (await holds()) return true
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  return false
}

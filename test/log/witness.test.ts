import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from '../properties.ts'
import t from 'tap'
import { encodeAddCheckpoint } from '../../src/log/add-checkpoint.ts'
import { openCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts'
import { cosignatureLine, encodeVerifierKey, parseVerifierKey } from '../../src/log/note.ts'
import type { TreeHead } from '../../src/log/tree.ts'
import { openWitnessKey, WitnessMemory } from '../../src/log/witness-memory.ts'
import { judge } from '../../src/log/witness.ts'
import { folder } from '../helper.ts'
import { AnyLog, newLogKey } from './any-log.ts'
import { leavesOf } from './naive-tree.ts'

const key = newLogKey('concord.example/log')
const stranger = newLogKey('concord.example/log')

const leaves = leavesOf(40)
const log = new AnyLog(key, leaves)
const branch = new AnyLog(key, [...leaves.slice(0, 10), 'another', ...leaves.slice(11)])
const at = (size: number) => ({ logs: [key], last: () => (size === 0 ? undefined : log.head(size)) })

t.test('a witness judges as the protocol says', async t => {
  const cases: [string, string, number, object][] = [
    ['the first checkpoint, whatever its size', log.body(0, 20), 0, { judgement: 'consistent' }],
    ['growth', log.body(20, 33), 20, { judgement: 'consistent' }],
    ['the same again', log.body(20, 20), 20, { judgement: 'consistent' }],
    ['what does not begin where it stands', log.body(10, 33), 20, { judgement: 'size-differs', size: 20 }],
    ['a log that asks where it stands', log.body(0, 33), 20, { judgement: 'size-differs', size: 20 }],
    ['a rollback', log.body(10, 15), 20, { judgement: 'size-differs', size: 20 }],
    ['a rollback that claims its size', log.body(20, 15), 20, { judgement: 'malformed' }],
    ['a fork of the same size', branch.body(20, 20), 20, { judgement: 'forked' }],
    ['a fork that has grown', branch.body(20, 33), 20, { judgement: 'unproven' }],
    ['growth without its proof', log.body(20, 33).replace(/\n[^]*?\n\n/, '\n\n'), 20, { judgement: 'unproven' }],
    ['a needless proof', log.body(20, 20).replace('\n\n', `\n${'A'.repeat(43)}=\n\n`), 20, { judgement: 'unproven' }],
    ['a first one with a proof', log.body(10, 33).replace('old 10', 'old 0'), 0, { judgement: 'unproven' }],
    ['a key of the same name', log.body(20, 33, stranger), 20, { judgement: 'unsigned' }],
    ['a log that it does not know', log.body(20, 33, newLogKey('other.example')), 20, { judgement: 'log-unknown' }],
    ['a text that is no request', 'hello', 20, { judgement: 'malformed' }],
    ['a note that is no checkpoint', 'old 0\n\nconcord.example/log\n', 0, { judgement: 'malformed' }],
  ]
  for (const [what, body, size, expected] of cases) t.match(judge(body, at(size)), expected, what)
})

t.test('what others have signed below a checkpoint is not passed on', async t => {
  const junk = newLogKey('junk.example')
  const checkpoint = signCheckpoint(log.head(20), [key, junk])
  const judgement = judge(encodeAddCheckpoint({ old: 0, proof: [], checkpoint }), at(0))
  t.strictSame(judgement, { judgement: 'consistent', checkpoint: log.checkpoint(20) })
})

t.test('in whatever order two branches are shown it, a witness cosigns one history', async t => {
  const steps = fc.array(
    fc.record({
      isBranch: fc.boolean(),
      old: fc.option(fc.nat(39), { freq: 2 }),
      size: fc.integer({ min: 1, max: 40 }),
    }),
    { maxLength: 30 },
  )
  let cosigned = 0
  fc.assert(
    fc.property(steps, steps => {
      let last: TreeHead | undefined
      const seen: TreeHead[] = []
      for (const { isBranch, old, size } of steps) {
        const from = isBranch ? branch : log
        // Mostly from where it stands, else nearly nothing would be let through.
        const judgement = judge(from.body(old ?? Math.min(last?.size ?? 0, size), size), {
          logs: [key],
          last: () => last,
        })
        if (judgement.judgement !== 'consistent') continue
        last = openCheckpoint(judgement.checkpoint, [key])
        seen.push(last)
      }
      cosigned += seen.length
      const isOn = (one: AnyLog) => seen.every(head => Buffer.compare(head.root, one.head(head.size).root) === 0)
      const isGrowing = seen.every((head, at) => at === 0 || head.size >= (seen[at - 1] as TreeHead).size)
      return isGrowing && (isOn(log) || isOn(branch))
    }),
  )
  t.ok(cosigned > 100, `${cosigned} were cosigned`)
})

t.test('a witness remembers what it has cosigned, its key and its name', async t => {
  const state = join(folder(t), 'state')
  const own = openWitnessKey(state, 'witness.example/w1')
  t.equal(statSync(join(state, 'witness.key')).mode & 0o777, 0o600)
  t.equal(encodeVerifierKey(openWitnessKey(state)), encodeVerifierKey(own))
  t.throws(() => openWitnessKey(state, 'another'), { code: 'key-unreadable', message: /called witness\.example\/w1/ })

  const memory = WitnessMemory.open(state, own, [key])
  t.equal(memory.last(key.name), undefined)
  const note = `${log.checkpoint(20)}${cosignatureLine(log.checkpoint(20), own, 1)}`
  memory.remember(openCheckpoint(note, [key]), note)
  t.match(memory.last(key.name), { size: 20 })
  memory.close()

  const again = WitnessMemory.open(state, own, [key])
  t.strictSame(again.last(key.name), memory.last(key.name))
  again.close()
})

t.test('a memory that is used, forgotten or changed is refused', async t => {
  const state = join(folder(t), 'state')
  const own = openWitnessKey(state, 'witness.example/w1')
  const memory = WitnessMemory.open(state, own, [key])
  const note = `${log.checkpoint(20)}${cosignatureLine(log.checkpoint(20), own, 1)}`
  memory.remember(openCheckpoint(note, [key]), note)
  // The parent of this process lives as long as it does.
  writeFileSync(join(state, 'lock'), String(process.ppid))
  t.throws(() => WitnessMemory.open(state, own, [key]), { code: 'conflict' })
  writeFileSync(join(state, 'lock'), '999999999')
  WitnessMemory.open(state, own, [key]).close()
  t.notOk(existsSync(join(state, 'lock')), 'the lock of a process that has died is taken over')

  memory.close()

  // In two containers over one folder, both are process number 1.
  const one = WitnessMemory.open(state, own, [key])
  const other = WitnessMemory.open(state, own, [key])
  const next = `${log.checkpoint(30)}${cosignatureLine(log.checkpoint(30), own, 1)}`
  const remember = (at: WitnessMemory) => at.remember(openCheckpoint(next, [key]), next)
  t.throws(() => remember(one), { code: 'conflict' }, 'of two, the one that was taken over cosigns no more')
  one.close()
  remember(other)
  t.ok(existsSync(join(state, 'lock')), 'and leaves the lock to the other')
  other.close()

  const [file = ''] = readdirSync(join(state, 'checkpoints'))
  const path = join(state, 'checkpoints', file)
  writeFileSync(path, readFileSync(path, 'utf8').replace('\n30\n', '\n10\n'))
  t.throws(() => WitnessMemory.open(state, own, [key]), { code: 'log-invalid' }, 'a smaller size written in')
  writeFileSync(path, log.checkpoint(10))
  t.throws(() => WitnessMemory.open(state, own, [key]), { code: 'log-invalid' }, 'one that it never cosigned')
  rmSync(join(state, 'checkpoints'), { recursive: true })
  t.throws(() => openWitnessKey(state), { code: 'key-unreadable', message: /is forgotten/ })
  t.equal(parseVerifierKey(readFileSync(join(state, 'witness.vkey'), 'utf8').trim()).id, own.id)
})

/**
 * `npx tsx test/bench/log-index.ts [--entries 1000000] [--pseudonyms 1]`: what the index of the log costs, and what is
 * found in it how fast.
 */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Selection } from '../../src/log/selection.ts'
import { noteKey } from '../../src/log/note.ts'
import { AccessLog } from '../../src/store/access-log.ts'
import { LogIndex } from '../../src/store/log-index.ts'
import { fillLog, subjectAt, recordAt } from '../log/many-entries.ts'

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000000' }, records: { type: 'string', default: '1' } },
})
const [entries, records] = [Number(values.entries), Number(values.records)]
const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
const file = join(folder, 'log.sqlite')
const signer = noteKey('bench.example/log', generateKeyPairSync('ed25519').privateKey)

try {
  const log = await AccessLog.open(file, signer, { now: Date.now })
  await timed(`${entries} entries of ${records} records appended`, () => fillLog(file, signer, { entries, records }))
  const index = new LogIndex(join(folder, 'log-index.sqlite'), log, file)
  const seconds = await timed('indexed', () => index.catchUp())
  console.log(`  ${Math.round(entries / seconds)} entries/s of a processor`)
  const bytes = statSync(join(folder, 'log-index.sqlite')).size
  console.log(
    `  ${Math.round(bytes / entries)} bytes an entry, beside ${Math.round(statSync(file).size / entries)} of the log`,
  )

  const middle = Math.floor(entries / 2)
  const day = 86_400_000
  const searches: [what: string, selection: Selection][] = [
    ['a record', { record: recordAt(middle) }],
    ['a subject', { subject: subjectAt(middle) }],
    ['a request', { request: `r-${middle}` }],
    ['a case', { case: `2026-${middle}` }],
    ['a client', { actor: { kind: 'client', id: 'c-7' } }],
    ['a client that never came', { actor: { kind: 'client', id: 'nobody' } }],
    ['a department, refused', { department: 'department-3', outcome: 'refused' }],
    ['a rare matter', { matter: 'matter-rare' }],
    ['an hour of a day', { from: Date.UTC(2026, 0, 2), to: Date.UTC(2026, 0, 2) + 3_600_000 }],
    [
      'a problem on a standard in a week',
      { standard: 'standard-1', problem: 'agreement-missing', to: Date.UTC(2026, 0, 1) + 7 * day },
    ],
  ]
  for (const [what, selection] of searches) {
    for (const order of ['newest', 'oldest'] as const) {
      await timed(
        `100 by ${what}, ${order} first`,
        async () => (await index.page(selection, { order, limit: 100 })).entries.length,
      )
    }
  }
  await timed('all of a department counted', () => index.count({ department: 'department-3' }))
  for (const by of [
    [],
    ['day'],
    ['department'],
    ['standard', 'operation'],
    ['day', 'department', 'standard', 'operation', 'matter'],
  ] as const) {
    await timed(`use by ${by.join(', ') || 'nothing'}`, async () => {
      const { rows, total } = await index.usage({ selection: {}, by, limit: 1_000_000 })
      return `${rows.length} groups, ${total.calls} calls, ${total.subjects} subjects`
    })
  }
  await timed('use of one day', async () => {
    const selection = { from: Date.UTC(2026, 0, 3), to: Date.UTC(2026, 0, 4) }
    return (await index.usage({ selection, by: ['department'], limit: 1000 })).total.calls
  })
  await index.close()
  await log.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Prints how long it took, and how long a processor had to work for it: on a busy machine that says more. */
async function timed(what: string, work: () => Promise<unknown>): Promise<number> {
  const [begin, before] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  const [ms, cpuMs] = [performance.now() - begin, (user + system) / 1000]
  const times = `${ms.toFixed(1).padStart(9)} ms, ${cpuMs.toFixed(1).padStart(9)} ms of a processor`
  console.log(`${times}  ${what}${result === undefined ? '' : `: ${String(result)}`}`)
  return cpuMs / 1000
}

/**
 * `npm run bench`: what Concord does beside what others do on the same machine in the same minutes.
 *
 * Figures are medians of rounds in which all take turns; only the ratios mean something on another machine.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { benchCalls } from './calls.ts'
import { benchCatalogue } from './catalogue.ts'
import { benchDelivery, fillHub } from './delivery.ts'
import { benchExport } from './exports.ts'
import { median } from './figures.ts'
import { benchLog } from './log.ts'
import { admitReader } from './servers.ts'

const parts = ['delivery', 'calls', 'export', 'log', 'catalogue'] as const

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: parts.join(',') },
    records: { type: 'string', default: '100000' },
    entries: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64,256' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(
    `npm run bench -- [--only ${parts.join(',')}] [--records 100000] [--entries 1000000] [--rounds 3] [--seconds 5] [--connections 64,256]`,
  )
  process.exit(0)
}

const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
const bench: Bench = {
  folder,
  data: join(folder, 'data'),
  records: Number(values.records),
  entries: Number(values.entries),
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  connections: values.connections.split(',').map(Number),
}
const wanted = new Set(values.only.split(','))

try {
  describeMachine()
  if (wanted.has('delivery')) await benchDelivery(bench)
  if (wanted.has('calls') || wanted.has('export')) {
    if (!wanted.has('delivery')) await fillHub(bench)
    const credentials = await admitReader(bench)
    if (wanted.has('calls')) await benchCalls(bench, credentials)
    if (wanted.has('export')) await benchExport(bench, credentials)
  }
  if (wanted.has('log')) await benchLog(bench)
  if (wanted.has('catalogue')) await benchCatalogue(bench)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function describeMachine(): void {
  const cpu = cpus()[0]?.model ?? 'unknown'
  console.log(`${cpu}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node.js ${process.version}`)
  console.log(`A flush of 4 KiB to this disk takes ${flushMs().toFixed(2)} ms (median of 200).\n`)
}

function flushMs(): number {
  const file = openSync(join(folder, 'flush'), 'w')
  const page = Buffer.alloc(4096)
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  return median(times)
}

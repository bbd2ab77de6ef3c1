/**
 * `npm run build && npx tsx test/bench/export-memory.ts --records 1000000`: the memory of a hub that exports, to a reader at
 * each of some speeds, in each tenth of the way. Linux only.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from './figures.ts'
import { admitReader, startServer } from './servers.ts'
import { exportSlowly, fillHub } from './slow-export.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rates: { type: 'string', default: '20,1000' },
  },
})
const records = Number(values.records)
const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
const bench = { folder, data: join(folder, 'data'), records, entries: 0, rounds: 1, seconds: 0, connections: [1] }

try {
  await fillHub(bench.data, records)
  const server = await startServer(bench, 'hub', await admitReader(bench))
  console.log(`Export of ${records} records; RSS of the hub before: ${Math.round(server.rssMb())} MB`)
  const rows: (string | number)[][] = []
  for (const rate of values.rates.split(',').map(Number)) {
    const { tenths, seconds, megabytes } = await exportSlowly(server, { records, megabytesASecond: rate })
    const speed = [Math.round(records / seconds), Math.round(megabytes / seconds)]
    rows.push([rate, ...speed, ...tenths.map(Math.round), Math.round(server.peakRssMb())])
  }
  const head = [
    'reader MB/s',
    'records/s',
    'MB/s',
    ...Array.from({ length: 10 }, (_, index) => `${index + 1}/10`),
    'peak',
  ]
  table(head, rows)
  await server.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

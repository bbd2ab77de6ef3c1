import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const program = fileURLToPath(new URL('streaming.ts', import.meta.url))

/** Format, wrapping, and how many records 256 MB have: 1 GB takes the same memory, and four times as long. */
const inputs: [string, string, number][] = [
  ['xml', 'plain', 2_485_504],
  ['xml', 'gzip', 2_485_504],
  ['csv', 'gzip', 3_878_912],
]

for (const [format, wrapping, records] of inputs) {
  t.test(`256 MB of ${format}, ${wrapping}, are read in less than 300 MB of memory`, async t => {
    const child = spawnSync(process.execPath, ['--import', 'tsx', program, format, wrapping, '256'])
    t.equal(child.stderr.toString(), '')
    const found = JSON.parse(child.stdout.toString()) as { records: number; memory: number }
    t.equal(found.records, records)
    // Half of it is the process's own: no part of the input that grows with it is held.
    t.ok(found.memory < 300, `${found.memory} MB`)
  })
}

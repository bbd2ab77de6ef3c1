/** The memory of a hub that exports does not grow with the records. `test/bench/export-memory.ts` does this with millions. */
import t from 'tap'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { admitReader, startServer } from '../bench/servers.ts'
import { exportSlowly, fillHub } from '../bench/slow-export.ts'
import { build } from '../cli/concord.ts'
import { folder } from '../helper.ts'

const records = 100_000

/** Half of what the export holds. Between two collections of garbage, memory goes up and down by a third of this. */
const boundMb = 60

t.test(
  'from 10,000 to 100,000 records, for a slow reader',
  { skip: existsSync('/proc/self/status') ? false : 'needs /proc' },
  async t => {
    build()
    const data = join(folder(t), 'data')
    await fillHub(data, records)
    const bench = { folder: data, data, records, entries: 0, rounds: 1, seconds: 0, connections: [1] }
    const server = await startServer(bench, 'hub', await admitReader(bench))
    t.teardown(() => server.stop())
    // The first one fills the caches of the database, which are bounded.
    await exportSlowly(server, { records, megabytesASecond: 1000 })
    const { tenths, megabytes } = await exportSlowly(server, { records, megabytesASecond: 40 })
    t.ok(megabytes > 2 * boundMb, 'what is bounded would be seen')
    const [early, late] = [Math.max(...tenths.slice(0, 3)), Math.max(...tenths.slice(-3))]
    t.ok(late < early + boundMb, `${Math.round(early)} MB early, ${Math.round(late)} MB late`)
  },
)

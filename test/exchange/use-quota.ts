/** A process of its own: discloses under an agreement until not one more record is let through, and prints how many were. */
import { readConfig } from '../../src/config.ts'
import { enter, type Call } from '../../src/exchange/access-entry.ts'
import { admit } from '../../src/exchange/admit.ts'
import { HubError } from '../../src/errors.ts'
import { openHub } from '../../src/exchange/hub.ts'
import { readRecord } from '../../src/store/records.ts'

const [, , directory = '', name = ''] = process.argv
const config = readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent' })
// One day for all processes, whenever the test runs.
const hub = await openHub(config, { clock: () => new Date('2026-03-01T08:00:00.000Z') })
const by = { actor: { kind: 'client', id: name }, department: 'archives', request: name } as const
const call: Call = { by, standard: 'thing', matter: 'm', case: undefined, fields: undefined }

let disclosed = 0
let refused = 0
const record = await readRecord(hub.store.read, 'thing', '1')
if (record === undefined) throw new Error('the record is not there')

// Several at a time, of several sizes, until even one record is refused.
process.stdout.write('ready\n')
await new Promise(resolve => process.stdin.once('data', resolve))
await Promise.all([5, 3, 2, 1].map(discloseUntilRefused))
await hub.close()
process.stdout.write(`${JSON.stringify({ disclosed, refused })}\n`)
process.exit(0)

async function discloseUntilRefused(most: number): Promise<void> {
  for (let count = most; count > 0;) {
    try {
      const grant = await admit(hub, call, 'read')
      const records = Array.from({ length: count }, () => record as NonNullable<typeof record>)
      await enter(hub, { call, operation: 'read', grant, records, outcome: 'disclosed' })
      disclosed += count
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'quota-exceeded')) throw error
      refused += 1
      count -= 1
    }
  }
}

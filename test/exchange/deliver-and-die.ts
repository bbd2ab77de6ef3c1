/**
 * A process that delivers premises, or reverts a delivery, and kills itself after a transaction, as `kill -9` would: no
 * handler runs, nothing is flushed. Arguments: data directory, input file or `revert:` and a delivery, after which
 * transaction (0: never).
 */
import { createReadStream } from 'node:fs'
import { readConfig } from '../../src/config.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { openHub, operator } from '../../src/exchange/hub.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'

const [directory = '', file = '', batch = '0'] = process.argv.slice(2)
const hub = await openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent' }))
let left = Number(batch)
const kill = (): void => {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
}
const transact = hub.store.transact.bind(hub.store)
const dying = {
  ...hub,
  store: {
    ...hub.store,
    /** Dies inside every transaction's turn: after it has committed, before anybody has heard of it. */
    async transact<Result>(work: Parameters<typeof transact<Result>>[0]): Promise<Result> {
      const result = await transact(work)
      kill()
      return result
    },
  },
}
const by = operator('tester')
if (file.startsWith('revert:')) await revertDelivery(dying, { delivery: file.slice('revert:'.length), by })
else await deliver(dying, { adapter: 'food-standards-agency/premises', body: createReadStream(file), by })
await hub.close()

/**
 * A process that rotates the master key and kills itself, as `kill -9` would. Arguments: data directory, at which
 * transaction, and whether `inside` it, when all of it is done but its commit, or `after` it.
 */
import { readConfig } from '../../src/config.ts'
import { openHub, operator } from '../../src/exchange/hub.ts'
import { rotateKeys } from '../../src/exchange/rotate-keys.ts'

const [directory = '', at = '1', where = 'after'] = process.argv.slice(2)
const hub = await openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent' }))
const die = (): boolean => process.kill(process.pid, 'SIGKILL')
const transact = hub.store.transact.bind(hub.store)
let left = Number(at)
const dying = {
  ...hub,
  store: {
    ...hub.store,
    async transact<Result>(work: Parameters<typeof transact<Result>>[0]): Promise<Result> {
      const isLast = --left === 0
      const result = await transact(async tx => {
        const done = await work(tx)
        if (isLast && where === 'inside') die()
        return done
      })
      if (isLast) die()
      return result
    },
  },
}
await rotateKeys(dying, operator('tester'))
await hub.close()

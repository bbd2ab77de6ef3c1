/** A process that pulls units and kills itself after a transaction. Arguments: data directory, after which one. */
import { readConfig } from '../../src/config.ts'
import { openHub, operator } from '../../src/exchange/hub.ts'
import { pull } from '../../src/exchange/pull.ts'
import { id, quickWaits } from './units.ts'

const [directory = '', transaction = ''] = process.argv.slice(2)
const clock = () => new Date('2026-03-01T08:00:00.000Z')
const hub = await openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent' }), { clock })
let left = Number(transaction)
const transact = hub.store.transact.bind(hub.store)
const dying: typeof transact = async work => {
  const result = await transact(work)
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
  return result
}
await pull({ ...hub, store: { ...hub.store, transact: dying } }, id, { by: operator('tester'), waits: quickWaits() })

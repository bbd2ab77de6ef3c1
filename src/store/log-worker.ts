/** The program of the thread that writes the access log: opens its file, does what it is told, answers. */
import { parentPort, workerData } from 'node:worker_threads'
import { noteKey } from '../log/note.ts'
import { LogFile, type Arrival } from './log-file.ts'
import type { Answer, Order, Start } from './log-thread.ts'

if (parentPort === null) throw new Error('bug: log-worker is a program for a thread')
const port = parentPort
const { file, name, key } = workerData as Start
const log = new LogFile(file, noteKey(name, key))

port.on('message', (order: Order | 'close') => {
  if (order !== 'close') return port.postMessage(answer(order))
  log.closeNow()
  port.close()
})
port.postMessage('ready')

function answer(order: Order): Answer {
  const { id, now } = order
  try {
    if ('entries' in order) return { id, first: log.appendNow(arrivalsOf(order.entries), now) }
    if ('arrivals' in order) return { id, first: log.appendNow(order.arrivals, now) }
    if ('cosignature' in order) log.keepCosignatureNow(order.cosignature, now)
    else log.keepCheckpointNow(now)
    return { id, first: 0 }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

function arrivalsOf(entries: string): Arrival[] {
  return entries.split('\n').map(text => ({ text }))
}

/** The program of the thread that keeps the index of the access log: does what it is told, one after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { LogIndexFile } from './log-index-file.ts'
import type { Answer, Order, Start } from './log-index-thread.ts'

if (parentPort === null) throw new Error('bug: log-index-worker is a program for a thread')
const port = parentPort
const { file, logFile } = workerData as Start
const index = new LogIndexFile(file, logFile)

port.on('message', (order: Order | 'close') => {
  if (order !== 'close') return void answer(order).then(told => port.postMessage(told))
  void index.close().then(() => port.close())
})
port.postMessage('ready')

async function answer({ id, method, values }: Order): Promise<Answer> {
  try {
    const ask = index[method] as (...values: unknown[]) => Promise<unknown>
    return { id, result: await ask.apply(index, [...values]) }
  } catch (error) {
    const { message, code } = error as Error & { code?: string }
    return { id, error: message, code }
  }
}

/** The program of the thread that compares standards and proves conversions: does one thing after the other, and answers. */
import { parentPort } from 'node:worker_threads'
import { compareApart, proveApart, type Task } from './apart-task.ts'
import type { Answer } from './apart.ts'

if (parentPort === null) throw new Error('bug: apart-worker is a program for a thread')
const port = parentPort

port.on('message', (task: Task) => port.postMessage(answer(task)))
port.postMessage('ready')

function answer(task: Task): Answer {
  try {
    return { result: task.kind === 'compare' ? compareApart(task) : proveApart(task) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** A witness as a process of its own, on a free port. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { encodeVerifierKey, type NoteKey } from '../../src/log/note.ts'
import { programOn } from './concord.ts'

export type ServingWitness = {
  readonly url: string
  readonly key: string
  readonly child: ChildProcess
  end(): Promise<void>
}

/** @param log its verifier key */
export async function serveWitness(t: Test, state: string, log: NoteKey): Promise<ServingWitness> {
  const args = ['witness', '--state', state, '--log', encodeVerifierKey(log), '--port', '0', '--json']
  const child = programOn('/nowhere').start(args)
  t.teardown(() => child.kill('SIGKILL'))
  const { address, key: own } = JSON.parse(await firstLine(child)) as { address: string; key: string }
  return {
    url: address,
    key: own,
    child,
    async end() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

/** What a process prints first. */
export async function firstLine(child: ChildProcess): Promise<string> {
  const errors: string[] = []
  child.stderr?.on('data', (data: Buffer) => errors.push(data.toString()))
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) return line
  throw new Error(`It ended: ${errors.join('')}`)
}

/** A hub as it is run: the built program as a process of its own, on a fixed port, so that it can die and come back. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { programOn } from '../cli/concord.ts'

export class ServedHub {
  readonly url: string
  readonly #program: ReturnType<typeof programOn>
  #process: ChildProcess | undefined

  private constructor(port: number, directory: string) {
    this.url = `http://127.0.0.1:${port}`
    this.#program = programOn(directory, {
      CONCORD_PORT: String(port),
      CONCORD_LOG_LEVEL: 'silent',
      CONCORD_RATE_LIMIT: '1000000',
    })
  }

  static async on(directory: string): Promise<ServedHub> {
    return new ServedHub(await freePort(), directory)
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const child = this.#program.start(['serve', '--json'])
    this.#process = child
    if (child.stdout === null || child.stderr === null) throw new Error('bug: the child has no pipes')
    child.stderr.resume()
    const ended = once(child, 'exit').then(([status]) => {
      throw new Error(`the hub ended with ${status} before it listened`)
    })
    await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    ended.catch(() => {})
  }

  /** Resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
}

/** One that the system has just given: that another program takes it before the hub does is unlikely, and fails loudly. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('bug: a port was not given')
  return address.port
}

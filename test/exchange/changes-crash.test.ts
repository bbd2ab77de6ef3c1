/** The law of the change feed, where processes die: whoever follows it has exactly the hub's records as they may see them. */
import t, { type Test } from 'tap'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import type { JsonObject } from '../../src/record.ts'
import { folder, openStarterHub, openTestHub, tester, tokenFor } from '../helper.ts'
import { build, programOn } from '../cli/concord.ts'
import { Consumer, type ChangesPage } from './consumer.ts'
import { premisesXml, type Deviation } from './premises.ts'

const standard = 'food-premises-inspection'
const fields = ['premisesId', 'authority', 'name', 'inspections']
/** Of a rating that some premises lose on their way, and some get. */
const rows = { ratingNormalised: ['pass'] }

const deviationsOf = (spoilt: (id: number) => Deviation | undefined): Record<number, Deviation> =>
  Object.fromEntries(
    Array.from({ length: 4400 }, (_, index) => [index + 1, spoilt(index + 1)] as const).filter(
      (entry): entry is [number, Deviation] => entry[1] !== undefined,
    ),
  )

/** What is delivered one after the other: some are changed and change back, some go and come back. */
const inputs = [
  premisesXml({ count: 4400 }),
  premisesXml({
    count: 4400,
    deviations: deviationsOf(id => (id % 5 === 0 ? 'changed' : id % 7 === 0 ? 'missing' : undefined)),
  }),
  premisesXml({ count: 4400, deviations: deviationsOf(id => (id % 3 === 0 ? 'changed' : undefined)) }),
]

build()

t.test(
  'deliveries run, they and the server are killed, and a consumer that follows ends with what there is',
  async t => {
    const directory = join(folder(t), 'hub')
    let client = { id: '', secret: '' }
    await t.test('a hub with an agreement', async t => {
      const hub = await openStarterHub(t, directory)
      await createAgreement(hub, tester, {
        department: 'housing',
        standard,
        major: 1,
        fields,
        operations: ['changes'],
        matters: ['m'],
        rows,
        from: new Date(0),
        until: new Date('2100-01-01'),
      })
      client = await createClient(hub, tester, {
        id: 'reader',
        department: 'housing',
        title: 'Reader',
        scopes: ['read'],
      })
    })

    const consumer = new Consumer()
    const server = new Server(t, directory)
    let isDelivered = false
    const follow = async (): Promise<void> => {
      let token = ''
      let pages = 0
      for (;;) {
        try {
          const url = await server.url()
          if (token === '') token = await tokenFor(url, client)
          const query = new URLSearchParams({
            limit: '300',
            wait: '1',
            ...(consumer.cursor && { after: consumer.cursor }),
          })
          const reply = await fetch(`${url}/v1/standards/${standard}/changes?${query}`, {
            headers: { authorization: `Bearer ${token}`, 'concord-matter': 'm' },
          })
          if (reply.status !== 200) throw new Error(`bug: ${reply.status} ${await reply.text()}`)
          const wasDelivered = isDelivered
          const { cursor: before } = consumer
          const page = (await reply.json()) as ChangesPage
          consumer.take(page)
          if (wasDelivered && page.changes.length === 0 && page.cursor === before) return
          // While the next page is asked for, or sent, or its entry is written.
          if (++pages % 4 === 0) setTimeout(() => server.kill(), pages % 3)
        } catch (error) {
          if (String(error).includes('bug')) throw error
        }
      }
    }
    const following = follow()

    let kills = 0
    for (const [index, input] of inputs.entries()) {
      const file = join(folder(t), `${index}.xml`)
      writeFileSync(file, input)
      // Beginning, three batches, withdrawals, the end: killed after some of them, at last undisturbed.
      for (const kill of [2, 4, 0]) {
        const signal = await deliverAndDie(directory, file, kill)
        if (signal === 'SIGKILL') kills++
      }
    }
    isDelivered = true
    await following
    server.stop()

    t.ok(kills >= 6, `deliveries were killed ${kills} times`)
    t.ok(server.kills >= 3, `the server was killed ${server.kills} times`)
    const hub = await openTestHub(t, directory)
    const stored = await hub.store.read.all<{ record_key: string; body: string }>(
      `SELECT c.record_key, r.body FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
      WHERE c.standard = ? AND c.withdrawn = 0 ORDER BY c.record_key`,
      [standard],
    )
    const expected = stored
      .map(({ record_key: key, body }) => [key, JSON.parse(body) as JsonObject] as const)
      .filter(([, data]) => rows.ratingNormalised.includes(String(data['ratingNormalised'])))
      .map(([key, data]) => [
        key,
        Object.fromEntries(fields.flatMap(name => (name in data ? [[name, data[name]]] : []))),
      ])
    t.ok(expected.length > 2000 && expected.length < stored.length, 'some are seen, and some are not')
    t.same(new Map(consumer.state), new Map(expected as [string, JsonObject][]))
  },
)

/** A server that is started whenever somebody asks for it. */
class Server {
  readonly #directory: string
  #child: ChildProcess | undefined
  #address: Promise<string> | undefined
  kills = 0

  constructor(t: Test, directory: string) {
    this.#directory = directory
    t.teardown(() => this.stop())
  }

  url(): Promise<string> {
    this.#address ??= this.#start()
    return this.#address
  }

  kill(): void {
    if (this.#child === undefined) return
    this.kills++
    this.stop()
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
    this.#address = undefined
  }

  /** The hub as it is run: its log is written by a thread of its own. */
  async #start(): Promise<string> {
    const child = programOn(this.#directory, { CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'silent' }).start([
      'serve',
      '--json',
    ])
    this.#child = child
    child.stderr?.pipe(process.stderr)
    const lines = createInterface(child.stdout as Readable)
    const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string?]
    if (line === undefined) {
      this.stop()
      throw new Error('the server has ended before it has begun')
    }
    return (JSON.parse(line) as { address: string }).address
  }
}

async function deliverAndDie(directory: string, file: string, kill: number): Promise<NodeJS.Signals | null> {
  const program = join(import.meta.dirname, 'deliver-and-die.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, directory, file, String(kill)], {
    stdio: 'inherit',
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

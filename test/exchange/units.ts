/** An adapter that pulls social insurance units from wherever a test says, and what it has made of them. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Config } from '../../src/config.ts'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { defaultWaits, type Waits } from '../../src/exchange/pull-source.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readPulls, type PullRow } from '../../src/store/pulls.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'

export const id = 'social-security/pulled-units'

const [department, name] = id.split('/') as [string, string]

export type UnitsAdapter = {
  readonly pull?: object
  readonly source?: object
  readonly mode?: 'snapshot' | 'delta'
  readonly version?: string
  readonly timezone?: string
}

export function unitsAdapter({ pull, source, mode = 'delta', version = '1.0.0', timezone }: UnitsAdapter): object {
  return {
    adapter: { department, name, version, titles: { 'zh-CN': '参保单位', en: 'Units' } },
    standard: { id: 'social-insurance-unit', major: 1 },
    source: source ?? { format: 'ndjson', records: '' },
    mode,
    ...(timezone && { timezone }),
    ...(pull && { pull }),
    fields: {
      unitNumber: { from: 'id' },
      unifiedSocialCreditCode: { value: '91331199MAXT000111' },
      name: { from: 'name' },
    },
  }
}

/** As much of it as units need: publishing all of it takes a second. */
export const catalogue = ['departments.json', 'standards/social-insurance-unit/v1.json'].map(file =>
  join(home, 'schemas', file),
)

/** A hub with the adapter, under the configuration that a test needs. */
export async function openUnitsHub(
  t: Test,
  adapter: UnitsAdapter,
  config: Partial<Config> = {},
  directory?: string,
): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishFiles(hub, tester, catalogue)
  await publishAdapter(hub, tester, unitsAdapter(adapter))
  return { ...hub, config: { ...hub.config, ...config } }
}

export type Unit = { readonly id: string; readonly name: string }

export function units(from: number, to: number): Unit[] {
  return Array.from({ length: to - from + 1 }, (_, at) => ({ id: `U${from + at}`, name: `Example unit ${from + at}` }))
}

export function ndjson(list: readonly Unit[]): string {
  return list.map(unit => `${JSON.stringify(unit)}\n`).join('')
}

/** The numbers of the units that are there, in their order. */
export async function unitNumbers(hub: TestHub): Promise<string[]> {
  const rows = await hub.store.read.all<{ record_key: string }>(
    `SELECT record_key FROM records WHERE standard = 'social-insurance-unit' AND withdrawn = 0
      ORDER BY length(record_key), record_key`,
  )
  return rows.map(row => row.record_key)
}

export async function pullRow(hub: TestHub): Promise<PullRow> {
  const [row] = await readPulls(hub.store.read, id)
  if (row === undefined) throw new Error('it has not been planned')
  return row
}

export async function deliveries(hub: TestHub): Promise<{ state: string; accepted: number }[]> {
  return hub.store.read.all('SELECT state, accepted FROM deliveries ORDER BY fence')
}

export async function entriesOf(hub: TestHub, operation: string): Promise<Entry[]> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry).filter(entry => entry.operation === operation)
}

/** Waits that a test can afford. What would pause goes on at once, and is noted. */
export function quickWaits(more: Partial<Waits> = {}): Waits & { readonly pauses: number[] } {
  const pauses: number[] = []
  return {
    ...defaultWaits,
    pauses,
    async pause(ms) {
      pauses.push(ms)
    },
    ...more,
  }
}

export type Source = {
  readonly origin: string
  /** What has arrived, in its order. */
  readonly requests: IncomingMessage[]
}

/** A real HTTP server on a free port of the loopback. */
export async function startSource(t: Test, answer: RequestListener): Promise<Source> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** The configuration that lets the hub ask these sources. */
export function allowing(...sources: readonly Source[]): Pick<Config, 'pullHosts'> {
  return { pullHosts: sources.map(({ origin }) => new URL(origin).host) }
}

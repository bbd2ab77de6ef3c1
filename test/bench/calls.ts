/** Calls about records under load, each beside the same work by a bare server: no token, no rights, no log. */
import { load, type Load, type Request } from './load.ts'
import type { Bench } from './bench.ts'
import { median, ratio, table } from './figures.ts'
import { startServer, type Credentials, type Mode } from './servers.ts'
import { recordKey } from './workload.ts'

type Kind = {
  readonly title: string
  readonly goals: Readonly<Record<number, number>>
  readonly request: (index: number, records: number) => Request
}

const base = '/v1/standards/bench-record'

const kinds: readonly Kind[] = [
  {
    title: 'GET of one record',
    goals: { 64: 0.75, 256: 0.95 },
    request: index => ({ path: `${base}/records/${recordKey(index)}` }),
  },
  {
    title: 'GET of a page of 100',
    goals: {},
    request: index => ({
      path: `${base}/records?limit=100&cursor=${Buffer.from(`after ${recordKey(index)}`).toString('base64url')}`,
    }),
  },
  {
    title: 'lookup of 100',
    goals: {},
    request: (index, records) => ({
      path: `${base}/lookup`,
      body: JSON.stringify({ keys: Array.from({ length: 100 }, (_, at) => recordKey((index + at * 37) % records)) }),
    }),
  },
  {
    title: 'verify of three claims',
    goals: {},
    request: index => ({
      path: `${base}/verify`,
      body: JSON.stringify({
        key: recordKey(index),
        claims: { status: '1', staff: index % 500, establishedOn: '2017-06-01' },
      }),
    }),
  },
]

export async function benchCalls(bench: Bench, credentials: Credentials): Promise<void> {
  for (const kind of kinds) {
    for (const connections of bench.connections) await benchKind(bench, { kind, connections, credentials })
  }
}

async function benchKind(
  bench: Bench,
  { kind, connections, credentials }: { kind: Kind; connections: number; credentials: Credentials },
): Promise<void> {
  const { seconds, rounds, records } = bench
  const loads: Record<Mode, Load[]> = { bare: [], hub: [] }
  let index = 0
  const request = (): Request => kind.request((index = (index * 7919 + 13) % records), records)
  for (let round = 0; round < rounds; round++) {
    for (const mode of ['bare', 'hub'] as const) {
      const server = await startServer(bench, mode, credentials)
      loads[mode].push(await load({ ...server, connections, seconds, request }))
      await server.stop()
    }
  }
  const [bare, hub] = [loads.bare, loads.hub].map(own => ({
    perSecond: median(own.map(one => one.perSecond)),
    p99Ms: median(own.map(one => one.p99Ms)),
  })) as [Load, Load]
  console.log(
    `${kind.title}: ${connections} connections, ${seconds} s, ${rounds} rounds; every entry durable (synchronous FULL)`,
  )
  table(
    ['', 'requests/s', 'p99 ms'],
    [
      ['bare Fastify and SQLite, no token, no rights, no log', Math.round(bare.perSecond), bare.p99Ms.toFixed(1)],
      ['Concord', Math.round(hub.perSecond), hub.p99Ms.toFixed(1)],
    ],
  )
  const goal = kind.goals[connections]
  console.log(`Concord against bare: ${ratio(hub.perSecond, bare.perSecond)}${goal ? ` (goal ${goal})` : ''}\n`)
}

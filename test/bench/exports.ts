/** A whole export as NDJSON, and the memory that it takes, beside a bare server that streams the same texts. */
import { request } from 'node:http'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Bench } from './bench.ts'
import { median, ratio, table } from './figures.ts'
import { startServer, type Credentials, type Mode, type Server } from './servers.ts'

type Exported = { readonly perSecond: number; readonly peakRssMb: number; readonly megabytes: number }

export async function benchExport(bench: Bench, credentials: Credentials): Promise<void> {
  const exports: Record<Mode, Exported[]> = { bare: [], hub: [] }
  for (let round = 0; round < bench.rounds; round++) {
    for (const mode of ['bare', 'hub'] as const) {
      const server = await startServer(bench, mode, credentials)
      exports[mode].push(await exportAll(server, bench.records))
      await server.stop()
    }
  }
  const of = (mode: Mode, figure: keyof Exported): number => median(exports[mode].map(one => one[figure]))
  console.log(
    `Export of ${bench.records} records as NDJSON (${Math.round(of('hub', 'megabytes'))} MB), ${bench.rounds} rounds`,
  )
  table(
    ['', 'records/s', 'peak RSS MB'],
    [
      ['bare Fastify and SQLite', Math.round(of('bare', 'perSecond')), Math.round(of('bare', 'peakRssMb'))],
      ['Concord', Math.round(of('hub', 'perSecond')), Math.round(of('hub', 'peakRssMb'))],
    ],
  )
  console.log(`Concord against bare: ${ratio(of('hub', 'perSecond'), of('bare', 'perSecond'))}\n`)
}

/** @throws {Error} unless as many lines come as there are records */
async function exportAll({ url, headers, peakRssMb }: Server, records: number): Promise<Exported> {
  const start = performance.now()
  const sent = request(`${url}/v1/standards/bench-record/export`, {
    headers: { ...headers, accept: 'application/x-ndjson' },
  }).end()
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  let lines = 0
  let bytes = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++
  }
  // The last line is the cursor to go on from.
  if (lines !== records + 1) throw new Error(`${lines} lines came of ${records} records`)
  const seconds = (performance.now() - start) / 1000
  return { perSecond: records / seconds, peakRssMb: peakRssMb(), megabytes: bytes / 1e6 }
}

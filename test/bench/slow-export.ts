/** An export to a reader that is slower than the hub, and the hub's memory on the way. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '../../src/config.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { openHub, operator } from '../../src/exchange/hub.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { Server } from './servers.ts'
import { benchAdapter, benchStandard, recordXml } from './workload.ts'

/** A hub with so many records of 1 KB in a folder. */
export async function fillHub(data: string, records: number): Promise<void> {
  const hub = await openHub(readConfig({ CONCORD_DATA_DIR: data, CONCORD_LOG_LEVEL: 'silent' }))
  const by = operator('bench')
  await putDepartment(hub, by, { id: 'data-bureau', titles: { 'zh-CN': '测速', en: 'Bench' } })
  await publishStandard(hub, by, benchStandard)
  await publishAdapter(hub, by, benchAdapter)
  await deliver(hub, { adapter: 'data-bureau/bench', body: input(records), by })
  await hub.close()
}

async function* input(records: number): AsyncGenerator<Buffer> {
  yield Buffer.from('<ROOT><CONTENT>')
  for (let from = 0; from < records; from += 1000) {
    const count = Math.min(1000, records - from)
    yield Buffer.from(Array.from({ length: count }, (_, index) => recordXml(from + index)).join('\n'))
  }
  yield Buffer.from('</CONTENT></ROOT>')
}

/** The greatest RSS of the server, in MB, in each tenth of the way. */
export type Tenths = readonly number[]

/** Reads a whole export at so many megabytes a second at most. @throws {Error} unless all comes */
export async function exportSlowly(
  server: Server,
  { records, megabytesASecond }: { readonly records: number; readonly megabytesASecond: number },
): Promise<{ readonly tenths: Tenths; readonly seconds: number; readonly megabytes: number }> {
  const start = performance.now()
  const sent = request(`${server.url}/v1/standards/bench-record/export`, { headers: server.headers }).end()
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  const tenths = Array.from({ length: 10 }, () => 0)
  let lines = 0
  let bytes = 0
  let unpaused = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++
    unpaused += chunk.length
    if (unpaused < 500_000) continue
    const tenth = Math.min(9, Math.floor((lines * 10) / records))
    tenths[tenth] = Math.max(tenths[tenth] ?? 0, server.rssMb())
    await pause(unpaused / megabytesASecond / 1000)
    unpaused = 0
  }
  if (lines !== records + 1) throw new Error(`${lines} lines came of ${records} records`)
  return { tenths, seconds: (performance.now() - start) / 1000, megabytes: bytes / 1e6 }
}

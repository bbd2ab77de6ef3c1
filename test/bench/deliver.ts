/** Child of the bench: delivers one file end to end, or only parses it by one of the baselines; prints what it took. */
import { XMLParser } from 'fast-xml-parser'
import { createReadStream, readFileSync } from 'node:fs'
import { readConfig } from '../../src/config.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { openHub, operator, type Hub } from '../../src/exchange/hub.ts'
import { putDepartment } from '../../src/exchange/administer.ts'
import { publishAdapter, publishStandard } from '../../src/exchange/publish.ts'
import { parse } from '../../src/parse/parse.ts'
import { defaultLimits } from '../../src/parse/limits.ts'
import { benchAdapter, benchStandard } from './workload.ts'

const [mode, file, directory = ''] = process.argv.slice(2) as [string, string, string?]

/** Everything as text, as a mapping of codes and identifiers needs it. */
const parser = new XMLParser({ parseTagValue: false, parseAttributeValue: false, ignoreAttributes: false })

const runs: Readonly<Record<string, () => Promise<number>>> = {
  async deliver() {
    const hub = await openBenchHub(directory)
    const receipt = await timed(() =>
      deliver(hub, {
        adapter: 'data-bureau/bench',
        body: createReadStream(file, { highWaterMark: 1 << 18 }),
        by: operator('bench'),
      }),
    )
    await hub.close()
    return receipt.accepted + receipt.unchanged
  },
  /** Our own reader alone. */
  async parse() {
    return timed(async () => {
      let records = 0
      for await (const items of parse(
        createReadStream(file, { highWaterMark: 1 << 18 }),
        { format: 'xml', records: 'ROOT/CONTENT/ROW' },
        { limits: defaultLimits },
      ))
        records += items.length
      return records
    })
  },
  /** fast-xml-parser on the whole text. */
  async whole() {
    return timed(async () => {
      const tree = parser.parse(readFileSync(file, 'utf8')) as { ROOT: { CONTENT: { ROW: unknown[] } } }
      return tree.ROOT.CONTENT.ROW.length
    })
  },
  /** fast-xml-parser record by record, behind a splitter that looks for the end tag. */
  async split() {
    return timed(async () => {
      let records = 0
      let rest = ''
      for await (const chunk of createReadStream(file, {
        encoding: 'utf8',
        highWaterMark: 1 << 18,
      }) as AsyncIterable<string>) {
        rest += chunk
        for (;;) {
          const end = rest.indexOf('</ROW>')
          if (end === -1) break
          const start = rest.indexOf('<ROW>')
          const tree = parser.parse(rest.slice(start, end + 6)) as { ROW: object }
          if (tree.ROW) records++
          rest = rest.slice(end + 6)
        }
      }
      return records
    })
  },
}

let seconds = 0
const records = await (runs[mode] as () => Promise<number>)()
console.log(JSON.stringify({ mode, records, seconds, peakRssMb: process.resourceUsage().maxRSS / 1024 }))

async function timed<Result>(work: () => Promise<Result>): Promise<Result> {
  const start = performance.now()
  const result = await work()
  seconds = (performance.now() - start) / 1000
  return result
}

export async function openBenchHub(dataDirectory: string): Promise<Hub> {
  const hub = await openHub(readConfig({ CONCORD_DATA_DIR: dataDirectory, CONCORD_LOG_LEVEL: 'silent' }))
  const by = operator('bench')
  await putDepartment(hub, by, { id: 'data-bureau', titles: { 'zh-CN': '测速', en: 'Bench' } })
  await publishStandard(hub, by, benchStandard)
  await publishAdapter(hub, by, benchAdapter)
  return hub
}

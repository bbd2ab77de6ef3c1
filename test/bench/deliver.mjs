/**
 * Child of the bench: delivers one file end to end, or only parses it by one of the baselines; prints what it took.
 *
 * Plain JavaScript on the built program: a loader of TypeScript would count into time and memory.
 */
import { XMLParser } from 'fast-xml-parser'
import { createReadStream, readFileSync } from 'node:fs'
import { readConfig } from '../../dist/config.js'
import { putDepartment } from '../../dist/exchange/departments.js'
import { deliver } from '../../dist/exchange/deliver.js'
import { openHub, operator } from '../../dist/exchange/hub.js'
import { publishAdapter } from '../../dist/exchange/publish-adapter.js'
import { publishStandard } from '../../dist/exchange/publish.js'
import { defaultLimits } from '../../dist/parse/limits.js'
import { parse } from '../../dist/parse/parse.js'

const [mode, file, directory, documents] = process.argv.slice(2)

/** Everything as text, as a mapping of codes and identifiers needs it. */
const parser = new XMLParser({ parseTagValue: false, parseAttributeValue: false, ignoreAttributes: false })

const read = options => createReadStream(file, { highWaterMark: 1 << 18, ...options })

const runs = {
  async deliver() {
    const hub = await openBenchHub()
    const request = { adapter: 'data-bureau/bench', body: read(), by: operator('bench') }
    const receipt = await timed(() => deliver(hub, request))
    await hub.close()
    return receipt.accepted + receipt.unchanged
  },
  /** Our own reader alone. */
  parse: () =>
    timed(async () => {
      let records = 0
      const source = { format: 'xml', records: 'ROOT/CONTENT/ROW' }
      for await (const items of parse(read(), source, { limits: defaultLimits })) records += items.length
      return records
    }),
  /** fast-xml-parser on the whole text. */
  whole: () => timed(async () => parser.parse(readFileSync(file, 'utf8')).ROOT.CONTENT.ROW.length),
  /** fast-xml-parser record by record, behind a splitter that looks for the end tag. */
  split: () =>
    timed(async () => {
      let records = 0
      let rest = ''
      for await (const chunk of read({ encoding: 'utf8' })) {
        rest += chunk
        for (;;) {
          const end = rest.indexOf('</ROW>')
          if (end === -1) break
          const tree = parser.parse(rest.slice(rest.indexOf('<ROW>'), end + 6))
          if (tree.ROW) records++
          rest = rest.slice(end + 6)
        }
      }
      return records
    }),
}

let seconds = 0
const records = await runs[mode]()
console.log(JSON.stringify({ mode, records, seconds, peakRssMb: process.resourceUsage().maxRSS / 1024 }))

async function timed(work) {
  const start = performance.now()
  const result = await work()
  seconds = (performance.now() - start) / 1000
  return result
}

async function openBenchHub() {
  const hub = await openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent' }))
  const by = operator('bench')
  const { standard, adapter } = JSON.parse(readFileSync(documents, 'utf8'))
  await putDepartment(hub, by, { id: 'data-bureau', titles: { 'zh-CN': '测速', en: 'Bench' } })
  await publishStandard(hub, by, standard)
  await publishAdapter(hub, by, adapter)
  return hub
}

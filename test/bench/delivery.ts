/** Deliveries beside merely parsing the same file by others, on one core. */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../../src/exchange/documents.ts'
import { inputOf, type Bench } from './bench.ts'
import { median, ratio, table } from './figures.ts'
import { benchAdapter, benchStandard, writeInput } from './workload.ts'

type Delivered = {
  readonly mode: string
  readonly records: number
  readonly seconds: number
  readonly peakRssMb: number
}

export async function benchDelivery(bench: Bench): Promise<void> {
  const { records, rounds, data } = bench
  const bytes = await writeInput(inputOf(bench), records)
  writeFileSync(documentsOf(bench), JSON.stringify({ standard: benchStandard, adapter: benchAdapter }))
  console.log(`Delivery: ${records} XML records of ${Math.round(bytes / records)} bytes, one core, ${rounds} rounds`)
  const modes = {
    whole: 'fast-xml-parser, whole text, parsing only',
    split: 'fast-xml-parser record by record, parsing only',
    parse: 'Concord, parsing only',
    deliver: 'Concord, delivered: parse, map, validate, store',
  }
  const results = new Map<string, Delivered[]>()
  for (let round = 0; round < rounds; round++) {
    for (const mode of Object.keys(modes)) {
      if (mode === 'deliver') rmSync(data, { recursive: true, force: true })
      const result = runOnOneCore(bench, mode)
      results.set(mode, [...(results.get(mode) ?? []), result])
    }
  }
  const rows = Object.entries(modes).map(([mode, title]) => {
    const own = results.get(mode) ?? []
    const seconds = median(own.map(result => result.seconds))
    return { title, perSecond: records / seconds, rss: median(own.map(result => result.peakRssMb)) }
  })
  const [whole, split, , delivered] = rows as [Row, Row, Row, Row]
  table(
    ['', 'records/s', 'peak RSS MB'],
    rows.map(row => [row.title, Math.round(row.perSecond), Math.round(row.rss)]),
  )
  console.log(
    `Delivered against whole: ${ratio(delivered.perSecond, whole.perSecond)} times as fast (goal 2) in ${ratio(delivered.rss, whole.rss)} of its memory (goal 0.20)`,
  )
  console.log(
    `Delivered against record by record: ${ratio(delivered.perSecond, split.perSecond)} times as fast (goal 1.5)\n`,
  )
}

type Row = { readonly title: string; readonly perSecond: number; readonly rss: number }

/** Fills a hub with so many records, by the way that the first part measures. */
export async function fillHub(bench: Bench): Promise<void> {
  await writeInput(inputOf(bench), bench.records)
  writeFileSync(documentsOf(bench), JSON.stringify({ standard: benchStandard, adapter: benchAdapter }))
  runOnOneCore(bench, 'deliver')
}

function documentsOf({ folder }: Bench): string {
  return join(folder, 'documents.json')
}

function runOnOneCore(bench: Bench, mode: string): Delivered {
  const program = [
    process.execPath,
    join(import.meta.dirname, 'deliver.mjs'),
    mode,
    inputOf(bench),
    bench.data,
    documentsOf(bench),
  ]
  const command = hasTaskset() ? ['taskset', '-c', '0', ...program] : program
  return JSON.parse(execFileSync(command[0] as string, command.slice(1), { cwd: home, encoding: 'utf8' })) as Delivered
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

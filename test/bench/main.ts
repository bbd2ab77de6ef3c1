/**
 * `npm run bench`: what Concord does beside what others do on the same machine in the same minutes.
 *
 * Figures are medians of rounds in which all take turns; only the ratios mean something on another machine.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { once } from 'node:events'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../../src/config.ts'
import { createAgreement, createClient } from '../../src/exchange/administer.ts'
import { home } from '../../src/exchange/documents.ts'
import { openHub, operator } from '../../src/exchange/hub.ts'
import { load, type Load } from './load.ts'
import { benchAdapter, benchStandard, recordKey, writeInput } from './workload.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log('npm run bench -- [--records 100000] [--rounds 3] [--seconds 5] [--connections 64]')
  process.exit(0)
}

const records = Number(values.records)
const rounds = Number(values.rounds)
const connections = Number(values.connections)
const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
const input = join(folder, 'records.xml')
const data = join(folder, 'data')
const documents = join(folder, 'documents.json')
const matter = 'bench'

try {
  describeMachine()
  await benchDelivery()
  await benchReads()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function describeMachine(): void {
  const cpu = cpus()[0]?.model ?? 'unknown'
  console.log(`${cpu}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node.js ${process.version}`)
  console.log(`A flush of 4 KiB to this disk takes ${flushMs().toFixed(2)} ms (median of 200).\n`)
}

function flushMs(): number {
  const file = openSync(join(folder, 'flush'), 'w')
  const page = Buffer.alloc(4096)
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  return median(times)
}

type Delivered = {
  readonly mode: string
  readonly records: number
  readonly seconds: number
  readonly peakRssMb: number
}

async function benchDelivery(): Promise<void> {
  const bytes = await writeInput(input, records)
  writeFileSync(documents, JSON.stringify({ standard: benchStandard, adapter: benchAdapter }))
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
      const result = runOnOneCore(mode)
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

function runOnOneCore(mode: string): Delivered {
  const program = [process.execPath, join(import.meta.dirname, 'deliver.mjs'), mode, input, data, documents]
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

async function benchReads(): Promise<void> {
  const credentials = await admitReader()
  const kinds = {
    one: { path: (index: number) => `/v1/standards/bench-record/records/${recordKey(index)}`, title: 'one record' },
    page: {
      path: (index: number) =>
        `/v1/standards/bench-record/records?limit=100&cursor=${Buffer.from(`after ${recordKey(index)}`).toString('base64url')}`,
      title: 'a page of 100',
    },
  }
  for (const { path, title } of Object.values(kinds)) {
    console.log(
      `GET of ${title}: ${connections} connections, ${values.seconds} s, ${rounds} rounds; the hub with token, agreement and a durable log entry each (synchronous FULL)`,
    )
    const loads: Record<'bare' | 'hub', Load[]> = { bare: [], hub: [] }
    for (let round = 0; round < rounds; round++) {
      for (const mode of ['bare', 'hub'] as const) loads[mode].push(await loadOn(mode, path, credentials))
    }
    const [bare, hub] = [loads.bare, loads.hub].map(own => ({
      perSecond: median(own.map(one => one.perSecond)),
      p99Ms: median(own.map(one => one.p99Ms)),
    })) as [Load, Load]
    table(
      ['', 'requests/s', 'p99 ms'],
      [
        ['bare Fastify and SQLite, no token, no rights, no log', Math.round(bare.perSecond), bare.p99Ms.toFixed(1)],
        ['Concord', Math.round(hub.perSecond), hub.p99Ms.toFixed(1)],
      ],
    )
    console.log(
      `Concord against bare: ${ratio(hub.perSecond, bare.perSecond)}${title === 'one record' ? ' (goal 0.75)' : ''}\n`,
    )
  }
}

/** A client that may read all fields of what was delivered last. */
async function admitReader(): Promise<{ id: string; secret: string }> {
  const hub = await openHub(readConfig({ CONCORD_DATA_DIR: data, CONCORD_LOG_LEVEL: 'silent' }))
  const by = operator('bench')
  await createAgreement(hub, by, {
    department: 'data-bureau',
    standard: 'bench-record',
    major: 1,
    fields: Object.keys(benchStandard.properties ?? {}),
    operations: ['read', 'list'],
    matters: [matter],
    from: new Date(0),
    until: new Date('2100-01-01'),
  })
  const client = await createClient(hub, by, {
    id: 'reader',
    department: 'data-bureau',
    title: 'Bench',
    scopes: ['read'],
  })
  await hub.close()
  return client
}

async function loadOn(
  mode: 'bare' | 'hub',
  path: (index: number) => string,
  credentials: { id: string; secret: string },
): Promise<Load> {
  const { url, server } = mode === 'hub' ? await serveHub() : await serveBare()
  const headers =
    mode === 'hub' ? { authorization: `Bearer ${await tokenOf(url, credentials)}`, 'concord-matter': matter } : {}
  let index = 0
  const result = await load({
    url,
    connections,
    seconds: Number(values.seconds),
    headers,
    path() {
      index = (index * 7919 + 13) % records
      return path(index)
    },
  })
  server.kill('SIGTERM')
  await once(server, 'exit')
  return result
}

/** The hub as it is run: built, its log written by a thread of its own. */
async function serveHub(): Promise<{ url: string; server: ChildProcess }> {
  const server = spawn(process.execPath, [join(home, 'dist/cli/main.js'), 'serve', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CONCORD_DATA_DIR: data, CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'warn' },
  })
  return { url: (JSON.parse(await firstLine(server)) as { address: string }).address, server }
}

async function serveBare(): Promise<{ url: string; server: ChildProcess }> {
  const program = ['--import', 'tsx', join(import.meta.dirname, 'serve-bare.ts'), data]
  const server = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'], cwd: home })
  return { url: await firstLine(server), server }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the server has no standard output')
  let text = ''
  child.stdout.setEncoding('utf8')
  for (;;) {
    const [chunk] = (await once(child.stdout, 'data')) as [string]
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.trim()
}

async function tokenOf(url: string, { id, secret }: { id: string; secret: string }): Promise<string> {
  const reply = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  return ((await reply.json()) as { access_token: string }).access_token
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'))
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2)
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
}

/** The servers that are measured, as processes of their own: the hub as it is run, and a bare one on the same tables. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { home } from '../../src/exchange/documents.ts'
import { openHub, operator } from '../../src/exchange/hub.ts'
import { matter, type Bench } from './bench.ts'
import { benchStandard } from './workload.ts'

export type Mode = 'bare' | 'hub'

export type Server = {
  readonly url: string
  /** What every request must carry. */
  readonly headers: Readonly<Record<string, string>>
  /** Now. */
  rssMb(): number
  peakRssMb(): number
  stop(): Promise<void>
}

export type Credentials = { readonly id: string; readonly secret: string }

/** A client that may use all fields of what was delivered, in every way. */
export async function admitReader({ data }: Bench): Promise<Credentials> {
  const hub = await openHub(readConfig({ CONCORD_DATA_DIR: data, CONCORD_LOG_LEVEL: 'silent' }))
  const by = operator('bench')
  await createAgreement(hub, by, {
    department: 'data-bureau',
    standard: 'bench-record',
    major: 1,
    fields: Object.keys(benchStandard.properties ?? {}),
    operations: ['read', 'list', 'lookup', 'verify', 'export', 'changes', 'history'],
    matters: [matter],
    from: new Date(0),
    until: new Date('2100-01-01'),
  })
  const reader = { id: 'reader', department: 'data-bureau', title: 'Bench', scopes: ['read'] } as const
  const client = await createClient(hub, by, reader)
  await hub.close()
  return client
}

export async function startServer(bench: Bench, mode: Mode, credentials: Credentials): Promise<Server> {
  const server = mode === 'hub' ? startHub(bench) : startBare(bench)
  const line = await firstLine(server)
  const url = mode === 'hub' ? (JSON.parse(line) as { address: string }).address : line
  const headers =
    mode === 'hub' ? { authorization: `Bearer ${await tokenOf(url, credentials)}`, 'concord-matter': matter } : {}
  const memory = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024
  return {
    url,
    headers,
    rssMb: () => memory('VmRSS'),
    peakRssMb: () => memory('VmHWM'),
    async stop() {
      server.kill('SIGTERM')
      await once(server, 'exit')
    },
  }
}

/** The hub as it is run: built, its log written by a thread of its own. */
function startHub({ data }: Bench): ChildProcess {
  return spawn(process.execPath, [join(home, 'dist/cli/main.js'), 'serve', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CONCORD_DATA_DIR: data,
      CONCORD_PORT: '0',
      CONCORD_LOG_LEVEL: 'warn',
      CONCORD_RATE_LIMIT: '1000000',
    },
  })
}

function startBare({ data }: Bench): ChildProcess {
  const program = ['--import', 'tsx', join(import.meta.dirname, 'serve-bare.ts'), data]
  return spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'], cwd: home })
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

/** Real parts for tests: a hub on SQLite in a folder of its own, with a clock that stands still until it is moved. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readConfig } from '../src/config.ts'
import { home, publishFiles, starterCatalogue } from '../src/exchange/documents.ts'
import { openHub, operator, type Hub } from '../src/exchange/hub.ts'
import { supervise } from '../src/exchange/supervise.ts'
import { buildApp } from '../src/web/app.ts'

export const tester = operator('tester')

export type TestHub = Hub & {
  /** Moves the clock on. */
  pass(ms: number): void
}

/** An empty folder that goes with the test. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'concord-test-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A hub that closes itself; `directory` opens one that is there already. */
export async function openTestHub(t: Test, directory: string = folder(t)): Promise<TestHub> {
  let now = Date.parse('2026-03-01T08:00:00.000Z')
  const config = readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent', CONCORD_PORT: '0' })
  const hub = await openHub(config, { clock: () => new Date(now) })
  t.teardown(() => hub.close())
  return { ...hub, pass: ms => void (now += ms) }
}

/** A hub with the starter catalogue, or with the adapters that are named. */
export async function openStarterHub(t: Test, directory?: string): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishFiles(hub, tester, starterCatalogue)
  return hub
}

/** A body in chunks, as a network would bring it. */
export async function* chunks(text: string | Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A fixture's path. */
export function fixture(path: string): string {
  return join(home, 'fixtures', path)
}

/** Serves a hub on a free port of the loopback; its address. */
export async function serve(t: Test, hub: Hub): Promise<string> {
  const supervision = supervise(hub, error => t.fail(String(error)))
  const app = await buildApp(hub, supervision.refusals)
  t.teardown(async () => {
    await app.close()
    await supervision.stop()
  })
  return app.listen({ host: '127.0.0.1', port: 0 })
}

/** An access token, by a client's credentials. */
export async function tokenFor(url: string, client: { readonly id: string; readonly secret: string }): Promise<string> {
  const reply = await requestToken(url, client)
  return ((await reply.json()) as { access_token: string }).access_token
}

export function requestToken(
  url: string,
  { id, secret }: { readonly id: string; readonly secret: string },
  body = 'grant_type=client_credentials',
): Promise<Response> {
  return fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  })
}

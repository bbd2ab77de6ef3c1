/** Real parts for tests: a hub on SQLite in a folder of its own, with a clock that stands still until it is moved. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readConfig } from '../src/config.ts'
import { home, publishFiles, starterCatalogue } from '../src/exchange/documents.ts'
import { openHub, operator, type Hub } from '../src/exchange/hub.ts'

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
  const hub = await openHub(config, () => new Date(now))
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

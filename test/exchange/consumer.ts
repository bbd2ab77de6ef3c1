/** A consumer as docs say that it should be: keeps a record for each `record`, drops it for each `removed`, goes on from the cursor. */
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import type { Call } from '../../src/exchange/access-entry.ts'
import { discloseChanges } from '../../src/exchange/changes.ts'
import { exportRecords } from '../../src/exchange/export.ts'
import { exportFormats } from '../../src/exchange/export-writer.ts'
import { HeadWatch } from '../../src/exchange/head-watch.ts'
import type { Hub } from '../../src/exchange/hub.ts'
import type { JsonObject } from '../../src/record.ts'

export type Served = {
  readonly key: string
  readonly revision: number
  readonly data: JsonObject
  readonly withheld: string[]
}

export type Change =
  | { readonly kind: 'record'; readonly record: Served }
  | { readonly kind: 'removed'; readonly key: string; readonly revision: number; readonly updatedAt: string }
  | { readonly kind: 'notice'; readonly notice: JsonObject }

export type ChangesPage = { readonly changes: readonly Change[]; readonly cursor: string }

export class Consumer {
  /** What it has, by key. */
  readonly records = new Map<string, JsonObject>()
  cursor: string | undefined

  take({ changes, cursor }: ChangesPage): void {
    for (const change of changes) {
      if (change.kind === 'record') this.records.set(change.record.key, change.record.data)
      else if (change.kind === 'removed') this.records.delete(change.key)
    }
    this.cursor = cursor
  }

  /** What an export gave, as NDJSON. */
  begin(ndjson: string): void {
    const lines = ndjson.trimEnd().split('\n')
    const { cursor } = JSON.parse(lines.pop() as string) as { cursor: string }
    for (const line of lines) {
      const { key, data } = JSON.parse(line) as Served
      this.records.set(key, data)
    }
    this.cursor = cursor
  }

  /** In the order of the keys. */
  get state(): [string, JsonObject][] {
    return [...this.records].toSorted(([a], [b]) => (a < b ? -1 : 1))
  }
}

/** A call of a department, as the test's own client. */
export function callFor(department: string, standard: string, matter: string, fields?: readonly string[]): Call {
  const actor = { kind: 'operator', id: 'consumer' } as const
  return { by: { actor, department, request: 'r' }, standard, matter, case: undefined, fields }
}

/** One page, without waiting. */
export async function changesPage(hub: Hub, call: Call, after: string | undefined, limit = 1000): Promise<ChangesPage> {
  const page = await discloseChanges(hub, new HeadWatch(hub.store.read), call, { after, limit, waitMs: 0 })
  return JSON.parse(String(page?.body)) as ChangesPage
}

/** Takes pages until there is nothing more to see. */
export async function follow(hub: Hub, call: Call, consumer: Consumer, limit = 1000): Promise<Change[]> {
  const taken: Change[] = []
  for (;;) {
    const page = await changesPage(hub, call, consumer.cursor, limit)
    const isEnd = page.changes.length === 0 && page.cursor === consumer.cursor
    consumer.take(page)
    if (isEnd) return taken
    taken.push(...page.changes)
  }
}

/** A whole export as text. */
export async function exportText(hub: Hub, call: Call, format: keyof typeof exportFormats = 'ndjson'): Promise<string> {
  const { chunks } = await exportRecords(hub, call, { writerOf: exportFormats[format].writerOf })
  return text(Readable.from(chunks))
}

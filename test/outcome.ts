/** What comes of an input on the pure part of the line: read, grouped, mapped and validated, without a hub. */
import { createReadStream, readFileSync } from 'node:fs'
import { convertRecord } from '../src/exchange/convert.ts'
import { sourceRecords } from '../src/exchange/grouped.ts'
import type { Adapter, Resolve } from '../src/map/adapter.ts'
import { defaultLimits } from '../src/parse/limits.ts'
import type { Issue, JsonObject, RecordKey, SourceRecord, UnreadableRecord } from '../src/record.ts'
import { readStandard, type CodeList, type Standard } from '../src/standard.ts'
import { compileValidator, type Validator } from '../src/validate/validator.ts'

/** The shape of `fixtures/…/<case>.expected.json`. */
export type Outcome = {
  records: Kept[]
  /** What the source takes back; missing where it takes back nothing. */
  withdrawals?: { key: RecordKey; mark?: string }[]
  rejects: Reject[]
}
export type Kept = { key: RecordKey; data: JsonObject; recordId?: string; asOf?: string; mark?: string }
export type Reject = { ordinal: number; key?: RecordKey; issues: Pick<Issue, 'pointer' | 'source' | 'code'>[] }

export async function outcomeOf(adapter: Adapter, file: URL, resolve?: Resolve): Promise<Outcome> {
  const line = { adapter, validator: compileValidator(adapter.standard, codeList), language: 'en', resolve } as const
  const outcome: Outcome = { records: [], rejects: [] }
  for await (const batch of sourceRecords(createReadStream(file), adapter, defaultLimits)) {
    for (const item of batch) add(outcome, item, line)
  }
  return outcome
}

type Line = { adapter: Adapter; validator: Validator; language: 'en'; resolve: Resolve | undefined }

function add(outcome: Outcome, item: SourceRecord | UnreadableRecord, line: Line): void {
  const { ordinal } = item.position
  if ('unreadable' in item) {
    outcome.rejects.push({ ordinal, issues: shown([item.unreadable]) })
    return
  }
  const converted = convertRecord(line, item, line.resolve)
  const { record, key, recordId, asOf, mark, isWithdrawal, issues } = converted
  const marked = mark === undefined ? {} : { mark }
  if (issues.length > 0 || key === undefined) {
    outcome.rejects.push({ ordinal, ...(key !== undefined && { key }), issues: shown(issues) })
  } else if (isWithdrawal) {
    outcome.withdrawals = [...(outcome.withdrawals ?? []), { key, ...marked }]
  } else {
    const envelope = { ...(recordId !== undefined && { recordId }), ...(asOf !== undefined && { asOf }) }
    outcome.records.push({ key, data: record, ...envelope, ...marked })
  }
}

/** Where and why, without the words. */
function shown(issues: readonly Issue[]): Reject['issues'] {
  return issues.map(({ pointer, source, code }) => ({ pointer, ...(source !== undefined && { source }), code }))
}

/** The starter catalogue as it stands in the repository. */
export const catalogue = { standard, codeList, crosswalk: () => undefined }

function standard(id: string, major: number): Standard {
  return readStandard(readJson(`schemas/standards/${id}/v${major}.json`))
}

function codeList(id: string): CodeList {
  return readJson(`schemas/code-lists/${id}.json`)
}

const root = new URL('../', import.meta.url)

/** A document of the repository, by its path. */
export function readJson(path: string) {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

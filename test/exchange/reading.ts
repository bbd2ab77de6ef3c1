/** What a department reads of things, and what the log says of it. */
import { putDepartment } from '../../src/exchange/departments.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import type { Call } from '../../src/exchange/access-entry.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { JsonObject, Operation } from '../../src/record.ts'
import type { RowFilter } from '../../src/agreement/agreement.ts'
import { tester, type TestHub } from '../helper.ts'

export const operations: readonly Operation[] = ['read', 'list', 'lookup', 'history', 'verify']

export type Granted = {
  readonly standard?: string
  readonly fields: readonly string[]
  readonly rows?: RowFilter
  readonly major?: number
  readonly operations?: readonly Operation[]
}

/** Calls of the archives under an agreement of their own, made for the matter. */
export async function granted(hub: TestHub, matter: string, { standard = 'thing', ...terms }: Granted) {
  await putDepartment(hub, tester, { id: 'archives', titles: { 'zh-CN': '测试', en: 'Test' } })
  await createAgreement(hub, tester, {
    department: 'archives',
    standard,
    operations,
    matters: [matter],
    from: new Date(0),
    until: new Date('2100-01-01'),
    ...terms,
  })
  return (fields?: readonly string[]): Call => ({
    by: { actor: { kind: 'client', id: 'reader' }, department: 'archives', request: 'r' },
    standard,
    matter,
    case: undefined,
    fields,
  })
}

/** A record as it is served. */
export type Served = {
  readonly key: string
  readonly version: string
  readonly revision: number
  readonly updatedAt: string
  readonly data: JsonObject
  readonly withheld: readonly string[]
}

export function jsonOf<Shape>({ body }: { readonly body: Buffer | undefined }): Shape {
  return JSON.parse(body?.toString() ?? 'null') as Shape
}

/** The entries since the log had a size, or all. */
export async function entriesSince(hub: TestHub, from = 0): Promise<Entry[]> {
  const entries = await hub.log.entries({ from, limit: 100_000 })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry)
}

/**
 * By what the public reads open data: not an agreement that somebody asked for and somebody approved, but the same terms,
 * given by the standard itself. So everything that cuts, pages and enters works for both.
 */
import { openId, type Agreement } from '../agreement/agreement.ts'
import type { Decision } from '../agreement/decide.ts'
import { levelsOf } from '../agreement/granted.ts'
import { dayOf } from '../agreement/quota.ts'
import { opennessFault } from '../catalogue/openness.ts'
import type { Operation } from '../record.ts'
import type { Standard } from '../standard.ts'
import { readQuotaUse } from '../store/quotas.ts'
import { publicQuotaUsedUp, type ByPublic, type Call } from './access-entry.ts'
import type { Hub } from './hub.ts'
import { servedStandards } from './served-majors.ts'

/** What the public may do. */
const operations: readonly Operation[] = ['read', 'list', 'export']

export function byPublic(request: string): ByPublic {
  return { actor: { kind: 'public', id: 'anyone' }, request }
}

/** @throws {HubError} `rate-limited` where the public has read what it reads on a day */
export async function decideOpen(hub: Hub, { standard }: Call, operation: Operation): Promise<Decision> {
  const agreement = await openAgreement(hub, standard)
  if (agreement === undefined) return { allowed: false, reason: 'no-agreement' }
  if (!operations.includes(operation)) return { allowed: false, reason: 'operation', agreement }
  if (agreement.dailyQuota === undefined) return { allowed: true, agreement }
  const now = hub.clock().toISOString()
  const { used } = await readQuotaUse(hub.store.read, openId, dayOf(now))
  if (used >= agreement.dailyQuota) throw publicQuotaUsedUp(now, agreement.dailyQuota)
  return { allowed: true, agreement }
}

/** The terms of the newest major that is not retired; undefined where that is not open, whatever older ones are. */
export async function openAgreement(hub: Hub, id: string): Promise<Agreement | undefined> {
  const { index } = await hub.published.configuration()
  const newest = servedStandards(index).get(id)?.majors.at(-1)
  if (newest === undefined) return undefined
  const { standard } = await hub.published.standard(id, newest.major)
  if (opennessFault(standard) !== undefined) return undefined
  let agreement = agreements.get(standard)
  if (agreement === undefined) agreements.set(standard, (agreement = termsOf(standard, hub.config.open.dailyRecords)))
  return agreement
}

/** One object for a version: what is compiled for an agreement is found by it. */
const agreements = new WeakMap<Standard, Agreement>()

function termsOf(standard: Standard, dailyRecords: number): Agreement {
  const fields = standard.fields.map(({ path }) => path)
  return {
    id: openId,
    department: 'public',
    standard: standard.id,
    major: standard.major,
    fields,
    levels: levelsOf(standard, fields),
    operations,
    matters: [],
    from: '0000-01-01T00:00:00.000Z',
    until: '9999-12-31T00:00:00.000Z',
    status: 'active',
    ...(dailyRecords === 0 ? {} : { dailyQuota: dailyRecords }),
  }
}

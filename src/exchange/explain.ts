/**
 * Why a call is, would be or was allowed or refused under an agreement: by the function that decides calls, on the
 * agreements, the standard and the quota of the time that is asked about.
 */
import type { Agreement, RowFilter } from '../agreement/agreement.ts'
import { decide, stateOf, type AccessRequest, type Decision, type Refusal, type State } from '../agreement/decide.ts'
import { stepsOf, type Step } from '../agreement/explain.ts'
import { asItStood } from '../agreement/past.ts'
import { dayOf } from '../agreement/quota.ts'
import { reasons } from '../agreement/reasons.ts'
import type { FieldPath, Operation } from '../record.ts'
import { majorOf, type Standard } from '../standard.ts'
import { readAgreements } from '../store/agreements.ts'
import { readQuotaUse } from '../store/quotas.ts'
import { newest } from '../versions.ts'
import { heldBack, servesOperation } from './admit.ts'
import { decideLasting } from './decision.ts'
import { explainFields, type ExplainedField } from './explain-fields.ts'
import { enterLook, findWithin, type Reach } from './find-agreement.ts'
import type { By, Hub } from './hub.ts'
import type { NewerMajor } from './newer-majors.ts'
import { retiredThen } from './retired.ts'

/** The call that is asked about. */
export type Supposed = {
  readonly operation: Operation
  readonly matter?: string | undefined
  readonly case?: string | undefined
  /** Leaves or branches; all where undefined. */
  readonly fields?: readonly FieldPath[] | undefined
  /** Now where undefined; what is to come is answered by what stands now. */
  readonly at?: Date | undefined
}

export type Explanation = {
  readonly agreement: string
  readonly department: string
  readonly standard: string
  /** The version that says which fields there were at that time, and of which level. */
  readonly version: string
  /** RFC 3339 in UTC. */
  readonly at: string
  readonly operation: Operation
  readonly matter: string | null
  readonly case: string | null
  /** What the agreement was at that time; null before it was asked for. */
  readonly state: State | null
  readonly allowed: boolean
  /** Why not; null where the call is allowed. */
  readonly refusal: Refusal | 'field-not-granted' | 'key-sealed' | 'major-retired' | null
  readonly detail: string
  /** The agreement that decides the call; another one than this, or none. */
  readonly decidedBy: string | null
  readonly steps: readonly Step[]
  readonly fields: readonly ExplainedField[]
  readonly rows: RowFilter | null
  readonly quota: {
    readonly daily: number
    readonly day: string
    readonly used: number
    readonly usedUpAt: string | null
  } | null
}

/**
 * Explains a call of the department that has the agreement; that it was asked is an entry.
 *
 * Of the quota of a day that has passed, the hub knows how much was used in all and when it was used up.
 *
 * @throws {HubError} `agreement-unknown`; `request-invalid` for fields that the standard lacks; `log-unavailable`
 */
export async function explainAgreement(
  hub: Hub,
  by: By,
  { id, reach, supposed }: { readonly id: string; readonly reach: Reach; readonly supposed: Supposed },
): Promise<Explanation> {
  const { agreement: now } = await findWithin(hub, id, reach)
  const at = supposed.at ?? hub.clock()
  const instant = at.toISOString()
  const all = (await readAgreements(hub.store.read)).filter(({ department }) => department === now.department)
  const then = all.map(one => asItStood(one, instant)).filter(one => one !== undefined)
  const agreement = then.find(one => one.id === id)
  const standard = await standardThen(hub, now, instant)
  const quota = await quotaOf(hub, now, instant)
  const { operation, matter } = supposed
  const request: AccessRequest = { standard: now.standard, operation, matter, case: supposed.case }
  const { index } = await hub.published.configuration()
  const retired = (one: Agreement): string | undefined => retiredThen(index, one, instant)
  const decision = await decisionThen(hub, then, request, { at, isOver: one => retired(one) !== undefined })
  const newer = await newerThen(hub, now, instant)
  const fields = agreement === undefined ? [] : explainFields(agreement, { standard, newer }, supposed.fields)
  const decidedBy = decision.agreement?.id ?? null
  const verdict = decision.allowed
    ? (retiredBy(retired(decision.agreement)) ?? furtherOf(standard, supposed, { agreement, decidedBy, fields }))
    : refusalBy(decision.reason)
  await enterLook(hub, by, { act: 'explain-agreement', agreement: id, count: 1 })
  return {
    agreement: id,
    department: now.department,
    standard: now.standard,
    version: standard.version,
    at: instant,
    operation: supposed.operation,
    matter: supposed.matter ?? null,
    case: supposed.case ?? null,
    state: agreement === undefined ? null : stateOf(agreement, instant),
    ...verdict,
    decidedBy,
    steps: agreement === undefined ? [] : stepsOf(agreement, { ...request, used: usedBy(quota, instant) }, instant),
    fields,
    rows: now.rows ?? null,
    quota,
  }
}

/** As `decisionOn` decides: by the quota of the agreement that decides, which may be another than the one explained. */
async function decisionThen(
  hub: Hub,
  agreements: readonly Agreement[],
  request: AccessRequest,
  { at, isOver }: { readonly at: Date; readonly isOver: (agreement: Agreement) => boolean },
): Promise<Decision> {
  const decision = decideLasting(agreements, request, at, isOver)
  if (!decision.allowed || isOver(decision.agreement)) return decision
  const instant = at.toISOString()
  const used = usedBy(await quotaOf(hub, decision.agreement, instant), instant)
  return decide([decision.agreement], { ...request, used }, at)
}

type Verdict = Pick<Explanation, 'allowed' | 'refusal' | 'detail'>

function refusalBy(reason: Refusal): Verdict {
  return { allowed: false, refusal: reason, detail: reasons[reason].toCaller }
}

function retiredBy(detail: string | undefined): Verdict | undefined {
  return detail === undefined ? undefined : { allowed: false, refusal: 'major-retired', detail }
}

/** What a call that the agreements allow is still refused for, as `admit` does. */
function furtherOf(
  standard: Standard,
  { operation, fields: asked }: Supposed,
  { agreement, decidedBy, fields }: Pick<Explanation, 'decidedBy' | 'fields'> & { agreement: Agreement | undefined },
): Verdict {
  if (!servesOperation(standard, operation)) {
    const detail = 'The key of this standard is sealed: it is served by lookup and verify only.'
    return { allowed: false, refusal: 'key-sealed', detail }
  }
  if (decidedBy !== agreement?.id) {
    const detail = `The call is decided by the agreement ${decidedBy}, which covers the same matter: explain that one for its fields.`
    return { allowed: true, refusal: null, detail }
  }
  const shown = fields.filter(({ verdict }) => verdict === 'granted').map(({ field }) => field)
  if (operation === 'verify' && asked !== undefined && shown.length < fields.length) {
    const detail =
      'Nothing can be compared with a field that the agreement does not grant: verify refuses such a claim.'
    return { allowed: false, refusal: 'field-not-granted', detail }
  }
  const held = agreement && heldBack(agreement, standard, asked === undefined ? undefined : shown)
  if (held !== undefined) return { allowed: false, refusal: 'field-not-granted', detail: held }
  const detail = `The call is allowed; ${shown.length} of ${fields.length} fields are shown, the others are named in \`withheld\`.${ofNewer(fields)}`
  return { allowed: true, refusal: null, detail }
}

/** Of records of newer majors, less may be shown. */
function ofNewer(fields: readonly ExplainedField[]): string {
  const held = new Map<number, number>()
  for (const { heldBackOf = [] } of fields)
    for (const { major } of heldBackOf) held.set(major, (held.get(major) ?? 0) + 1)
  const texts = [...held].map(([major, count]) => ` Of records of major ${major}, ${count} of them are held back too.`)
  return texts.join('')
}

/** The newer majors whose records were shown by then, as they are converted now. */
async function newerThen(
  hub: Hub,
  { standard: id, major }: Agreement,
  instant: string,
): Promise<readonly NewerMajor[]> {
  const { index } = await hub.published.configuration()
  const { newer } = await hub.published.standard(id, major)
  return newer.filter(({ from }) =>
    index.standards.some(
      ({ standard, version, publishedAt }) =>
        standard === id && majorOf(version) === from.major && publishedAt <= instant,
    ),
  )
}

/** The newest version of the agreement's major that was published by then. */
async function standardThen(hub: Hub, { standard: id, major }: Agreement, instant: string): Promise<Standard> {
  const { index } = await hub.published.configuration()
  const row = newest(
    index.standards.filter(
      ({ standard, version, publishedAt }) => standard === id && majorOf(version) === major && publishedAt <= instant,
    ),
  )
  return (await hub.published.standard(id, row?.version ?? major)).standard
}

async function quotaOf(hub: Hub, { id, dailyQuota }: Agreement, instant: string): Promise<Explanation['quota']> {
  if (dailyQuota === undefined) return null
  const day = dayOf(instant)
  return { daily: dailyQuota, day, ...(await readQuotaUse(hub.store.read, id, day)) }
}

/** Undefined where there is no quota, or it was to be used up later that day: how much was used by then is not known. */
function usedBy(quota: Explanation['quota'], instant: string): number | undefined {
  if (quota === null || (quota.usedUpAt !== null && instant < quota.usedUpAt)) return undefined
  return quota.used
}

/**
 * A pull: the hub itself fetches an adapter's input and delivers it, one run of an adapter at a time over all processes.
 *
 * A run is claimed in one statement and renewed while it goes on; how it ended, what the next goes on from and when that
 * comes is kept with it. What fails is tried again, later each time.
 */
import { randomUUID } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Adapter } from '../map/adapter.ts'
import type { PullDescription } from '../map/pull.ts'
import type { Receipt } from '../record.ts'
import { post } from '../store/outbox.ts'
import { claimPull, endPull, planPull, readPulls, renewClaim, requireClaim, writeResume, type Claim, type PullRow } from '../store/pulls.ts' // prettier-ignore
import { isEntered } from './access-entry.ts'
import { deliverDocuments } from './deliver.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'
import { pullDatabase } from './pull-database.ts'
import { pullFolder } from './pull-folder.ts'
import { pullHttp } from './pull-http.ts'
import { defaultWaits, PullFailure, superseded, type Found, type Pulling, type Waits } from './pull-source.ts'
import { planOf, retryAt } from './pull-times.ts'

export type PullReport = { readonly adapter: string; readonly outcome: Found; readonly receipts: readonly Receipt[] }

export type PullOptions = {
  /** Whoever wants it now; without, the hub by its schedule, and only if the run is due. */
  readonly by?: By
  /** Begins from the beginning: whatever the last run came to. */
  readonly anew?: boolean
  readonly signal?: AbortSignal
  readonly random?: () => number
  readonly waits?: Waits
}

/**
 * Runs an adapter's pull; undefined where it is not due, or another process has claimed it.
 *
 * @throws {HubError} why it failed, when that is kept; `delivery-busy` where somebody wants it now and it is running
 */
export async function pull(hub: Hub, id: string, options: PullOptions = {}): Promise<PullReport | undefined> {
  const { by = { actor: { kind: 'hub', id: 'hub' }, request: randomUUID() }, signal = neverAborted } = options
  const row = await claim(hub, id, options)
  if (row === undefined) return undefined
  const { waits = defaultWaits } = options
  const lost = new AbortController()
  const heartbeat = setInterval(() => void renew(hub, row, lost), waits.renewMs).unref()
  const receipts: Receipt[] = []
  try {
    const adapter = await hub.published.adapter(id)
    const pulling: Pulling = {
      hub,
      adapter,
      resume: options.anew === true ? {} : row.resume,
      signal: AbortSignal.any([signal, lost.signal]),
      waits,
      async deliver(documents, resume) {
        const receipt = await deliverDocuments(hub, {
          adapter: id,
          documents,
          by,
          // A run that slept for longer than its claim holds has an older answer than the one that took over.
          admit: () => requireClaim(hub.store.read, row.claim),
          atEnd: tx => writeResume(tx, row.claim, resume()),
        })
        receipts.push(receipt)
        return receipt
      },
    }
    const outcome = await fetchFrom(pulling, requirePull(adapter))
    const at = hub.clock()
    const { nextAt } = planOf(adapter.document, at)
    const end = { at, outcome, problem: null, receipt: receipts.at(-1), failures: 0, nextAt }
    await hub.store.transact(tx => endPull(tx, row.claim, end))
    return { adapter: id, outcome, receipts }
  } catch (error) {
    await fail(hub, row, { error, by, receipt: receipts.at(-1) }, options)
    throw error
  } finally {
    clearInterval(heartbeat)
    await carry(hub)
  }
}

const neverAborted = new AbortController().signal

type ClaimedRow = PullRow & { readonly claim: Claim }

async function claim(hub: Hub, id: string, { by }: PullOptions): Promise<ClaimedRow | undefined> {
  const adapter = by === undefined ? undefined : await hub.published.adapter(id)
  if (adapter !== undefined) requirePull(adapter)
  const now = hub.clock()
  const claimed = await hub.store.transact(async tx => {
    if (adapter !== undefined) await planPull(tx, id, planOf(adapter.document, now))
    const claim = await claimPull(tx, id, { now, onlyDue: by === undefined })
    const [row] = await readPulls(tx, id)
    return claim === undefined || row === undefined ? undefined : { ...row, claim }
  })
  if (claimed === undefined && by !== undefined) {
    throw new HubError('delivery-busy', `A pull of ${id} is running; \`concord pull show ${id}\` shows since when.`)
  }
  return claimed
}

function requirePull({ id, pull: description }: Adapter): PullDescription {
  if (description !== undefined) return description
  throw new HubError('request-invalid', `The adapter ${id} does not say where to fetch its input: it has no \`pull\`.`)
}

function fetchFrom(pulling: Pulling, description: PullDescription): Promise<Found> {
  if ('http' in description) return pullHttp(pulling, description.http)
  if ('folder' in description) return pullFolder(pulling, description.folder)
  return pullDatabase(pulling, description.database)
}

/** Ends the run where another has taken over. */
async function renew(hub: Hub, { claim }: ClaimedRow, lost: AbortController): Promise<void> {
  // Where it fails the claim lapses, which the next batch meets if another takes it.
  const isHeld = await hub.store.transact(tx => renewClaim(tx, claim, hub.clock())).catch(() => true)
  if (!isHeld) lost.abort(superseded)
}

type Failed = { readonly error: unknown; readonly by: By; readonly receipt: Receipt | undefined }

/** Keeps why a run failed and when it is tried again, and enters it where no delivery has. */
async function fail(
  hub: Hub,
  { claim, failures: before }: ClaimedRow,
  { error, by, receipt }: Failed,
  { signal, random = Math.random }: PullOptions,
): Promise<void> {
  const { code, message } = error instanceof HubError ? error : new HubError('internal', 'See the log of the process.')
  const at = hub.clock()
  // What was stopped has not failed.
  const isStopped = signal?.aborted === true
  const failures = isStopped ? before : before + 1
  const nextAt = isStopped ? at : retryAt(at, { error, failures, random })
  const hasEntry = isEntered(error) || (error instanceof PullFailure && error.isEntered)
  await hub.store.transact(async tx => {
    const problem = { code, detail: message }
    await endPull(tx, claim, { at, outcome: 'failed', problem, receipt, failures, nextAt })
    if (hasEntry) return
    const detail = { act: 'pull', adapter: claim.adapter }
    await post(tx, { ...entryOf(hub, by), operation: 'deliver', outcome: 'failed', problem: code, count: 0, detail })
  })
}

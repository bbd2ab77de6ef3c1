/**
 * Replays rejects: their kept source records go through the newest version of their adapter once more, as a delivery of
 * its own.
 *
 * A replay releases what is valid now. It never overwrites what a newer delivery has said of a key, and withdraws nothing
 * that it lacks: what was overtaken is closed, what is still wrong stays, with the reasons of now.
 */
import type { Issue, Language, Receipt } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import { addWarned } from '../store/deliveries.ts'
import { keep } from '../store/keep.ts'
import { forgetMarks } from '../store/marks.ts'
import {
  closeOvertaken,
  closeRejects,
  noteStillRejected,
  releaseRejects,
  type Kept,
  type StillRejected,
} from '../store/rejects.ts'
import { stillOpen, type Selection } from '../store/replays.ts'
import { countsOf, keyOfWord, weigh, type Outcome, type Word } from '../store/words.ts'
import { rejectDuplicate, type Conversion, type Line } from './convert.ts'
import { DeliveryRun, type Added } from './delivery-run.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'
import { keepingOf, type RunOf } from './keeping.ts'
import { retrials, type Retrial } from './retrial.ts'
import { openLine } from './open-line.ts'

export type ReplayRequest = {
  readonly selection: Selection
  readonly by: By
  readonly language?: Language
  readonly onProgress?: (receipt: Receipt) => void
}

/** What became of a reject; `overtaken` where a newer word on its key is kept, or a newer snapshot has not met it. */
export type Fate = 'accepted' | 'unchanged' | 'withdrawn' | 'overtaken' | 'rejected'

/**
 * @throws {HubError} `adapter-unknown`, `delivery-busy` before anything is done
 * @throws {DeliveryFailure} where the lease is lost, or what the adapter looks up may not be read
 */
export async function replay(hub: Hub, { selection, by, language, onProgress }: ReplayRequest): Promise<Receipt> {
  const line = await openLine(hub, selection.adapter, language)
  const { id, version, standard, mode, order } = line.adapter
  const of = { kind: 'replay', adapter: id, adapterVersion: version, standard: standard.id, by } as const
  const run = await DeliveryRun.begin(hub, of)
  const { delivery, fence } = run
  try {
    for await (const tried of retrials(hub, line, { selection, by, delivery })) {
      await run.batch((tx, at) => keepBatch(hub, tx, { line, by, run: { delivery, fence, at } }, tried))
      onProgress?.(run.receipt)
    }
    await run.end(async (tx, at) => {
      if (mode === 'snapshot' && order === 'mark') await forgetMarks(tx, keepingOf(hub, { delivery, fence, at }, line))
    })
    return run.receipt
  } catch (error) {
    throw await run.fail(error)
  } finally {
    run.stop()
    await carry(hub)
  }
}

/** One reject of a dry run: what would become of it, and why it would still be rejected. */
export type Tried = { readonly id: string; readonly fate: Fate; readonly issues: readonly Issue[] }

/**
 * What a replay would do, batch by batch as things are now. Nothing is written but the entry that says who has had the
 * kept source records read, which is durable before this returns.
 *
 * @throws {HubError} `adapter-unknown`, `log-unavailable`
 */
export async function tryReplay(hub: Hub, { selection, by, language }: ReplayRequest): Promise<Tried[]> {
  const line = await openLine(hub, selection.adapter, language)
  const { id: adapter, version, standard } = line.adapter
  const run = { delivery: 'dry run', fence: Number.MAX_SAFE_INTEGER, at: hub.clock().toISOString() }
  const keeping = keepingOf(hub, run, line)
  const found: Tried[] = []
  for await (const tried of retrials(hub, line, { selection, by, delivery: run.delivery })) {
    const words = wordsOf(tried)
    const { outcomes } = await weigh(hub.store.read, keeping, [...words.values()])
    const fates = fatesOf(line, tried, outcomesOf(words, outcomes))
    found.push(...fates.map(({ id, fate, still }) => ({ id, fate, issues: still?.issues ?? [] })))
  }
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'preview',
    outcome: 'done',
    standard: standard.id,
    count: found.length,
    detail: { adapter, version, of: 'quarantine' },
  })
  return found
}

async function keepBatch(
  hub: Hub,
  tx: Transaction,
  { line, by, run }: { readonly line: Line; readonly by: By; readonly run: RunOf },
  tried: readonly Retrial[],
): Promise<Added> {
  const { delivery, at } = run
  const { id: adapter, version, mode } = line.adapter
  // Some may have been dismissed since they were read.
  const ids = tried.map(({ id }) => id)
  const open = await stillOpen(tx, ids)
  const live = tried.filter(({ id }) => open.has(id))
  const words = wordsOf(live)
  const outcomes = await keep(tx, keepingOf(hub, run, line), [...words.values()])
  const fates = fatesOf(line, live, outcomesOf(words, outcomes))
  const released = new Set(fates.filter(({ fate }) => fate !== 'overtaken' && fate !== 'rejected').map(({ id }) => id))
  const overtaken = fates.filter(({ fate }) => fate === 'overtaken').map(({ id }) => id)
  // Why text could not be read is what was found when it was met, not that it cannot be tried again.
  const unreadable = new Set(live.filter(({ isUnreadable }) => isUnreadable).map(({ id }) => id))
  const still = fates.flatMap(fate => (unreadable.has(fate.id) ? [] : (fate.still ?? [])))
  await releaseRejects(tx, { delivery, by: `${by.actor.kind}:${by.actor.id}`, at }, [...released])
  await closeRejects(tx, delivery, overtaken)
  await noteStillRejected(tx, version, still)
  const closed = new Set(await closeOvertaken(tx, { adapter, delivery }, keptOf(live, words, released, mode)))
  const warned = live.filter(({ id, conversion }) => released.has(id) && hasWarnings(conversion)).length
  if (warned > 0) await addWarned(tx, delivery, warned)
  const { accepted, unchanged, withdrawn } = countsOf(outcomes)
  const gone = live.filter(({ isGone }) => isGone).length
  const rejected = fates.filter(({ fate }) => fate === 'rejected').map(({ id }) => id)
  const overtakenNow = rejected.filter(id => closed.has(id)).length
  return {
    accepted,
    unchanged: unchanged + gone + overtakenNow,
    withdrawn,
    rejected: rejected.length - overtakenNow,
  }
}

function hasWarnings(conversion: Conversion): boolean {
  return 'word' in conversion && conversion.warnings.length > 0
}

/** The words of those that convert and are still at the source, by reject, as words of the deliveries that brought them. */
function wordsOf(tried: readonly Retrial[]): Map<Retrial, Word> {
  const words = new Map<Retrial, Word>()
  for (const each of tried) {
    const { conversion, isGone, delivery, fence } = each
    if ('word' in conversion && !isGone) words.set(each, { ...conversion.word, met: { delivery, fence } })
  }
  return words
}

function outcomesOf(words: ReadonlyMap<Retrial, Word>, outcomes: readonly Outcome[]): ReadonlyMap<Retrial, Outcome> {
  return new Map([...words.keys()].map((each, index) => [each, outcomes[index] as Outcome]))
}

type Judged = { readonly id: string; readonly fate: Fate; readonly still: StillRejected | undefined }

function fatesOf(line: Line, tried: readonly Retrial[], outcomes: ReadonlyMap<Retrial, Outcome>): Judged[] {
  return tried.map(each => {
    const { id, conversion, isGone } = each
    const outcome = outcomes.get(each)
    if (isGone || outcome === 'older') return { id, fate: 'overtaken', still: undefined }
    if (outcome !== undefined && outcome !== 'duplicate') return { id, fate: outcome, still: undefined }
    const { key, scope, mark, issues } = 'reject' in conversion ? conversion.reject : rejectDuplicate(line, conversion)
    return { id, fate: 'rejected', still: { id, key, scope, ...(mark !== undefined && { mark }), issues } }
  })
}

function keptOf(
  tried: readonly Retrial[],
  words: ReadonlyMap<Retrial, Word>,
  released: ReadonlySet<string>,
  mode: 'delta' | 'snapshot',
): Kept[] {
  return tried.flatMap(each => {
    const word = words.get(each)
    if (word === undefined || !released.has(each.id)) return []
    const { fence, ordinal } = each
    return [{ key: keyOfWord(word), fence, ordinal, mark: mode === 'delta' ? word.mark : undefined }]
  })
}

/** What a source of records to be pulled is given, what it gives, and how it fails. */
import { setTimeout as wait } from 'node:timers/promises'
import { HubError } from '../errors.ts'
import type { Adapter } from '../map/adapter.ts'
import type { Receipt } from '../record.ts'
import { statementMs } from '../store/foreign-source.ts'
import { claimMs, type Resume } from '../store/pulls.ts'
import type { Documents } from './delivery-request.ts'
import type { Hub } from './hub.ts'

/** One run. */
export type Pulling = {
  readonly hub: Hub
  readonly adapter: Adapter
  readonly resume: Resume
  readonly signal: AbortSignal
  readonly waits: Waits
  /** Delivers documents as one input. What `resume` gives when all of it is kept, is kept with it. */
  deliver(documents: Documents, resume: () => Resume): Promise<Receipt>
}

export type Found = 'delivered' | 'not-modified' | 'nothing-new'

/** How long a run waits for what, in ms. */
export type Waits = {
  /** For the beginning of an answer, and for each of its pieces. */
  readonly answerMs: number
  /** For a batch of rows of a database, whose own limit of a statement comes first. */
  readonly databaseMs: number
  /** For a whole answer: what trickles must end as well. */
  readonly wholeMs: number
  /** At most, within a run, because the source says Retry-After. */
  readonly retryMs: number
  /** Between two renewals of its claim. */
  readonly renewMs: number
  /** Between two looks at a file that must be the same. */
  readonly settleMs: number
  pause(ms: number, signal: AbortSignal): Promise<void>
}

export const defaultWaits: Waits = {
  answerMs: 60_000,
  databaseMs: statementMs + 30_000,
  wholeMs: 6 * 3_600_000,
  retryMs: 60_000,
  renewMs: claimMs / 4,
  settleMs: 2_000,
  async pause(ms, signal) {
    // What comes after it looks at the signal itself.
    await wait(ms, undefined, { signal, ref: false }).catch(() => {})
  },
}

/** The reason of a signal that ends a run because another has taken over. */
export const superseded = 'superseded'

/** Why a run ends whose signal is aborted. */
export function ended({ reason }: AbortSignal, during: string): PullFailure {
  const why = reason === superseded ? 'Another run of this pull has taken over' : 'The hub was stopped'
  return new PullFailure(`${why} ${during}.`)
}

/** A source that does not give what it should. The detail names addresses without their query, and no secret. */
export class PullFailure extends HubError {
  /** Before then the source does not want to be asked again. */
  readonly notBefore: Date | undefined
  /** Whether what failed has its entries already. */
  readonly isEntered: boolean

  constructor(
    detail: string,
    more: { readonly notBefore?: Date; readonly isEntered?: boolean; readonly cause?: unknown } = {},
  ) {
    super('pull-failed', detail, more.cause === undefined ? {} : { cause: more.cause })
    this.notBefore = more.notBefore
    this.isEntered = more.isEntered ?? false
  }
}

/**
 * Hands over items once the first is there, so that what fails at once fails before anything is begun; closes them
 * whatever comes. False where there are none.
 */
export async function withItems<Item>(
  items: AsyncGenerator<Item>,
  work: (items: AsyncGenerator<Item>) => Promise<unknown>,
): Promise<boolean> {
  try {
    const first = await items.next()
    if (first.done === true) return false
    await work(resumed(first.value, items))
    return true
  } finally {
    // One that was never read, since its delivery did not begin, would else stay open.
    await items.return(undefined)
  }
}

async function* resumed<Item>(first: Item, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  yield first
  yield* rest
}

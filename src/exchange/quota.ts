/**
 * Charges what is disclosed to the daily quota of its agreement, before it leaves.
 *
 * Reservations that come together share one transaction. A process that dies between a reservation and its entry has
 * charged what it never disclosed: the quota errs on that side.
 */
import { GroupCommit } from '../log/group-commit.ts'
import type { Database } from '../store/connection.ts'
import { giveBack, reserve, type Charge } from '../store/quotas.ts'

/** @returns whether the records were reserved, and if not, for how many there is room */
export async function reserveQuota(store: Database, charge: Charge): Promise<{ readonly room: number } | 'reserved'> {
  const waiting: Waiting = { charge, answer: undefined }
  await groupOf(store).append(waiting)
  if (waiting.answer === undefined) throw new Error('bug: a reservation was not answered')
  return waiting.answer
}

/** Gives back what was reserved and could not be entered, so that nothing of it was disclosed. */
export async function giveQuotaBack(store: Database, charge: Charge): Promise<void> {
  await store.transact(tx => giveBack(tx, charge))
}

type Waiting = { readonly charge: Charge; answer: Awaited<ReturnType<typeof reserve>> | undefined }

const groups = new WeakMap<Database, GroupCommit<Waiting>>()

function groupOf(store: Database): GroupCommit<Waiting> {
  let group = groups.get(store)
  if (group === undefined) groups.set(store, (group = new GroupCommit(batch => reserveAll(store, batch))))
  return group
}

async function reserveAll(store: Database, batch: readonly Waiting[]): Promise<number> {
  const answers = await store.transact(async tx => {
    const given: NonNullable<Waiting['answer']>[] = []
    for (const { charge } of batch) given.push(await reserve(tx, charge))
    return given
  })
  batch.forEach((waiting, index) => (waiting.answer = answers[index]))
  return 0
}

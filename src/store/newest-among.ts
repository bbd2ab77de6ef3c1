/**
 * The newest rows of several branches of one question: each is read along an index of its own, and no further than the
 * page reaches. An OR over the same conditions would read the whole table.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Session, Value } from './session.ts'

/** Where a row stands in the order: by time, then by id. */
export type Mark = { readonly at: string; readonly id: string }

export type Branch = {
  /** `SELECT <time> AS at, <id> AS id FROM … WHERE …`, without an order. */
  readonly select: string
  readonly values: readonly Value[]
  /** The two columns, as an index of the branch ends with them. */
  readonly order: readonly [at: string, id: string]
}

/** Branches read before other calls have their turn. */
const readAtOnce = 100

/** Before and behind every instant. */
const [ever, never] = ['', '~']

/**
 * The ids of the newest rows, newest first; one that is in several branches once.
 *
 * Costs a search of an index for each branch, and `limit` rows of it at most.
 *
 * @param page.after the last row of the page before
 */
export async function newestAmong(
  session: Session,
  branches: readonly Branch[],
  { after, limit }: { readonly after?: Mark | undefined; readonly limit: number },
): Promise<string[]> {
  let page: Mark[] = []
  for (const [number, { select, values, order }] of branches.entries()) {
    if (number > 0 && number % readAtOnce === 0) await turn()
    const [at, id] = order
    // What is older than all of a full page is not on it.
    const oldest = page.length < limit ? undefined : page.at(-1)
    const rows = await session.all<Mark>(
      `${select} AND (${at}, ${id}) < (?, ?) AND (${at}, ${id}) > (?, ?) ORDER BY ${at} DESC, ${id} DESC LIMIT ?`,
      [...values, after?.at ?? never, after?.id ?? '', oldest?.at ?? ever, oldest?.id ?? '', limit],
    )
    if (rows.length > 0) page = newest([...page, ...rows], limit)
  }
  return page.map(({ id }) => id)
}

function newest(marks: readonly Mark[], limit: number): Mark[] {
  const once = [...new Map(marks.map(mark => [mark.id, mark])).values()]
  return once.toSorted((one, other) => compare(other.at, one.at) || compare(other.id, one.id)).slice(0, limit)
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

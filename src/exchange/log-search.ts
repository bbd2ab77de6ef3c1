/**
 * Searching the access log: entries by who, why, what and when, and all that name a record or a subject.
 *
 * That it was searched is an entry, durable before what was found leaves. It says by which filters; an identifier or a key
 * that was asked for stands in it, as everywhere in the log, as a pseudonym.
 */
import { HubError } from '../errors.ts'
import { identifiers } from '../identifiers/identifiers.ts'
import { beginningOf, endOf } from '../instants.ts'
import type { Actor, Entry, Pseudonym } from '../log/entry.ts'
import type { Selection } from '../log/selection.ts'
import type { JsonObject, RecordKey } from '../record.ts'
import { recordPseudonym, subjectPseudonym } from '../seal/pseudonym.ts'
import type { Found, FoundPage } from '../store/log-index.ts'
import type { Order } from '../store/log-index-search.ts'
import { enterAudit } from './audit.ts'
import type { By, Hub } from './hub.ts'
import { requireKeyOf, requireKnown } from './log-names.ts'
import { byPublic } from './open-agreement.ts'

/** Actors that have no names of their own. */
export const actorKinds = ['public'] as const

/** What entries are chosen by, as people write it. At most one of `client`, `user`, `operator` and `actor`. */
export type LogFilters = {
  /** A day, from its beginning, or an instant. */
  readonly from?: string
  /** A day, to its end, or an instant, which is not in any more. */
  readonly to?: string
  readonly client?: string
  readonly user?: string
  readonly operator?: string
  /** One that has no name of its own. */
  readonly actor?: string
  readonly department?: string
  readonly standard?: string
  readonly agreement?: string
  readonly operation?: string
  readonly matter?: string
  readonly case?: string
  readonly outcome?: string
  readonly problem?: string
  readonly request?: string
  readonly record?: Pseudonym
  readonly subject?: Pseudonym
}

/** @throws {HubError} `request-invalid` */
export function selectionOf({
  from,
  to,
  client,
  user,
  operator,
  actor: kindOf,
  operation,
  outcome,
  ...same
}: LogFilters): Selection {
  const anyone = kindOf === undefined ? undefined : byPublic('').actor.id
  const actors = Object.entries({ client, user, operator, public: anyone }).filter(([, id]) => id !== undefined)
  if (actors.length > 1)
    throw new HubError('request-invalid', 'An entry has one actor: give a client, a user, an operator or the public.')
  const [actor] = actors.map(([kind, id]) => ({ kind, id }) as Actor)
  return {
    ...same,
    ...(from === undefined ? {} : { from: instant(beginningOf(from)) }),
    ...(to === undefined ? {} : { to: instant(endOf(to)) }),
    ...(actor === undefined ? {} : { actor }),
    // One that there is not is in no entry.
    ...(operation === undefined ? {} : { operation: operation as Entry['operation'] }),
    ...(outcome === undefined ? {} : { outcome: outcome as Entry['outcome'] }),
  }
}

/**
 * A page of the log.
 *
 * @throws {HubError} `request-invalid`, `log-unavailable`, and what {@link requireKnown} throws
 */
export async function searchLog(
  hub: Hub,
  by: By,
  {
    filters,
    ...page
  }: { readonly filters: LogFilters; readonly order: Order; readonly limit: number; readonly after?: number },
): Promise<FoundPage> {
  const selection = selectionOf(filters)
  await requireKnown(hub, filters)
  const found = await hub.logIndex.page(selection, page)
  await enterAudit(hub, by, { act: 'search-log', count: found.entries.length, filters: filters as JsonObject })
  return found
}

/** Entries read at a time, where all of a selection are. */
const pageEntries = 500

/**
 * All of a selection, as the log is now, page by page as whoever reads takes them.
 *
 * Resolves when the entry that says so is durable.
 *
 * @throws {HubError} `request-invalid`, `log-unavailable`, and what {@link requireKnown} throws
 */
export async function streamLog(
  hub: Hub,
  by: By,
  { filters, order, after }: { readonly filters: LogFilters; readonly order: Order; readonly after?: number },
): Promise<{ readonly count: number; readonly entries: AsyncGenerator<Found> }> {
  const selection = selectionOf(filters)
  await requireKnown(hub, filters)
  const size = await hub.log.sizeNow()
  const count = await hub.logIndex.count(selection, size)
  await enterAudit(hub, by, { act: 'search-log', count, filters: filters as JsonObject })
  return { count, entries: pages() }

  async function* pages(): AsyncGenerator<Found> {
    for (let from = after; ;) {
      const page = { order, limit: pageEntries, size, ...(from === undefined ? {} : { after: from }) }
      const { entries, cursor } = await hub.logIndex.page(selection, page)
      yield* entries
      if (cursor === undefined) return
      from = cursor
    }
  }
}

/**
 * The record's pseudonym: of a standard that nobody publishes any more too, if the log names it.
 *
 * @throws {HubError} `standard-unknown`; `request-invalid` for a key that does not have the parts of the standard's
 */
export async function pseudonymOfRecord(hub: Hub, standard: string, key: RecordKey): Promise<Pseudonym> {
  await requireKnown(hub, { standard })
  await requireKeyOf(hub, standard, key)
  return recordPseudonym(hub.keys.pseudonym, standard, key)
}

/**
 * The subject's pseudonym, by an identifier as people write it: `11010519491231002x` is `11010519491231002X` in records.
 *
 * As it was given where the log names it so, and otherwise in the canonical writing of what it is an identifier of.
 */
export async function pseudonymOfSubject(hub: Hub, identifier: string): Promise<Pseudonym> {
  const given = subjectPseudonym(hub.keys.pseudonym, identifier)
  // A wrong check digit stands in records too, where a standard only warns of it.
  const canonical = identifiers
    .filter(({ normalise, check }) => ['check-digit', undefined].includes(check(normalise(identifier))))
    .map(({ normalise }) => normalise(identifier))[0]
  if (canonical === undefined || canonical === identifier) return given
  if ((await hub.logIndex.count({ subject: given })) > 0) return given
  return subjectPseudonym(hub.keys.pseudonym, canonical)
}

function instant(date: Date | undefined): number {
  if (date !== undefined) return date.getTime()
  throw new HubError(
    'request-invalid',
    '`from` and `to` are days (2026-12-31) or instants with their offset (2026-12-31T18:00:00+08:00).',
  )
}

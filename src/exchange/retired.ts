/** What a retired major refuses: calls under its agreements, deliveries to it, and further agreements on it. */
import type { Agreement } from '../agreement/agreement.ts'
import { HubError } from '../errors.ts'
import type { Entry } from '../log/entry.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import { refuse, type Call } from './access-entry.ts'
import { endingOf, type Ending } from './ending.ts'
import type { Hub } from './hub.ts'

type MajorNamed = { readonly id: string; readonly major: number }

/** @throws {HubError} with its entry durable, `major-retired` */
export async function requireServed(
  hub: Hub,
  call: Call,
  operation: Entry['operation'],
  agreement: Agreement,
): Promise<void> {
  const { index } = await hub.published.configuration()
  const ending = retiredIn(index, { id: agreement.standard, major: agreement.major })
  if (ending === undefined) return
  throw await refuse(hub, { call, operation, agreement }, 'major-retired', detailOf(ending, nextAgreement))
}

/** @throws {HubError} `major-retired` where nothing is delivered to the major any more that an adapter is for */
export function requireDelivered(index: CatalogueIndex, { standard }: { readonly standard: MajorNamed }): void {
  const ending = retiredIn(index, standard)
  if (ending === undefined) return
  const next = (major: number): string => `publish a version of the adapter that delivers to major ${major}`
  throw new HubError('major-retired', detailOf(ending, next))
}

/** @throws {HubError} `major-retired` where there can be no further agreement on a major */
export function requireAgreed(index: CatalogueIndex, standard: MajorNamed): void {
  const ending = retiredIn(index, standard)
  if (ending !== undefined) throw new HubError('major-retired', detailOf(ending, nextAgreement))
}

/** What a caller under an agreement on a major that is retired by an instant does next; undefined where it is served then. */
export function retiredThen(
  index: CatalogueIndex,
  { standard, major }: Agreement,
  instant: string,
): string | undefined {
  const ending = retiredIn(index, { id: standard, major })
  if (ending === undefined || ending.retiredAt === null || instant < ending.retiredAt) return undefined
  return detailOf(ending, nextAgreement)
}

function retiredIn(index: CatalogueIndex, { id, major }: MajorNamed): Ending | undefined {
  const ending = endingOf(index, id, major)
  return ending?.status === 'retired' ? ending : undefined
}

function nextAgreement(major: number): string {
  return `ask for an agreement on major ${major}`
}

/** @param next what is to be done about the next major, by its number */
function detailOf({ standard, major, retiredAt, successor }: Ending, next: (major: number) => string): string {
  const since = `Major ${major} of ${standard} was retired at ${retiredAt}`
  return `${since}: ${successor === undefined ? 'no other goes on; ask the owner of the standard' : next(successor.major)}.`
}

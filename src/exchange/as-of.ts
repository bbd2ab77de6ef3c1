/** The instant as of which a record is asked for. */
import { HubError } from '../errors.ts'
import { lastInstant, lastOf } from '../instants.ts'

/**
 * Reads an instant (RFC 3339), or a day, which stands for its end, UTC.
 *
 * A blank before the offset is the `+` that an address has lost: nothing else can stand there. There are no leap seconds.
 *
 * @returns RFC 3339 in UTC, with milliseconds
 * @throws {HubError} `request-invalid`
 */
export function readAsOf(text: string): string {
  const instant = lastOf(text.replace(/ (?=\d{2}:\d{2}$)/, '+'))
  if (instant === undefined) {
    const detail =
      '`asOf` is a day (2026-12-31), which stands for its end in UTC, or an instant with its offset (2026-12-31T18:00:00+08:00, the + written %2B in an address).'
    throw new HubError('request-invalid', detail)
  }
  return (instant < lastInstant ? instant : lastInstant).toISOString()
}

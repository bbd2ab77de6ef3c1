/** The instant as of which a record is asked for. */
import { HubError } from '../errors.ts'

const form =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?)([Zz]|[+\- ](?:[01]\d|2[0-3]):[0-5]\d))?$/

/**
 * Reads an instant (RFC 3339), or a day, which stands for its end, UTC.
 *
 * A blank before the offset is the `+` that an address has lost: nothing else can stand there. There are no leap seconds.
 *
 * @returns RFC 3339 in UTC, with milliseconds
 * @throws {HubError} `request-invalid`
 */
export function readAsOf(text: string): string {
  const [, day = '', time = '23:59:59.999', offset = 'Z'] = form.exec(text) ?? []
  const instant = new Date(`${day}T${time}${offset.replace(' ', '+').toUpperCase()}`)
  if (!exists(day) || Number.isNaN(instant.getTime())) {
    const detail =
      '`asOf` is a day (2026-12-31), which stands for its end in UTC, or an instant with its offset (2026-12-31T18:00:00+08:00, the + written %2B in an address).'
    throw new HubError('request-invalid', detail)
  }
  return instant.toISOString()
}

/** Some engines take 30 February for the 2nd of March. */
function exists(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}

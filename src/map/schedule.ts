/** When a schedule comes next. */
import { Cron } from 'croner'

/**
 * The first time after an instant that a cron of five fields names, in a time zone (`+08:00` or IANA; UTC where there
 * is none); undefined where there is none, or the text is no cron.
 *
 * A time that the clocks skip is taken when they have; one that they pass twice is taken once.
 */
export function nextRun(schedule: string, timezone: string | undefined, after: Date): Date | undefined {
  try {
    return new Cron(schedule, { mode: '5-part', paused: true, ...zoneOf(timezone) }).nextRun(after) ?? undefined
  } catch {
    return undefined
  }
}

function zoneOf(timezone = 'Z'): { utcOffset: number } | { timezone: string } {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(timezone) ?? []
  if (sign !== undefined) return { utcOffset: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) }
  return timezone === 'Z' ? { utcOffset: 0 } : { timezone }
}

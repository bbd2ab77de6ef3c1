/** Offsets from UTC of wall-clock times in a time zone. */
import type { Moment } from './date-format.ts'
import { clockOfUtc, millisecondsOf } from './date-format.ts'

/** The offset of a wall-clock time, `+08:00` or `Z`; undefined for a time that the clocks skipped. */
export type OffsetOf = (moment: Moment) => string | undefined

/** True of an offset such as +08:00 and of a name of the IANA time zone database. */
export function isTimezone(timezone: string): boolean {
  if (fixed.test(timezone)) return true
  try {
    formatter(timezone)
    return /^[A-Z]/.test(timezone)
  } catch {
    return false
  }
}

/** Of a time that the clocks passed twice, the first. */
export function offsetsOf(timezone: string): OffsetOf {
  if (fixed.test(timezone)) return () => timezone
  const offsetAt = offsetsAt(timezone)
  return ({ year, month, day, hour, minute, second }) => {
    const wall = new Date(0)
    wall.setUTCFullYear(year, month - 1, day)
    wall.setUTCHours(hour, minute, second)
    // No zone is further than 16 hours from UTC, and none changes its offset twice in two days.
    for (const offset of [offsetAt(wall.getTime() - dayMilliseconds), offsetAt(wall.getTime() + dayMilliseconds)]) {
      if (offsetAt(wall.getTime() - millisecondsOf(offset)) === offset) return offset
    }
    return undefined
  }
}

/** What the clocks of the time zone show at an instant. */
export function clockIn(timezone: string): (instant: Date) => Moment {
  let offsetAt: ((instant: number) => string) | undefined
  return instant => {
    // Only when it is asked: few formats have instants, and opening a time zone is slow.
    offsetAt ??= fixed.test(timezone) ? () => timezone : offsetsAt(timezone)
    const offset = offsetAt(instant.getTime())
    return { ...clockOfUtc(new Date(instant.getTime() + millisecondsOf(offset))), offset }
  }
}

function offsetsAt(timezone: string): (instant: number) => string {
  const names = formatter(timezone)
  return instant => {
    const name = names.formatToParts(instant).find(part => part.type === 'timeZoneName')?.value
    return name === undefined || name === 'GMT' ? '+00:00' : name.slice(3)
  }
}

const fixed = /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

const dayMilliseconds = 86_400_000

function formatter(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
}

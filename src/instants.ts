/** Days and instants as people and systems write them: `2026-12-31`, or RFC 3339 with its offset. */

/** Instants are compared as texts, in years of four digits; who means for good writes 9999-12-31, which ends beyond it. */
export const lastInstant = new Date('9999-12-31T23:59:59.999Z')

/** The instant, or the beginning of the day, UTC; undefined where the text is neither. */
export function beginningOf(text: string): Date | undefined {
  return dayOf(text) ?? instantOf(text)
}

/** The instant, or the end of the day, UTC; undefined where the text is neither. */
export function endOf(text: string): Date | undefined {
  const day = dayOf(text)
  return day === undefined ? instantOf(text) : new Date(day.getTime() + 86_400_000)
}

/** The instant, or the last millisecond of the day, UTC; undefined where the text is neither. */
export function lastOf(text: string): Date | undefined {
  const day = dayOf(text)
  return day === undefined ? instantOf(text) : new Date(day.getTime() + 86_400_000 - 1)
}

function dayOf(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const day = new Date(`${text}T00:00:00Z`)
  // Some engines take 30 February for the 2nd of March.
  return Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text) ? undefined : day
}

function instantOf(text: string): Date | undefined {
  const isRfc3339 =
    /^\d{4}-\d{2}-\d{2}[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):\d{2})$/.test(text)
  if (!isRfc3339 || dayOf(text.slice(0, 'YYYY-MM-DD'.length)) === undefined) return undefined
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

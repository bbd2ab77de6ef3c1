/** The daily quota of an agreement: how many records may be disclosed under it on one day, UTC. */

/** Whether a quota that is used so far takes so many records more. */
export function hasRoom(dailyQuota: number, used: number, records: number): boolean {
  return used + records <= dailyQuota
}

/** The day (`2026-03-01`) of an instant, RFC 3339 in UTC. */
export function dayOf(instant: string): string {
  return instant.slice(0, 'YYYY-MM-DD'.length)
}

/** The instant at which the day after an instant's begins. */
export function nextDay(instant: string): Date {
  const next = new Date(`${dayOf(instant)}T00:00:00.000Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return next
}

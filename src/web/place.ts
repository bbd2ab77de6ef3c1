/** Cursors of lists that go by time: where a page ended. */
import { HubError } from '../errors.ts'

export type Place = { readonly at: string; readonly id: string }

function writePlace({ at, id }: Place): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

/** The cursor to what comes after a list; null where that was not as long as it might be. */
export function cursorAfter<Item extends { readonly id: string }>(
  found: readonly Item[],
  limit: number,
  timeOf: (item: Item) => string,
): string | null {
  const last = found.length === limit ? found.at(-1) : undefined
  return last === undefined ? null : writePlace({ at: timeOf(last), id: last.id })
}

/** The inverse of {@link writePlace}. @throws {HubError} `request-invalid` */
export function readPlace(cursor: string): Place {
  const [at = '', id = '', ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (id !== '' && more.length === 0) return { at, id }
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw new HubError('request-invalid', detail)
}

/** Cursors of lists that go by time: where a page ended. */
import { HubError } from '../errors.ts'

export type Place = { readonly at: string; readonly id: string }

export function writePlace({ at, id }: Place): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

/** The inverse of {@link writePlace}. @throws {HubError} `request-invalid` */
export function readPlace(cursor: string): Place {
  const [at = '', id = '', ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (id !== '' && more.length === 0) return { at, id }
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw new HubError('request-invalid', detail)
}

/** The paths by which a source says where its records are. */

/** In the path of the records: any element, any member. */
export const ANY = '*'

/** The names of a path: joined by `/`, in a name `~1` a slash and `~0` a tilde (RFC 6901 §3). '' has none. */
export function namesOf(path: string): string[] {
  if (path === '') return []
  return path.split('/').map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** One name as it stands in a path. The inverse of what {@link namesOf} does to each name. */
export function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

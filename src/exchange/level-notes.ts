/**
 * What a conversion holds back: a field of the older major that is made of one which the newer major holds at a higher level,
 * or does not share, is withheld of the newer one's records. That is how a level is raised, and no fault; it is said.
 */
import type { BetweenMajors } from '../map/between-majors.ts'
import type { Field } from '../standard.ts'

/** A sentence for each field of the older major that is held back. */
export function levelNotes({ from, to, feeds }: Pick<BetweenMajors, 'from' | 'to' | 'feeds'>): string[] {
  const newer = new Map(from.fields.map(field => [field.path, field]))
  return to.fields
    .filter(({ sharing }) => sharing !== 'not-shared')
    .flatMap(({ path, level }) => {
      const closing = (feeds.get(path) ?? [])
        .map(feeding => newer.get(feeding))
        .filter(field => field !== undefined)
        .filter(field => field.sharing === 'not-shared' || field.level > level)
      if (closing.length === 0) return []
      const what = `consumers of ${to.version} get no ${path} (${level}) of records of ${from.version}`
      return [`${what}: it is made of ${closing.map(describe).join(', ')}.`]
    })
}

function describe({ path, level, sharing }: Field): string {
  return `${path}, which is ${sharing === 'not-shared' ? 'not shared' : level} there`
}

/** Puts together what files hold of each edition: several files may be the parts of one, one file may hold several. */
import { HubError } from '../errors.ts'
import type { OfficialEdition } from './code-list-editions.ts'
import type { CodeFile, OfficialCode } from './code-list-file.ts'

/** What is said of files that do not say it themselves. */
export type Said = {
  readonly edition?: string
  readonly from?: string
  readonly source?: string
  /** The length of the list's codes; of 6, they are divisions. */
  readonly width: number | undefined
}

/** @throws {HubError} `codes-refused` */
export function gatherEditions(
  files: readonly (Pick<CodeFile, 'parts'> & { readonly name: string })[],
  { edition: saidEdition, from, source: saidSource, width }: Said,
): OfficialEdition[] {
  const editions = new Map<string, { source?: string; codes: Map<string, OfficialCode> }>()
  for (const file of files) {
    for (const part of file.parts) {
      const name = part.edition ?? saidEdition
      if (name === undefined) throw refused(`${file.name} does not say which edition it is: say it by --edition.`)
      const source = part.source ?? saidSource
      const edition = editions.get(name) ?? { ...(source !== undefined && { source }), codes: new Map() }
      editions.set(name, edition)
      for (const [code, entry] of part.codes) {
        if (entry.title !== (edition.codes.get(code) ?? entry).title) {
          throw refused(`${file.name}: a code of it has another title in another file of the edition ${name}.`)
        }
        edition.codes.set(code, entry)
      }
    }
  }
  if (from !== undefined && editions.size > 1) {
    throw refused(`The files hold ${editions.size} editions; --from is the day of one.`)
  }
  return [...editions].map(([name, { codes, ...edition }]) => ({
    name,
    from: from ?? dayOf(name),
    ...edition,
    codes: withParents(codes, width === 6),
  }))
}

/** The first day of an edition that is called after a year, a month or a day. */
function dayOf(name: string): string {
  const [, year, month = '01', day = '01'] = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?$/.exec(name) ?? []
  const text = `${year}-${month}-${day}`
  const isDay = !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  if (year !== undefined && isDay) return text
  throw refused(`On which day the edition ${name} came into force is not clear: say it by --from.`)
}

/** The parents that the files name, as far as they are codes of the edition; of divisions, else the nearest one above. */
function withParents(codes: ReadonlyMap<string, OfficialCode>, areDivisions: boolean): Map<string, OfficialCode> {
  return new Map(
    [...codes].map(([code, { title, parent: named = '' }]) => {
      const above = [named, ...(areDivisions ? divisionsAbove(code) : [])]
      const parent = above.find(candidate => candidate !== code && codes.has(candidate))
      return [code, { title, ...(parent !== undefined && { parent }) }]
    }),
  )
}

/** The divisions that a division is part of, the nearest first: by GB/T 2260 and GB/T 10114 its code begins with theirs. */
function divisionsAbove(code: string): string[] {
  if (!/^\d{6}(\d{3}){0,2}$/.test(code)) return []
  return [code.slice(0, 9), code.slice(0, 6), `${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`]
}

function refused(detail: string): HubError {
  return new HubError('codes-refused', detail)
}

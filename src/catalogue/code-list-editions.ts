/**
 * Makes a code list out of the editions that its source has published, and the editions out of the list again.
 *
 * A code is in force from the first day of the edition that brings it to the eve of the one that lacks it; a code of the
 * oldest edition, since ever. Codes written by hand stand beside, marked `local`. Laws: the order in which editions
 * are merged makes no difference, and merging one twice is merging it once.
 */
import { codesOn, periodsOf } from '../code-periods.ts'
import { HubError } from '../errors.ts'
import type { Code, CodeList, CodeTitles, Edition } from '../code-list.ts'
import type { OfficialCode } from './code-list-file.ts'

export type OfficialEdition = Edition & { readonly codes: ReadonlyMap<string, OfficialCode> }

/**
 * The list with the editions merged, in the order of codes. An edition that the list holds already is replaced.
 *
 * @throws {HubError} `codes-refused` where that would take a code out of the list, or where two editions begin on one day
 */
export function mergeEditions(list: CodeList, added: readonly OfficialEdition[]): CodeList {
  const known = editionsIn(list)
  const others = known.filter(({ name }) => added.every(edition => edition.name !== name))
  const editions = [...others, ...added].toSorted((a, b) => (a.from < b.from ? -1 : 1))
  requireDifferentDays(editions)
  const official = new Set(editions.flatMap(({ codes }) => [...codes.keys()]))
  for (const { name, codes } of known) {
    const lost = [...codes.keys()].filter(code => !official.has(code)).length
    if (lost === 0) continue
    const detail = `${lost} codes of the edition ${name} would be taken out of the list. Name all files of an edition in one import, or another edition by --edition.`
    throw new HubError('codes-refused', detail)
  }
  const english = englishIn(list)
  const codes = [...official].map(code => codeThrough(editions, code, english))
  const { edition: _, editions: __, ...rest } = list
  return {
    ...rest,
    edition: editions.at(-1)?.name ?? '',
    editions: editions.map(({ codes: _, ...edition }) => edition),
    codes: [...codes, ...localCodes(list, official)].toSorted((a, b) => (a.code < b.code ? -1 : 1)),
  }
}

/** The editions that a list holds. The inverse of {@link mergeEditions}, save that a parent is that of the code's last edition. */
export function editionsIn({ editions = [], codes }: CodeList): OfficialEdition[] {
  const official = codes.filter(({ local }) => !local)
  return editions.map(edition => ({
    ...edition,
    codes: new Map(
      codesOn(official, edition.from).map(({ code, titles, parent }) => [
        code,
        { title: titles['zh-CN'], ...(parent !== undefined && { parent }) },
      ]),
    ),
  }))
}

/** Of a list that holds no edition yet, every code that the editions lack was written by hand. */
function localCodes({ editions, codes }: CodeList, official: ReadonlySet<string>): Code[] {
  return codes
    .filter(({ code, local }) => !official.has(code) && (local || editions === undefined))
    .map(code => ({ ...code, local: true }))
}

function codeThrough(editions: readonly OfficialEdition[], code: string, english: English): Code {
  const periods: { title: string; from?: string; to?: string }[] = []
  let parent: string | undefined
  let before: string | undefined
  for (const [i, { from, codes }] of editions.entries()) {
    const entry = codes.get(code)
    const current = periods.at(-1)
    if (before !== undefined && before !== entry?.title && current !== undefined) current.to = eveOf(from)
    if (entry !== undefined && before !== entry.title) periods.push({ title: entry.title, ...(i > 0 && { from }) })
    if (entry !== undefined) parent = entry.parent
    before = entry?.title
  }
  const [current, ...former] = periods
    .map(({ title, ...days }) => ({ titles: titlesOf(code, title, english), ...days }))
    .toReversed()
  if (current === undefined) throw new Error('bug: a code stands in no edition')
  return {
    code,
    ...current,
    ...(parent !== undefined && { parent }),
    ...(former.length > 0 && { former: former.toReversed().map(({ to = '', ...period }) => ({ ...period, to })) }),
  }
}

/** English titles that somebody has written, by code and Chinese title: a title that changes loses its translation. */
type English = ReadonlyMap<string, string>

function englishIn({ codes }: CodeList): English {
  return new Map(
    codes.flatMap(code =>
      periodsOf(code).flatMap(({ titles }): [string, string][] =>
        titles.en === undefined ? [] : [[`${code.code} ${titles['zh-CN']}`, titles.en]],
      ),
    ),
  )
}

function titlesOf(code: string, title: string, english: English): CodeTitles {
  const en = english.get(`${code} ${title}`)
  return { 'zh-CN': title, ...(en !== undefined && { en }) }
}

function requireDifferentDays(editions: readonly OfficialEdition[]): void {
  const twin = editions.find(({ from }, i) => from === editions[i - 1]?.from)
  if (twin === undefined) return
  const detail = `Two editions begin on ${twin.from}, one of them ${twin.name}. Say by --from on which day an edition came into force.`
  throw new HubError('codes-refused', detail)
}

function eveOf(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
}

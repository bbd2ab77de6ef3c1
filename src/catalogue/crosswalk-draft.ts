/** Proposes a crosswalk between two editions of a code list, from what can be seen in the list alone. */
import { codesOn } from '../code-periods.ts'
import type { CodeList, Crosswalk, CrosswalkRow, Edition } from '../code-list.ts'

export type CrosswalkDraft = {
  readonly crosswalk: Crosswalk & { readonly $schema: string }
  /** Rows whose code and title are the same in both editions. */
  readonly same: number
  /** Rows whose title only is the same, and stands once in either edition at that level: to be confirmed. */
  readonly moved: number
  /** Codes of the older edition that a person has to place. */
  readonly open: readonly string[]
}

/** A code that means something else in the other edition gets no row: D4415 was solar power in 2011 and is wind in 2017. */
export function draftCrosswalk(list: CodeList, from: Edition, to: Edition): CrosswalkDraft {
  const official = list.codes.filter(({ local }) => !local)
  const [sources, targets] = [codesOn(official, from.from), codesOn(official, to.from)]
  const titleOf = new Map(targets.map(({ code, titles }) => [code, titles['zh-CN']]))
  const [sourceByTitle, targetByTitle] = [uniqueTitles(sources), uniqueTitles(targets)]
  const same: CrosswalkRow[] = []
  const open: string[] = []
  const moved: CrosswalkRow[] = []
  for (const { code, titles } of sources) {
    const title = titleAtLevel(code, titles['zh-CN'])
    const target = targetByTitle.get(title)
    if (titleOf.get(code) === titles['zh-CN']) same.push({ from: code, to: code })
    else if (target !== undefined && sourceByTitle.get(title) === code) moved.push({ from: code, to: target })
    else open.push(code)
  }
  const id = `${list.id}-${from.name}-${to.name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return {
    crosswalk: {
      $schema: '../meta/crosswalk.json',
      id,
      version: '1.0.0',
      titles: {
        'zh-CN': `${list.titles['zh-CN']}：${from.name} → ${to.name}`,
        en: `${list.titles.en}: ${from.name} → ${to.name}`,
      },
      source: 'Draft: same code and title, or same title. To be confirmed.',
      from: { list: list.id, edition: from.name },
      to: { list: list.id, edition: to.name },
      rows: [...same, ...moved].toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    },
    same: same.length,
    moved: moved.length,
    open,
  }
}

/** Codes by title, where a title stands once among the codes of one length: levels repeat each other's titles. */
function uniqueTitles(codes: CodeList['codes']): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>()
  for (const { code, titles } of codes) {
    const title = titleAtLevel(code, titles['zh-CN'])
    found.set(title, found.has(title) ? undefined : code)
  }
  return new Map([...found].filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function titleAtLevel(code: string, title: string): string {
  return `${code.length} ${title}`
}

/**
 * Codes found in the catalogue: by the titles of a code list, or by a crosswalk from one list to another.
 *
 * A code that was given up, or used again for something else, has its days: `on` gives the day that decides. Without
 * it, a title counts where it is the one that its code has now, and every row of a crosswalk does. A text that several
 * codes then stand for is refused, never guessed; where the day that `on` asks for is missing, so is one that several
 * codes ever stood for.
 */
import { isWithin, periodsOf } from '../code-periods.ts'
import type { CodeList } from '../code-list.ts'
import { codeTarget } from './constant.ts'
import type { Rule, Translation } from './document.ts'
import type { Loading, Site, Trace } from './loading.ts'
import { find, inside, pathsRead, refused } from './loading.ts'
import { compileRule } from './rule.ts'
import type { Run } from './run.ts'
import { targetOf } from './target.ts'
import { Refusal } from './transforms/transform.ts'
import type { Place } from './walk.ts'

export type CompiledTranslation = {
  /** Finds codes for the day that the record says. */
  readonly findAt: (place: Place, run: Run) => FindCode | Refusal | typeof refused
  readonly decidedBy: readonly string[]
}

export function compileTranslation(rule: Translation, site: Site, loading: Loading): CompiledTranslation {
  const table = tableOf(
    'list' in rule ? titleRows(rule.list, site, loading) : crosswalkRows(rule.crosswalk, site, loading),
  )
  const rowsOfText = (text: string): readonly Row[] => table.get(text) ?? []
  const now: FindCode = text => only(rowsOfText(text).filter(row => !row.isFormer))
  const ever: FindCode = text => (only(rowsOfText(text)) === ambiguous ? ambiguous : now(text))
  if (rule.on === undefined) return { findAt: () => now, decidedBy: [] }

  const { dayAt, sources } = compileDay(rule.on, inside(site, 'on'), loading)
  return {
    findAt(place, run) {
      const day = dayAt(place, run)
      if (typeof day !== 'string') return day ?? ever
      return text => only(rowsOfText(text).filter(({ since, until }) => isWithin(day, since, until)))
    },
    decidedBy: sources,
  }
}

/** The code of a text; undefined where there is none. */
export type FindCode = (text: string) => string | undefined | Refusal

/** A text and its code, from the first to the last day that it stands for it. */
type Row = {
  readonly from: string
  readonly to: string
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** True of a title that its code no longer has. */
  readonly isFormer?: boolean
}

function titleRows(id: string, site: Site, loading: Loading): readonly Row[] {
  const { pointer } = inside(site, 'list')
  const list = loading.catalogue.codeList(id)
  if (list === undefined) {
    find(loading, pointer, 'code-list-unknown', `the code list ${id} is not published`)
    return []
  }
  checkList(id, pointer, site, loading)
  return list.codes.flatMap(rowsOf)
}

function rowsOf(code: CodeList['codes'][number]): Row[] {
  return periodsOf(code).flatMap(({ titles, from, to }) =>
    [titles['zh-CN'], titles.en]
      .filter(title => title !== undefined)
      .map(title => ({ from: title, to: code.code, since: from, until: to, isFormer: titles !== code.titles })),
  )
}

function crosswalkRows(id: string, site: Site, loading: Loading): readonly Row[] {
  const { pointer } = inside(site, 'crosswalk')
  const crosswalk = loading.catalogue.crosswalk?.(id)
  if (crosswalk === undefined) {
    find(loading, pointer, 'crosswalk-unknown', `the crosswalk ${id} is not published`)
    return []
  }
  checkList(crosswalk.to.list, pointer, site, loading)
  return crosswalk.rows
}

/** That the codes are of the list that the standard takes them from, where it names one. */
function checkList(id: string, pointer: string, site: Site, loading: Loading): void {
  const { codes } = codeTarget(site)
  if (codes === undefined || codes === id) return
  find(
    loading,
    pointer,
    'code-list-mismatch',
    `gives codes of the list ${id}, but the standard takes those of ${codes}`,
  )
}

/** The day that a rule gives; undefined where it is unknown. */
function compileDay(on: Rule, site: Site, loading: Loading): { dayAt: DayAt; sources: string[] } {
  const traces: Trace[] = []
  const { read, otherwise } = compileRule(on, { ...site, target: dayTarget }, { ...loading, traces })
  return {
    dayAt(place, run) {
      const given = read(place, run)
      const day = given === undefined ? otherwise : given
      if (day === undefined || day === refused) return day
      return typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) ? day : noDay
    },
    sources: [...pathsRead(traces), ...traces.flatMap(trace => trace.nodes.slice(site.nodes.length))],
  }
}

type DayAt = (place: Place, run: Run) => string | undefined | Refusal | typeof refused

const dayTarget = targetOf({}, { type: 'string', format: 'date' })

function tableOf(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const table = new Map<string, Row[]>()
  for (const row of rows) {
    const known = table.get(row.from)
    if (known === undefined) table.set(row.from, [row])
    else known.push(row)
  }
  return table
}

function only(rows: readonly Row[]): string | undefined | Refusal {
  const code = rows[0]?.to
  return rows.some(({ to }) => to !== code) ? ambiguous : code
}

const ambiguous = new Refusal('code-ambiguous', {
  'zh-CN': '源数据的此代码或文字对应多个代码，无法确定是哪一个',
  en: 'is a code or text of the source that several codes stand for, and nothing says which',
})
const noDay = new Refusal('not-a-date', {
  'zh-CN': '决定代码的日期不是 YYYY-MM-DD',
  en: 'does not give the day that decides on the code as YYYY-MM-DD',
})

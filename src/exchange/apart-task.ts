/** What is done apart from requests, for strangers' standards may make it long: pure work on what can be sent to a thread. */
import { compareStandards, type Comparison } from '../catalogue/compare/compare.ts'
import { compileBetween } from '../map/between-majors.ts'
import type { JsonObject } from '../record.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import { readStandard, type StandardDocument } from '../standard.ts'
import { compileValidator } from '../validate/validator.ts'
import { proveOnGenerated, type Witness } from './conversion-proof.ts'

export type CompareTask = {
  readonly kind: 'compare'
  readonly before: StandardDocument
  readonly after: StandardDocument
  readonly lists: readonly CodeList[]
}

/** Rules that have been compiled without issues, to be proved. */
export type ProveTask = {
  readonly kind: 'prove'
  readonly fields: JsonObject
  readonly from: StandardDocument
  readonly to: StandardDocument
  readonly lists: readonly CodeList[]
  readonly crosswalks: readonly Crosswalk[]
}

export type Task = CompareTask | ProveTask

/** A record against which the conversion fails; `null` where none was found. */
export type Proof = Witness | null

export function compareApart({ before, after, lists }: CompareTask): Comparison {
  const codeList = byId(lists)
  return compareStandards({ document: before, codeList }, { document: after, codeList })
}

export function proveApart({ fields, from, to, lists, crosswalks }: ProveTask): Proof {
  const codeList = byId(lists)
  const ends = { from: readStandard(from), to: readStandard(to) }
  const between = compileBetween(fields, ends, codeList, byId(crosswalks))
  if (!('convert' in between)) throw new Error('bug: a conversion with issues was to be proved')
  return proveOnGenerated(between, compileValidator(ends.to, codeList), codeList) ?? null
}

/** The lists of these names, as they can be sent. */
export function listsFor(codeList: (id: string) => CodeList | undefined, named: Iterable<string>): CodeList[] {
  return [...new Set(named)].map(codeList).filter(list => list !== undefined)
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): (id: string) => Item | undefined {
  const known = new Map(items.map(item => [item.id, item]))
  return id => known.get(id)
}

/**
 * The matrix of coverage: which department's adapter fills which field of a standard, and what nobody fills. Read off the
 * adapters' rules, without a record.
 */
import type { Adapter } from '../map/adapter.ts'
import type { FieldPath, Level, Titles } from '../record.ts'
import type { Standard } from '../standard.ts'
import { lineage, type LeafLineage } from './lineage.ts'

/**
 * `always`: in every record that the adapter gives (in every element, below an array). `sometimes`: where the source says
 * something there. `constant`: always or sometimes, but never read from the source.
 */
export type Filling = 'always' | 'sometimes' | 'constant'

export type CoveredField = {
  readonly field: FieldPath
  readonly titles: Titles
  readonly level: Level
  readonly required: boolean
  /** By adapter, `department/name`; an adapter that does not fill the field is left out. */
  readonly filledBy: { readonly [adapter: string]: Filling }
}

/** One major of a standard, by its newest version. */
export type StandardCoverage = {
  readonly standard: string
  readonly major: number
  readonly version: string
  readonly adapters: readonly { readonly adapter: string; readonly department: string; readonly version: string }[]
  /** In the order of the standard. */
  readonly fields: readonly CoveredField[]
  /** The fields that no adapter fills. */
  readonly unfilled: readonly FieldPath[]
}

/** @param adapters those in use on the standard's major, compiled against it */
export function coverageOf(standard: Standard, adapters: readonly Adapter[]): StandardCoverage {
  const sorted = adapters.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const leaves = sorted.map(adapter => ({
    id: adapter.id,
    by: new Map(lineage(adapter).map(leaf => [leaf.field, leaf])),
  }))
  const fields = standard.fields.map(({ path, titles, level, required }): CoveredField => {
    const filled = leaves.flatMap(({ id, by }): [string, Filling][] => {
      const filling = fillingOf(by.get(path))
      return filling === undefined ? [] : [[id, filling]]
    })
    return { field: path, titles, level, required, filledBy: Object.fromEntries(filled) }
  })
  return {
    standard: standard.id,
    major: standard.major,
    version: standard.version,
    adapters: sorted.map(({ id, department, version }) => ({ adapter: id, department, version })),
    fields,
    unfilled: fields.filter(({ filledBy }) => Object.keys(filledBy).length === 0).map(({ field }) => field),
  }
}

function fillingOf(leaf: LeafLineage | undefined): Filling | undefined {
  if (leaf === undefined || leaf.rules.length === 0) return undefined
  if (leaf.rules.every(({ isConstant }) => isConstant)) return 'constant'
  // What the standard requires is in every record that was not rejected; a rule's last resort may be a constant.
  const isCertain = leaf.rules.some(({ isConstant, decidedBy }) => isConstant && decidedBy.length === 0)
  return leaf.required || isCertain ? 'always' : 'sometimes'
}

/**
 * What an adapter fills of its standard, and from where: read off its rules, without a record.
 */
import type { Adapter } from '../map/adapter.ts'
import type { FieldPath, Level, Titles } from '../record.ts'

/** A leaf of the standard and the rules that fill it: none, one, or several of which the first that gives a value does. */
export type LeafLineage = {
  readonly field: FieldPath
  readonly titles: Titles
  readonly level: Level
  /** Present in every valid record (in every element, below an array). */
  readonly required: boolean
  readonly rules: readonly Feed[]
}

/** What one rule feeds into a leaf. Paths begin at the source record, or with a slash at the root of its document. */
export type Feed = {
  /** The leaf, or a place inside it where its names are open (`legalName.zh-Hant`), or the object that a constant gives. */
  readonly field: FieldPath
  /** The paths whose texts become the value; none for a constant. */
  readonly sources: readonly string[]
  readonly isConstant: boolean
  /** The paths that decide whether the value is taken. */
  readonly decidedBy: readonly string[]
  /** The names of the transforms and of what else is done to the texts, in that order: `trim`, `sum`, `digest`, `codes`. */
  readonly via: readonly string[]
}

/** The leaves of a standard by whether any rule fills them. */
export type Coverage = {
  readonly mapped: readonly LeafLineage[]
  /** None of them is required: an adapter that leaves a required field unmapped is refused when it is loaded. */
  readonly unmapped: readonly LeafLineage[]
}

/** The lineage of every leaf of the adapter's standard, in the standard's order. */
export function lineage({ standard, traces }: Adapter): LeafLineage[] {
  return standard.fields.map(({ path, titles, level, required }) => ({
    field: path,
    titles,
    level,
    required,
    rules: traces
      // A constant may stand for a whole object of leaves.
      .filter(({ field }) => contains(path, field) || contains(field, path))
      .map(trace => ({ ...trace, isConstant: trace.sources.length === 0 })),
  }))
}

/** Which leaves of the adapter's standard it fills and which it does not. */
export function coverage(adapter: Adapter): Coverage {
  const leaves = lineage(adapter)
  return {
    mapped: leaves.filter(({ rules }) => rules.length > 0),
    unmapped: leaves.filter(({ rules }) => rules.length === 0),
  }
}

/** True of the place itself and of places inside it. */
function contains(outer: FieldPath, inner: FieldPath): boolean {
  return outer === inner || inner.startsWith(`${outer}.`)
}

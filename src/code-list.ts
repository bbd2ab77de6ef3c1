/** Code lists, and crosswalks between them, as the catalogue holds them. */
import type { Titles } from './record.ts'
import type { Version } from './standard.ts'

/**
 * One code of a list, with the days it is in force from and to (YYYY-MM-DD) where it is not in force for good.
 *
 * `src/code-periods.ts` says what a code was on a day.
 */
export type Code = {
  readonly code: string
  readonly titles: CodeTitles
  readonly from?: string
  readonly to?: string
  /** The code above it, where the list has levels. */
  readonly parent?: string
  /** Earlier periods, oldest first: what the code meant then, where it was renamed, given up or used again. */
  readonly former?: readonly { readonly titles: CodeTitles; readonly from?: string; readonly to: string }[]
  /** Written here by hand and in no edition of the source: an import leaves it as it is. */
  readonly local?: true
}

/** Official lists have no English; where nobody has translated a code, it has none here. */
export type CodeTitles = { readonly 'zh-CN': string; readonly en?: string }

/** A state of a code list as its source published it, by the name that the source gives it. */
export type Edition = {
  readonly name: string
  /** The first day on which it was in force. */
  readonly from: string
  readonly source?: string
}

/** A versioned set of codes that a standard's field draws from: the shape of `schemas/code-lists/<id>.json`. */
export type CodeList = {
  readonly id: string
  readonly version: Version
  readonly titles: Titles
  /** Adding a code to a closed list is a major change: its readers rely on knowing them all. */
  readonly closed: boolean
  /** Where the codes come from: a standard, an office. */
  readonly source?: string
  /** The first day (YYYY-MM-DD, UTC) on which this version is in use; at once where there is none. */
  readonly effectiveFrom?: string
  /** The newest edition that the list holds. */
  readonly edition?: string
  /** What was imported, oldest first. */
  readonly editions?: readonly Edition[]
  /** Digits of these lengths whose first `prefix` are a code of the list are valid too: towns and villages of a division. */
  readonly refined?: { readonly prefix: number; readonly lengths: readonly number[] }
  readonly codes: readonly Code[]
}

/** Which codes of one list stand for which of another: the shape of `schemas/crosswalks/<id>.json`. */
export type Crosswalk = {
  readonly id: string
  readonly version: Version
  readonly titles: Titles
  readonly source?: string
  readonly from: CrosswalkEnd
  readonly to: CrosswalkEnd
  /** A code may have several rows: then it stands for one of several, and nobody but its owner knows for which. */
  readonly rows: readonly CrosswalkRow[]
}

export type CrosswalkEnd = { readonly list: string; readonly edition?: string }

/** Holds from `since` to `until`, days included; for good where they are absent. */
export type CrosswalkRow = {
  readonly from: string
  readonly to: string
  readonly since?: string
  readonly until?: string
}

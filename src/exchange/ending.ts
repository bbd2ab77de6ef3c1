/** Which majors of standards come to their end, and what comes after them: as callers, agreements and deliveries meet it. */
import { majorOf, type Version } from '../standard.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import type { EndingMajor } from '../store/majors.ts'
import { newest } from '../versions.ts'

export type Successor = { readonly major: number; readonly version: Version }

/** A major that is deprecated or retired. */
export type Ending = EndingMajor & {
  /** The next major that is neither, and its newest version; undefined where there is none yet. */
  readonly successor: Successor | undefined
}

/** Undefined of a major that goes on. Costs a look-up: every call about records asks. */
export function endingOf(index: CatalogueIndex, standard: string, major: number): Ending | undefined {
  if (index.majors.length === 0) return undefined
  let endings = byIndex.get(index)
  if (endings === undefined) byIndex.set(index, (endings = endingsOf(index)))
  return endings.get(`${standard} ${major}`)
}

/** An index is of one state of the catalogue: another state has another. */
const byIndex = new WeakMap<CatalogueIndex, ReadonlyMap<string, Ending>>()

function endingsOf({ majors, standards }: CatalogueIndex): Map<string, Ending> {
  const ending = new Set(majors.map(({ standard, major }) => `${standard} ${major}`))
  const lasting = standards.filter(({ standard, version }) => !ending.has(`${standard} ${majorOf(version)}`))
  return new Map(
    majors.map(row => {
      const later = lasting.filter(({ standard, version }) => standard === row.standard && majorOf(version) > row.major)
      const next = Math.min(...later.map(({ version }) => majorOf(version)))
      const version = newest(later.filter(each => majorOf(each.version) === next))?.version
      const successor = version === undefined ? undefined : { major: next, version }
      return [`${row.standard} ${row.major}`, { ...row, successor }]
    }),
  )
}

/** Whether a major is served no more. */
export function isRetired(index: CatalogueIndex, of: { readonly standard: string; readonly major: number }): boolean {
  return endingOf(index, of.standard, of.major)?.status === 'retired'
}

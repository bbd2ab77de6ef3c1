/** How records of the newer majors of a standard become records of an older one: their conversions, one after the other. */
import { inTurn, type BetweenMajors } from '../map/between-majors.ts'
import type { Issue, JsonObject } from '../record.ts'
import { textWriter } from '../record-text.ts'
import type { Contents } from '../seal/contents.ts'
import type { Standard } from '../standard.ts'
import type { Validator } from '../validate/validator.ts'

/** A newer major whose records are shown as records of an older one. */
export type NewerMajor = BetweenMajors & {
  readonly validator: Validator
  readonly contentsOf: (record: JsonObject) => Contents
  readonly textOf: ReturnType<typeof textWriter>
}

export function newerMajor(
  between: BetweenMajors,
  older: { readonly validator: Validator; readonly contentsOf: (record: JsonObject) => Contents },
): NewerMajor {
  return { ...between, ...older, textOf: textWriter(between.to) }
}

type Catalogue = {
  /** The majors that have a published version. */
  readonly majors: readonly number[]
  readonly newest: (major: number) => Promise<Standard>
  readonly compile: (
    fields: JsonObject,
    ends: { readonly from: Standard; readonly to: Standard },
  ) => Promise<BetweenMajors | readonly Issue[]>
}

/**
 * The conversions to the newest version of a major, from every newer major that leads there: v3 by way of v2.
 *
 * A major whose conversion cannot be used leads nowhere: that is checked when it is published, and its records are then not
 * there for consumers of the older one.
 */
export async function conversionsTo(standard: Standard, catalogue: Catalogue): Promise<BetweenMajors[]> {
  const found = new Map<number, BetweenMajors>()
  for (const major of catalogue.majors.filter(one => one > standard.major).toSorted((a, b) => a - b)) {
    const from = await catalogue.newest(major)
    const { conversion } = from.document
    if (conversion === undefined) continue
    const below = found.get(conversion.to)
    if (conversion.to !== standard.major && below === undefined) continue
    const step = await catalogue.compile(conversion.fields, { from, to: below?.from ?? standard })
    if (!('convert' in step)) continue
    found.set(major, below === undefined ? step : inTurn(step, below))
  }
  return [...found.values()]
}

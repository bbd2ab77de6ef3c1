/** Use of records, counted from the log: what is counted, and by what it may be told apart. */

/** What use is counted by. A day is a day of UTC. */
export const usageDimensions = ['day', 'department', 'standard', 'agreement', 'operation', 'matter'] as const

export type UsageDimension = (typeof usageDimensions)[number]

export type UsageCounts = {
  /** Requests about records. One that is answered by several entries is one. */
  readonly calls: number
  /** Records disclosed, each as often as it was. What a client had already (`not-modified`) was not disclosed again. */
  readonly records: number
  /** Persons and organisations whose records were disclosed, each once. */
  readonly subjects: number
  /** Calls in which something was refused: a lookup that finds some of its keys counts here too. */
  readonly refusals: number
}

/** A group's counts; null where its entries lack the dimension: a refused call may have no matter. */
export type UsageRow = UsageCounts & { readonly [Dimension in UsageDimension]?: string | null }

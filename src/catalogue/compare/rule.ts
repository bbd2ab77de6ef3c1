/** What a rule of a keyword is, and what it says of a demand that is not met. */
import type { Demand } from './demands.ts'
import type { Left } from './known.ts'
import type { At, Proof, Unmet } from './proof.ts'

/** The demand itself, or demands inside it, that are not met; none where it is. */
export type Rule = (proof: Proof, left: Left, demand: Demand, at: At) => Unmet[]

export function unmet(left: Left, demand: Demand, { place, within, assumed }: At): Unmet {
  return { ...demand, place, left, assumed, ...(within && { within }) }
}

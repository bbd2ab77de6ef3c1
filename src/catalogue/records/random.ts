/** Draws from a source of random numbers that is given, so that the same source gives the same records. */

/** A number in [0, 1), as `Math.random` gives it. */
export type Random = () => number

/** A source that gives the same numbers for the same seed (mulberry32, 32 bits of state). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** One of the items; undefined where there are none. */
export function oneOf<T>(random: Random, items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)]
}

/** As many digits. */
export function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => between(random, 0, 9)).join('')
}

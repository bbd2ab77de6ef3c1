/** A pair of versions by its seeds: made again, judged, and made smaller by leaving changes out. */
import { seededRandom } from '../../src/catalogue/records/random.ts'
import { judge, type Judgement } from './judge.ts'
import { mutated } from './mutate.ts'
import { randomPlain, takenFrom, type Plain } from './random-side.ts'

export type Pair = { readonly seed: number; readonly mutations: readonly number[] }

export function pairOf(seed: number): Pair {
  const random = seededRandom(seed ^ 0x5eed)
  const count = 1 + Math.floor(random() * random() * 6)
  return { seed, mutations: Array.from({ length: count }, () => Math.floor(random() * 2 ** 32)) }
}

/** Undefined where a version is no standard that the hub would take. */
export function judgePair({ seed, mutations }: Pair, records: number): Judgement | undefined {
  const base = randomPlain(seededRandom(seed))
  return judgePlain(base, mutated(base, mutations), { seed, records })
}

type Depth = { readonly seed: number; readonly records: number }

function judgePlain(old: Plain, young: Plain, { seed, records }: Depth): Judgement | undefined {
  const before = takenFrom(old)
  const after = before && takenFrom(young)
  return before && after && judge({ before, after, seed, records })
}

export type Reproduction = { readonly before: Plain; readonly after: Plain; readonly judgement: Judgement }

/** The smallest pair that still disagrees in that way: with fewer changes, then with fewer fields in both versions. */
export function shrink(pair: Pair, kind: string, records: number): Reproduction {
  const depth = { seed: pair.seed, records: 4 * records }
  const disagrees = (old: Plain, young: Plain): boolean =>
    judgePlain(old, young, depth)?.findings.some(finding => finding.kind === kind) === true
  const base = randomPlain(seededRandom(pair.seed))
  let kept = pair.mutations
  for (const mutation of pair.mutations) {
    const fewer = kept.filter(each => each !== mutation)
    if (disagrees(base, mutated(base, fewer))) kept = fewer
  }
  let smallest = { before: base, after: mutated(base, kept) }
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (const cut of cutsOf(smallest)) {
      if (!disagrees(cut.before, cut.after)) continue
      smallest = cut
      isSmaller = true
      break
    }
  }
  const judgement = judgePlain(smallest.before, smallest.after, depth) ?? judgePair(pair, records)
  if (judgement === undefined) throw new Error('bug: a pair that was judged is judged no more')
  return { ...smallest, judgement }
}

type Two = { readonly before: Plain; readonly after: Plain }

/** The pair without a field, a definition, or a keyword, in both versions. */
function cutsOf({ before, after }: Two): Two[] {
  const pointers = [...new Set([...pointersIn(before.document), ...pointersIn(after.document)])]
  return pointers.map(pointer => ({ before: without(before, pointer), after: without(after, pointer) }))
}

const kept = new Set(['$schema', '$id', 'standard', 'type', 'titles', 'level', 'additionalProperties', 'id'])

function pointersIn(value: unknown, pointer: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (kept.has(name) && (pointer.length === 0 || pointer.length === 1 || name !== 'additionalProperties')) return []
    const path = [...pointer, name]
    return [JSON.stringify(path), ...pointersIn(member, path)]
  })
}

function without(plain: Plain, pointer: string): Plain {
  const path = JSON.parse(pointer) as string[]
  const copy = structuredClone(plain)
  let holder: Record<string, unknown> | undefined = copy.document
  for (const name of path.slice(0, -1)) {
    const next: unknown = holder?.[name]
    holder = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : undefined
  }
  const name = path.at(-1) ?? ''
  if (Array.isArray(holder)) holder.splice(Number(name), 1)
  else if (holder !== undefined) delete holder[name]
  // A field that is gone is required no more.
  if (path.at(-2) === 'properties') {
    copy.document.required = copy.document.required?.filter(each => each in copy.document.properties)
  }
  return copy
}

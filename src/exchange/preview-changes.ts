/** What a delivery would change in the store, told against what its adapter has said itself. Reads, and writes nothing. */
import { randomUUID } from 'node:crypto'
import { namesOf } from '../map/pointer.ts'
import type { FieldPath, JsonObject, RecordKey } from '../record.ts'
import { readText } from '../record-text.ts'
import { storedKey } from '../seal/contents.ts'
import { ownKeys, readOwnWords } from '../store/own-words.ts'
import { keyOfWord, weigh, type Outcome, type Word } from '../store/words.ts'
import { pointersOfDifference } from './case-differences.ts'
import { wordOf, type Line } from './convert.ts'
import type { Hub } from './hub.ts'
import { keepingOf } from './keeping.ts'
import { issuesOf, type Tried } from './preview.ts'
import { SaidScopes } from './said-scopes.ts'

/** What the delivery of a record would do. `fields`: where it says something else than the adapter has said before. */
export type Change = {
  readonly kind: 'new' | 'changed' | 'unchanged' | 'withdrawn' | 'rejected'
  readonly fields?: readonly FieldPath[]
}

export type Changes = {
  readonly new: number
  readonly changed: number
  readonly unchanged: number
  /** Null where it cannot be told: the input was not read to its end. */
  readonly withdrawn: number | null
  readonly rejected: number
}

/**
 * So much of an input is read: what is tried must be held until it is known what it would change. Who wants to know of more
 * than a day's delta delivers it, and reverts the delivery.
 */
export const previewLimits = { inputBytes: 8 * 1024 * 1024, records: 10_000, shown: 100 } as const

/** What was tried, as the delivery would keep it. */
export class TriedRecords {
  readonly line: Line
  readonly scopes: SaidScopes
  /** What records without an issue say. */
  readonly words: Word[] = []
  /** Of each record shown, its place among the words; undefined where it would be rejected. */
  readonly shown: (number | undefined)[] = []
  /** The keys that were met, as stored: a snapshot withdraws none of them. */
  readonly keys = new Set<RecordKey>()
  read = 0
  rejected = 0
  isWhole = true

  constructor(line: Line) {
    this.line = line
    this.scopes = new SaidScopes(line.adapter)
  }

  /** Whether there is room for more. */
  meet(tried: Tried, shown: number | undefined): boolean {
    if (this.read === previewLimits.records) {
      this.isWhole = false
      return false
    }
    this.read += 1
    const word = this.#wordOf(tried)
    if (shown !== undefined) this.shown[shown] = word === undefined ? undefined : this.words.length
    if (word !== undefined) this.words.push(word)
    return true
  }

  #wordOf(tried: Tried): Word | undefined {
    const { converted } = tried
    if (converted === undefined || issuesOf(tried).length > 0) {
      this.rejected += 1
      this.scopes.meetReject(converted?.key, converted?.scope)
      if (converted?.key !== undefined) this.#meetKey(converted.key)
      return undefined
    }
    const word = wordOf(this.line, converted)
    if ('scope' in word) {
      this.scopes.meetRecord(word.scope)
      this.keys.add(keyOfWord(word))
    }
    return word
  }

  #meetKey(key: RecordKey): void {
    const { compiled, pseudonymKey } = this.line
    this.keys.add(storedKey(compiled.standard, pseudonymKey, key))
  }
}

/** What a delivery of what was tried would change: of all records, and of each that is shown. */
export async function changesOf(
  hub: Hub,
  line: Line,
  tried: TriedRecords,
): Promise<{ readonly counts: Changes; readonly shown: readonly Change[] }> {
  const run = { delivery: randomUUID(), fence: Number.MAX_SAFE_INTEGER, at: hub.clock().toISOString() }
  const keeping = keepingOf(hub, run, line)
  const { outcomes, deciding } = await weigh(hub.store.read, keeping, tried.words)
  const isNew = new Set(deciding.filter(({ before }) => before?.digest === undefined).map(({ index }) => index))
  const kinds = outcomes.map((outcome, index) => kindOf(outcome, isNew.has(index)))
  const count = (kind: Change['kind']): number => kinds.filter(each => each === kind).length
  const missing = tried.isWhole ? await countMissing(hub, line, tried) : null
  const counts = {
    new: count('new'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    withdrawn: missing === null ? null : missing + count('withdrawn'),
    rejected: tried.rejected + count('rejected'),
  }
  const shown: Change[] = []
  for (const index of tried.shown) {
    const kind = index === undefined ? 'rejected' : (kinds[index] as Change['kind'])
    const word = index === undefined ? undefined : tried.words[index]
    shown.push(kind === 'changed' && word !== undefined ? { kind, fields: await fieldsOf(word) } : { kind })
  }
  return { counts, shown }

  async function fieldsOf(word: Word): Promise<FieldPath[]> {
    if ('withdrawn' in word) return []
    const { key, text } = word.contents
    const [before] = await readOwnWords(hub.store.read, keeping, line.adapter.id, [key])
    return changedFields(before ?? {}, readText(text))
  }
}

function kindOf(outcome: Outcome, isNew: boolean): Change['kind'] {
  if (outcome === 'duplicate') return 'rejected'
  if (outcome === 'older') return 'unchanged'
  if (outcome !== 'accepted') return outcome
  return isNew ? 'new' : 'changed'
}

const pageKeys = 10_000

/** What a snapshot lacks of what the adapter has said. */
async function countMissing(hub: Hub, { adapter }: Line, { scopes, keys }: TriedRecords): Promise<number> {
  let missing = 0
  for (const scope of scopes.said()) {
    for (let after = ''; ;) {
      const own = { standard: adapter.standard.id, adapter: adapter.id }
      const page = await ownKeys(hub.store.read, own, { scope, after, limit: pageKeys })
      missing += page.filter(key => !keys.has(key)).length
      if (page.length < pageKeys) break
      after = page.at(-1) as RecordKey
      // Others get their turn.
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  return missing
}

/** Fields at which two records differ; lists are passed through. */
function changedFields(before: JsonObject, after: JsonObject): FieldPath[] {
  const fields = pointersOfDifference(before, after).map(pointer =>
    namesOf(pointer)
      .filter(name => !/^\d+$/.test(name))
      .join('.'),
  )
  return [...new Set(fields)]
}

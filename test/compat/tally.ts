/** Counts over many judged pairs. */
import type { Judgement } from './judge.ts'

export type Tally = {
  pairs: number
  refused: number
  records: number
  disagreements: number
  readonly verdicts: Map<string, number>
  readonly undecided: Map<string, number>
  readonly unshown: Map<string, number>
  breaking: number
  witnessed: number
  /** Pairs that break somebody by their schemas, and those of which a generated record alone shows it. */
  said: number
  shown: number
}

export function newTally(): Tally {
  const none = (): Map<string, number> => new Map()
  return { pairs: 0, refused: 0, records: 0, disagreements: 0, verdicts: none(), undecided: none(), unshown: none(), breaking: 0, witnessed: 0, said: 0, shown: 0 } // prettier-ignore
}

export function tallyUp(tally: Tally, judgement: Judgement | undefined): void {
  if (judgement === undefined) {
    tally.refused++
    return
  }
  const { comparison, findings, records, breaks, unshown } = judgement
  tally.pairs++
  tally.records += records
  tally.disagreements += findings.length
  count(tally.verdicts, comparison?.verdict ?? 'failed')
  for (const { impact, isDecided, code, witness } of comparison?.changes ?? []) {
    if (impact !== 'major') continue
    tally.breaking++
    if (witness !== undefined) tally.witnessed++
    if (!isDecided) count(tally.undecided, code)
  }
  for (const { isSaid, isShown } of Object.values(breaks)) {
    if (isSaid) tally.said++
    if (isSaid && isShown) tally.shown++
  }
  for (const code of unshown) count(tally.unshown, code)
}

export function showTally(tally: Tally, seconds: number): void {
  const { pairs, refused, records, disagreements, breaking, witnessed } = tally
  const undecided = total(tally.undecided)
  console.log(
    `${pairs} pairs compared in ${seconds.toFixed(1)} s with ${records} records (${refused} pairs are no standards)`,
  )
  console.log(`verdicts: ${list(tally.verdicts)}`)
  console.log(`breaking changes: ${breaking}, with a witness ${witnessed}`)
  console.log(`undecided, counted as breaking: ${undecided} (${share(undecided, breaking)}) ${list(tally.undecided)}`)
  console.log(
    `breaking for records or for readers: ${tally.said}, of which generated records alone show ${tally.shown}`,
  )
  console.log(`breaking without a witness, and no record shows it: ${total(tally.unshown)} ${list(tally.unshown)}`)
  console.log(`disagreements: ${disagreements}`)
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0)
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, each]) => `${name} ${each}`)
    .join(', ')
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`
}

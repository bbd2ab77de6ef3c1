/**
 * `npm run compat:fuzz`: what the comparison says of random pairs of versions, against Ajv on generated records.
 *
 * A compatible verdict must survive every record, a witness must be refused as it is said, an undecided change counts
 * as breaking. Ends with 1 and the smallest pair found at the first disagreement.
 */
import { parseArgs } from 'node:util'
import type { Finding } from './judge.ts'
import { judgePair, pairOf, shrink } from './pair.ts'
import { newTally, showTally, tallyUp } from './tally.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    records: { type: 'string', default: '12' },
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(`npm run compat:fuzz -- [--pairs 1000] [--seed 1] [--records 12] [--keep-going]

Compares random pairs of versions of random standards, and holds each verdict against records that Ajv judges.

  --pairs       how many pairs, by seeds counting up; one that is no standard does not count
  --seed        the first seed; the same seed gives the same pair
  --records     how many records of each version are tried on a pair
  --keep-going  on to the last pair, with one line for each disagreement; only the first is made small

Example: npm run compat:fuzz -- --pairs 10000 --seed 42
Ends with 0 where nothing disagrees, with 1 and the two documents where something does.`)
  process.exit(0)
}

const [pairs, seed, records] = [Number(values.pairs), Number(values.seed), Number(values.records)]
const tally = newTally()
const started = performance.now()
for (let i = 0; tally.pairs < pairs; i++) {
  const pair = pairOf(seed + i)
  const judgement = judgePair(pair, records)
  tallyUp(tally, judgement)
  if (process.stderr.isTTY && i % 20 === 0)
    process.stderr.write(`\r${tally.pairs} of ${pairs} pairs, ${tally.disagreements} disagree `)
  for (const finding of judgement?.findings ?? []) {
    if (tally.disagreements > 1) console.log(`seed ${pair.seed}: ${describe(finding)}`)
    else report(pair.seed, finding)
  }
  if (tally.disagreements > 0 && !values['keep-going']) break
}
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
showTally(tally, (performance.now() - started) / 1000)
process.exitCode = tally.disagreements > 0 ? 1 : 0

function report(at: number, { kind }: Finding): void {
  const { before, after, judgement } = shrink(pairOf(at), kind, records)
  const finding = judgement.findings.find(each => each.kind === kind)
  const { verdict, changes } = judgement.comparison ?? {}
  console.log(JSON.stringify({ seed: at, finding, verdict, changes, before, after }, null, 1))
}

function describe({ kind, why, change }: Finding): string {
  return `${kind}${change === undefined ? '' : ` (${change.code} at ${change.pointer})`}: ${why}`
}

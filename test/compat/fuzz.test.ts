import t from 'tap'
import { compareStandards, type Comparison } from '../../src/catalogue/compare/compare.ts'
import { judge, type Finding } from './judge.ts'
import { judgePair, pairOf } from './pair.ts'
import { randomPlain, takenFrom, type Plain, type Taken } from './random-side.ts'
import { seededRandom } from '../../src/catalogue/records/random.ts'
import { titles, type Draft } from './random-schema.ts'

const pairs = 150

t.test(`the verdict on ${pairs} random pairs of versions is that of their records`, async t => {
  const said = { records: 0, readers: 0 }
  let [judged, shown] = [0, 0]
  for (let seed = 1; seed <= pairs; seed++) {
    const judgement = judgePair(pairOf(seed), 8)
    if (judgement === undefined) continue
    judged++
    t.strictSame(judgement.findings, [], `npm run compat:fuzz -- --pairs 1 --seed ${seed}`)
    for (const against of ['records', 'readers'] as const) {
      const { isSaid, isShown } = judgement.breaks[against]
      if (isSaid) said[against]++
      if (isSaid && isShown) shown++
    }
  }
  t.ok(judged > 0.7 * pairs, 'most pairs are standards')
  t.ok(said.records >= 20 && said.readers >= 5, 'both directions are broken often')
  t.ok(shown > 0.8 * (said.records + said.readers), 'and nearly every break is shown by records alone')
})

/** Versions by what becomes of the field `value`, and what the judge says of a comparison that finds nothing there. */
const breaks: readonly [kind: Finding['kind'], before: Draft, after: Draft | undefined][] = [
  ['records-broken', { type: 'string' }, { type: 'string', maxLength: 5 }],
  ['records-broken', { type: 'integer', minimum: 3 }, { type: 'integer', minimum: 4 }],
  ['records-broken', { type: 'string' }, { type: 'string', not: { const: 'none' } }],
  ['records-broken', { type: ['string', 'null'] }, { type: 'string' }],
  ['records-broken', { type: 'boolean' }, undefined],
  ['readers-broken', { type: 'boolean' }, undefined],
  ['readers-broken', { type: 'string' }, { type: ['string', 'null'] }],
  ['readers-broken', { type: 'string', enum: ['a'] }, { type: 'string', enum: ['a', 'b'] }],
  ['verdict-too-low', { type: 'number', unit: 'm' }, { type: 'number', unit: 'm2' }],
  ['verdict-too-low', { type: 'string', indexed: true }, { type: 'string' }],
  ['verdict-too-low', { type: 'string', level: 'L2' }, { type: 'string', level: 'L3' }],
]

for (const [kind, before, after] of breaks) {
  t.test(
    `a comparison that misses ${JSON.stringify(before)} to ${JSON.stringify(after)} is found out: ${kind}`,
    async t => {
      const blind = (): Comparison => ({ standard: 'fuzzed', from: '1.0.0', to: '1.0.0', verdict: 'same', changes: [] })
      t.ok(kindsOf(version(before), version(after), blind).includes(kind))
      t.strictSame(kindsOf(version(before), version(after), compareStandards), [])
    },
  )
}

t.test('a witness that shows nothing is found out', async t => {
  const [before, after] = [version({ type: 'string' }), version({ type: 'string', maxLength: 5 })]
  const withWitness = (value: string | number) => (): Comparison => {
    const { changes, ...rest } = compareStandards(before, after)
    const record = { id: '1', value }
    return { ...rest, changes: changes.map(change => ({ ...change, witness: { record, issues: [] } })) }
  }
  t.strictSame(kindsOf(before, after, withWitness('short')), ['witness-accepted'])
  t.strictSame(kindsOf(before, after, withWitness(7)), ['witness-invalid'])
})

function kindsOf(before: Taken, after: Taken, compare: (before: Taken, after: Taken) => Comparison): string[] {
  return judge({ before, after, seed: 1, records: 30, compare: () => compare(before, after) }).findings.map(
    ({ kind }) => kind,
  )
}

function version(value: Draft | undefined): Taken {
  const plain: Plain = randomPlain(seededRandom(1))
  const { id } = plain.document.properties
  plain.document.properties = { id, ...(value !== undefined && { value: { titles, level: 'L1', ...value } }) }
  plain.document.required = Object.keys(plain.document.properties)
  for (const keyword of ['allOf', 'dependentRequired', '$defs']) delete plain.document[keyword]
  const taken = takenFrom(plain)
  if (taken === undefined) throw new Error('bug: the version is no standard')
  return taken
}

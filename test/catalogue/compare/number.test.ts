import t from 'tap'
import { numberFault, type Verdict } from '../../../src/catalogue/compare/compare.ts'

const fitting: Readonly<Record<Verdict, readonly string[]>> = {
  same: ['1.2.4', '1.3.0', '2.0.0'],
  patch: ['1.2.4', '1.3.0', '2.0.0'],
  minor: ['1.3.0', '2.0.0'],
  major: ['2.0.0'],
}

const tried = ['1.2.4', '1.3.0', '2.0.0', '1.2.3', '1.2.2', '1.2.5', '1.3.1', '1.4.0', '2.0.1', '2.1.0', '3.0.0', '1.2']

for (const verdict of ['same', 'patch', 'minor', 'major'] as const) {
  t.test(`after 1.2.3, of the verdict ${verdict}, the next step fits that is no lower`, async t => {
    t.strictSame(
      tried.filter(to => numberFault('1.2.3', to, verdict) === undefined),
      fitting[verdict],
    )
  })
}

t.test('a number that does not fit is told with those that do', async t => {
  t.equal(
    numberFault('1.9.0', '1.9.1', 'minor'),
    '1.9.1 is a patch version, and the change since 1.9.0 is minor: number it 1.10.0 or 2.0.0.',
  )
  t.equal(numberFault('1.9.0', '3.0.0', 'major'), '3.0.0 does not follow 1.9.0: number it 2.0.0.')
})

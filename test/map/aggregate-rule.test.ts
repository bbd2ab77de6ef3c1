import assert from 'node:assert/strict'
import fc from '../properties.ts'
import t from 'tap'
import { checkCases, valueOf, type Case } from './fixture.ts'

const rows = {
  r: [
    { a: '1.10', d: '2024-02-29', n: 'b', k: '1' },
    { a: '', d: null, n: 'ä', k: '2' },
    { a: '-0.1', d: '2023-12-31', n: 'b ' },
    { a: '10', d: '2024-01-01' },
  ],
}

const cases: { [what: string]: { [field: string]: Case[] } } = {
  'count counts nodes and texts that are not absent, and is 0 over nothing': {
    count: [
      [{ count: 'r' }, rows, 4],
      [{ count: 'r/a' }, rows, 3],
      [{ count: 'r/n' }, rows, 3],
      [{ count: 'r', where: { path: 'k', present: true } }, rows, 2],
      [{ count: 'r', join: { k: 'o' } }, { ...rows, o: '2' }, 1],
      [{ count: 'r/n', absentWhen: ['b'] }, rows, 1],
      [{ count: 'r/n', via: [{ split: ',' }] }, { r: [{ n: 'a,b' }, { n: 'c' }] }, 3],
      [{ count: 'r' }, {}, 0],
      [{ count: 'r', default: -1 }, {}, -1],
      [{ count: 'r', when: { path: 'k', present: true } }, {}, undefined],
      [{ count: 'r' }, { r: { '@only': 'attributes' } }, 1],
      [{ count: 'r/n' }, { r: [null, { n: '' }] }, 0],
      [{ count: 'r', via: ['trim'] }, rows, ['/count r source-nested']],
    ],
  },
  'a count of nothing makes no object present': {
    parts: [
      [
        { listOf: [{ fields: { name: { from: 'n' }, pieces: { listOf: [{ fields: { number: { count: 'r' } } }] } } }] },
        {},
        undefined,
      ],
      [
        { listOf: [{ fields: { name: { from: 'n' }, pieces: { listOf: [{ fields: { number: { count: 'r' } } }] } } }] },
        { n: 'a', r: 'b' },
        [{ name: 'a', pieces: [{ number: 1 }] }],
      ],
    ],
  },
  'countDistinct counts different texts, white space at the ends aside': {
    count: [
      [{ countDistinct: 'r/n' }, rows, 2],
      [{ countDistinct: 'r/n', via: ['upper'] }, { r: [{ n: 'a' }, { n: 'A' }] }, 1],
      [{ countDistinct: 'r/missing' }, rows, 0],
      [{ countDistinct: 'r' }, rows, ['/count r source-nested']],
    ],
  },
  'sum is exact, and as the standard takes it': {
    amount: [
      [{ sum: 'r/a' }, rows, '11'],
      [{ sum: 'r/a', via: [{ decimal: { shift: 4 } }] }, rows, '110000'],
      [{ sum: 'r/a', where: { path: '../k', is: '1' } }, rows, '1.1'],
      [{ sum: 'x' }, { x: ['0.1', '0.2'] }, '0.3'],
      [{ sum: 'x' }, { x: ['0.5', '-1'] }, '-0.5'],
      [{ sum: 'x' }, {}, undefined],
      [{ sum: 'x', default: '0' }, {}, '0'],
      [{ sum: 'x' }, { x: ['1', 'one'] }, ['/amount x not-a-decimal']],
      [{ sum: 'x', via: ['decimal'] }, { x: ['1', 'one'] }, ['/amount x not-a-decimal']],
    ],
    count: [
      [{ sum: 'x', via: ['integer'] }, { x: ['1', '2'] }, 3],
      [{ sum: 'x' }, { x: ['0.5', '0.5'] }, 1],
      [{ sum: 'x' }, { x: ['0.5', '1'] }, ['/count x not-an-integer']],
    ],
    weight: [
      [{ sum: 'x' }, { x: ['0.1', '0.2'] }, 0.3],
      [{ sum: 'x' }, { x: ['0.1', '1e20'] }, ['/weight x not-a-number']],
    ],
  },
  'min and max compare amounts where via gives them, else characters': {
    amount: [
      [{ max: 'r/a', via: ['decimal'] }, rows, '10'],
      [{ min: 'r/a', via: ['decimal'] }, rows, '-0.1'],
      [{ max: 'x', via: ['decimal'] }, { x: ['9', '10.0'] }, '10'],
      [{ max: 'x' }, { x: ['9', '10'] }, '9'],
    ],
    count: [[{ max: 'x', via: ['integer'] }, { x: ['9', '10'] }, 10]],
    weight: [[{ min: 'x', via: ['number'] }, { x: ['9', '-10', '1e1'] }, -10]],
    since: [
      [{ min: 'r/d', via: ['date'] }, rows, '2023-12-31'],
      [{ max: 'r/d', via: ['date'] }, rows, '2024-02-29'],
      [{ max: 'r/d', via: ['date'] }, { r: [] }, undefined],
      [{ max: 'r/d', via: ['date'] }, { r: [{ d: '2024-02-30' }] }, ['/since r/d not-a-date']],
    ],
    at: [
      [
        { max: 'x', via: [{ dateTime: { formats: ['YYYY-MM-DDTHH:mm:ssZ'] } }] },
        { x: ['2024-01-01T09:00:00+09:00', '2024-01-01T00:30:00Z'] },
        '2024-01-01T00:30:00Z',
      ],
      [
        { min: 'x', via: [{ dateTime: { formats: ['YYYY-MM-DDTHH:mm:ssZ', 'YYYY-MM-DDTHH:mm:ss.SZ'] } }] },
        { x: ['2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00Z'] },
        '2024-01-01T00:00:00Z',
      ],
    ],
    name: [[{ max: 'x' }, { x: ['\uFF21', '𠮷', 'a'] }, '𠮷']],
  },
  'sortBy puts nodes in an order of their own, those without a mark first': {
    name: [
      [
        { last: 'r/n', sortBy: { from: '../d', via: ['date'] } },
        {
          r: [
            { n: 'new', d: '2024-02-29' },
            { n: 'old', d: '2023-12-31' },
          ],
        },
        'new',
      ],
      [{ first: 'r/n', sortBy: { from: '../d' } }, { r: [{ n: 'a', d: '9' }, { n: 'b' }, { n: 'c', d: '10' }] }, 'b'],
      [{ last: 'r/n', sortBy: { from: '../d' } }, { r: [{ n: 'a', d: '9' }, { n: 'b' }, { n: 'c', d: '10' }] }, 'c'],
      [
        { last: 'r/n', sortBy: { from: '../d' } },
        {
          r: [
            { n: 'a', d: '9' },
            { n: 'b', d: '9.0' },
          ],
        },
        'b',
      ],
      [{ last: 'r/n', sortBy: { from: '../d', via: ['date'] } }, { r: [{ n: 'a', d: 'x' }] }, ['/name r/d not-a-date']],
      [
        { one: 'r', sortBy: { from: 'd' }, take: 'last', item: { from: 'n' } },
        {
          r: [
            { n: 'a', d: '2' },
            { n: 'b', d: '1' },
          ],
        },
        'a',
      ],
    ],
    tags: [[{ each: 'x', sortBy: { from: '.' }, item: { from: '.' } }, { x: ['10', '9', '2'] }, ['2', '9', '10']]],
  },
  'first and last are in the order of the source': {
    name: [
      [{ first: 'r/n' }, rows, 'b'],
      [{ last: 'r/n', via: ['trim', 'upper'] }, rows, 'B'],
      [{ first: 'r/n', where: { path: '../k', is: '2' } }, rows, 'ä'],
      [{ last: 'r/n' }, { r: [] }, undefined],
      [{ last: 'r/n', default: 'none' }, { r: [] }, 'none'],
    ],
    colour: [
      [{ first: 'x', codes: { r: 'red' } }, { x: ['r', 'g'] }, 'red'],
      [{ last: 'x', codes: { r: 'red' }, unlisted: 'green' }, { x: ['r', 'g'] }, 'green'],
      [{ last: 'x', codes: { r: 'red' } }, { x: ['r', 'g'] }, ['/colour x code-unmapped']],
    ],
  },
}

for (const [what, byField] of Object.entries(cases)) t.test(what, async t => checkCases(t, byField))

t.test('a text may have a million parts', async t => {
  const x = ','.repeat(2 ** 20).replaceAll(',', 'a,')
  t.equal(valueOf('count', { count: 'x', via: [{ split: ',' }] }, { x }), 2 ** 20)
  t.equal(
    (valueOf('tags', { concat: [{ each: 'x', split: ',', item: { from: '.' } }] }, { x }) as unknown[]).length,
    2 ** 20,
  )
})

t.test('a sum is exact: what arithmetic on whole numbers gives, in any order', async () => {
  const scale = 9
  const amounts = fc.array(fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(scale)), {
    minLength: 1,
  })
  fc.assert(
    fc.property(amounts, given => {
      const texts = given.map(([units, digits]) => written(units, digits))
      const expected = given.reduce((sum, [units, digits]) => sum + units * 10n ** BigInt(scale - digits), 0n)
      const sum = valueOf('amount', { sum: 'x' }, { x: texts })
      assert.equal(unitsOf(String(sum), scale), expected)
      assert.match(String(sum), /^(0|-?(?!0$)(0|[1-9]\d*)(\.\d*[1-9])?)$/)
      assert.equal(valueOf('amount', { sum: 'x' }, { x: texts.toReversed() }), sum)
    }),
  )
})

function written(units: bigint, digits: number): string {
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0')
  const point = text.length - digits
  return `${units < 0n ? '-' : ''}${text.slice(0, point)}${digits === 0 ? '' : `.${text.slice(point)}`}`
}

function unitsOf(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const units = BigInt(whole + fraction.padEnd(scale, '0'))
  return text.startsWith('-') ? -units : units
}

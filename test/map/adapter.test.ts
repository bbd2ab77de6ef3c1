import t from 'tap'
import { adapterWith, checkCases, sourceOf, valueOf, type Case, type Node } from './fixture.ts'

const x = { from: 'x' }

/** Rules of a field, what they are fed, and what comes of it; a list of issues is written `pointer source code`. */
const rules: { [what: string]: { [field: string]: Case[] } } = {
  'from reads a text as it is': {
    name: [
      [x, { x: ' a ' }, ' a '],
      [x, { x: null }, undefined],
      [x, {}, undefined],
      [x, { x: ['a', 'b'] }, ['/name x source-several']],
      [x, { x: { y: 'a' } }, ['/name x source-nested']],
    ],
  },
  'absentWhen and nullWhen look at the text without its white space, before via': {
    name: [
      [x, { x: '  ' }, undefined],
      [{ ...x, absentWhen: ['－ '] }, { x: '－' }, undefined],
      [{ ...x, absentWhen: ['-'] }, { x: ' ' }, undefined],
      [{ ...x, via: [{ replace: { a: '' } }] }, { x: 'aa' }, undefined],
      [{ ...x, via: ['trim'], absentWhen: ['n'] }, { x: 'n ' }, undefined],
    ],
    since: [
      [{ ...x, via: ['date'], nullWhen: ['长期'] }, { x: ' 长期 ' }, null],
      [{ ...x, via: ['date'], nullWhen: ['长期'] }, { x: '' }, undefined],
      [{ ...x, via: ['date'], nullWhen: ['长期'], default: '2000-01-01' }, { x: '长期' }, null],
    ],
  },
  'via goes from left to right': {
    name: [[{ ...x, via: [{ suffix: 'b' }, { suffix: 'c' }, 'upper'] }, { x: 'a' }, 'ABC']],
    count: [
      [{ ...x, via: ['integer'] }, { x: '7' }, 7],
      [{ ...x, via: ['integer'] }, { x: '7a' }, ['/count x not-an-integer']],
    ],
    tags: [
      [{ ...x, via: [{ split: '、' }] }, { x: 'a、b' }, ['a', 'b']],
      [{ ...x, via: [{ split: '、' }] }, { x: '、' }, undefined],
    ],
    amount: [
      [{ ...x, via: [{ replace: { 万元: '' } }, { decimal: { shift: 4 } }] }, { x: '3.437791万元' }, '34377.91'],
    ],
  },
  'codes translate after via, and every text must be listed': {
    colour: [
      [{ ...x, via: ['trim'], codes: { 红: 'red', 绿: 'green' } }, { x: ' 绿 ' }, 'green'],
      [{ ...x, codes: { 红: 'red' } }, { x: '蓝' }, ['/colour x code-unmapped']],
      [{ ...x, codes: { 红: 'red' } }, { x: '' }, undefined],
      [{ ...x, codes: { 红: 'red' } }, { x: 'constructor' }, ['/colour x code-unmapped']],
    ],
    colours: [
      [{ ...x, via: [{ split: ',' }], codes: { r: 'red', g: 'green' } }, { x: 'g,r' }, ['green', 'red']],
      [{ ...x, via: [{ split: ',' }], codes: { r: 'red' } }, { x: 'g,r' }, ['/colours x code-unmapped']],
    ],
  },
  'a default stands for what is absent, not for what is wrong': {
    count: [
      [{ ...x, via: ['integer'], default: 0 }, {}, 0],
      [{ ...x, via: ['integer'], default: 0 }, { x: '?' }, ['/count x not-an-integer']],
    ],
    tags: [[{ each: 'x', item: { from: '.' }, default: [] }, {}, []]],
  },
  'when holds or the field is absent': {
    name: [
      [{ ...x, when: { path: 'y', is: '1' } }, { x: 'a', y: ' 1 ' }, 'a'],
      [{ ...x, when: { path: 'y', is: '1' } }, { x: 'a' }, undefined],
      [{ ...x, when: { path: 'y', is: ['1', '2'] }, default: 'b' }, { y: '2' }, 'b'],
      [{ ...x, when: { path: 'y', is: '1' }, default: 'b' }, { y: '2' }, undefined],
      [{ value: 'v', when: { path: 'y', present: true } }, { y: '0' }, 'v'],
      [{ value: 'v', when: { path: 'y', present: true } }, { y: ' ' }, undefined],
      [{ value: 'v', when: { path: 'y', present: true } }, { y: { z: '1' } }, 'v'],
      [{ value: 'v', when: { path: 'y', present: false } }, { y: null }, 'v'],
      [{ value: 'v', when: { path: 'y/z', is: '1' } }, { y: [{ z: '0' }, { z: '1' }] }, 'v'],
      [{ value: 'v', when: { not: { path: 'y', is: '1' } } }, { y: '1' }, undefined],
      [{ value: 'v', when: { path: 'y', matches: '^[A-Z]{2}\\d+$' } }, { y: ' AB12 ' }, 'v'],
      [{ value: 'v', when: { path: 'y', matches: '\\d' } }, { y: ['a', 'b1'] }, 'v'],
      [{ value: 'v', when: { path: 'y', matches: '^\\d+$' } }, { y: '12a' }, undefined],
      [{ value: 'v', when: { path: 'y', matches: '.*' } }, { y: { z: '1' } }, undefined],
      [
        {
          value: 'v',
          when: {
            all: [
              { path: 'x', is: '1' },
              { path: 'y', is: '1' },
            ],
          },
        },
        { x: '1', y: '0' },
        undefined,
      ],
      [
        {
          value: 'v',
          when: {
            any: [
              { path: 'x', is: '1' },
              { path: 'y', is: '1' },
            ],
          },
        },
        { x: '1', y: '0' },
        'v',
      ],
    ],
  },
  'firstOf takes the first that is present, and does not pass over one that is wrong': {
    name: [
      [{ firstOf: [x, { from: 'y' }] }, { x: '', y: 'b' }, 'b'],
      [{ firstOf: [x, { value: 'c' }] }, {}, 'c'],
      [{ firstOf: [x, { from: 'y' }] }, { x: ['1', '2'], y: 'b' }, ['/name x source-several']],
      [{ firstOf: [{ ...x, when: { path: 'z', is: '1' } }, { from: 'y' }] }, { x: 'a', y: 'b' }, 'b'],
    ],
  },
  'an object is absent where nothing in it was read; constants and defaults do not count': {
    price: [
      [{ fields: { currency: { value: 'CNY' }, amount: x } }, { x: '1' }, { amount: '1', currency: 'CNY' }],
      [{ fields: { currency: { value: 'CNY' }, amount: x } }, {}, undefined],
      [{ fields: { currency: { from: 'y', default: 'CNY' }, amount: x } }, {}, undefined],
      [{ fields: { currency: { value: 'CNY' }, amount: { value: '0' } } }, {}, { amount: '0', currency: 'CNY' }],
      [{ fields: { currency: { from: 'y' }, amount: x }, needs: ['currency'] }, { x: '1' }, undefined],
      [
        { fields: { currency: { from: 'y' }, amount: x }, needs: ['currency'] },
        { x: '1', y: ['a', 'b'] },
        ['/price/currency y source-several'],
      ],
    ],
    names: [[{ fields: { 'zh-Hant': x, en: { from: 'y' } } }, { x: '甲' }, { 'zh-Hant': '甲' }]],
    value: [
      [{ firstOf: [{ value: 'none', when: { path: 'x', is: '无' } }, { fields: { amount: x } }] }, { x: '无' }, 'none'],
      [
        { firstOf: [{ value: 'none', when: { path: 'x', is: '无' } }, { fields: { amount: x } }] },
        { x: '1' },
        { amount: '1' },
      ],
    ],
  },
  'each gives an element for none, one or many nodes': {
    parts: [
      [{ each: 'p', fields: { name: { from: 'n' } } }, {}, undefined],
      [{ each: 'p', fields: { name: { from: 'n' } } }, { p: [] }, undefined],
      [{ each: 'p', fields: { name: { from: 'n' } } }, { p: { n: '1' } }, [{ name: '1' }]],
      [
        { each: 'p', fields: { name: { from: 'n' } } },
        { p: [{ n: '1' }, {}, null, { n: '2' }] },
        [{ name: '1' }, { name: '2' }],
      ],
      [
        { each: 'q/p', fields: { name: { from: 'n' } } },
        { q: [{ p: { n: '1' } }, { p: [{ n: '2' }] }] },
        [{ name: '1' }, { name: '2' }],
      ],
      [
        { each: 'q/p', fields: { name: { from: '.' }, of: { from: '../o' } } },
        { q: [{ o: 'a', p: ['1', '2'] }, { p: '3' }] },
        [{ name: '1', of: 'a' }, { name: '2', of: 'a' }, { name: '3' }],
      ],
      [
        { each: 'p', where: { path: 'k', is: '1' }, fields: { name: { from: 'n' } } },
        {
          p: [
            { k: '1', n: 'a' },
            { k: '2', n: 'b' },
          ],
        },
        [{ name: 'a' }],
      ],
      [
        { each: 'p', join: { k: 'o/k' }, fields: { name: { from: 'n' }, of: { from: '../o/n' } } },
        { o: { k: ' 7', n: 'O' }, p: [{ k: '7 ', n: 'a' }, { k: '8', n: 'b' }, { n: 'c' }] },
        [{ name: 'a', of: 'O' }],
      ],
      [{ each: 'p', join: { k: 'o' }, fields: { name: { from: 'n' } } }, { p: [{ n: 'c' }] }, undefined],
      [
        { each: 'p', join: { k: 'o' }, fields: { name: { from: 'n' } } },
        { o: ['1', '2'], p: [] },
        ['/parts o source-several'],
      ],
      [
        { each: 'p', join: { k: 'o' }, fields: { name: { from: 'n' } } },
        {
          o: '1',
          p: [
            { n: 'a', k: '1' },
            { n: 'b', k: ['1', '2'] },
          ],
        },
        ['/parts p/k source-several'],
      ],
      [
        {
          each: 'p',
          fields: { name: { from: 'n' }, pieces: { each: 'q', fields: { number: { from: 'i', via: ['integer'] } } } },
        },
        {
          p: [
            { n: 'a', q: [{ i: '1' }, { i: '2' }] },
            { n: 'b', q: [{ i: '3' }, { i: 'x' }, { i: 'y' }] },
          ],
        },
        ['/parts/1/pieces/1/number p/q/i not-an-integer', '/parts/1/pieces/2/number p/q/i not-an-integer'],
      ],
    ],
    tags: [
      [{ each: 't', item: { from: '.', via: ['trim'] } }, { t: [' a', 'b'] }, ['a', 'b']],
      [{ each: 't', item: { from: '0' } }, { t: [['a'], ['b', 'c']] }, ['a', 'b']],
      [{ each: 't', item: { from: '.' } }, { t: ['a', '', { y: 'b' }] }, ['/tags/1 t source-nested']],
    ],
  },
  'split makes nodes of the texts of nodes': {
    parts: [
      [
        { each: 'p', split: '、', fields: { name: { from: '.' }, of: { from: '../o' } } },
        { o: 'O', p: 'a、 b、' },
        [
          { name: 'a', of: 'O' },
          { name: 'b', of: 'O' },
        ],
      ],
      [{ each: 'p', split: ['、', ';'], fields: { name: { from: '.' } } }, { p: ['a;b', null, ' '] }, [{ name: 'a' }, { name: 'b' }]],
      [{ each: 'p', split: '、', where: { path: '.', is: 'b' }, fields: { name: { from: '.' } } }, { p: 'a、b' }, [{ name: 'b' }]],
      [{ each: 'p', split: '、', fields: { name: { from: '.' } } }, {}, undefined],
      [{ each: 'p', split: '、', fields: { name: { from: '.' } } }, { p: { q: 'a' } }, ['/parts p source-nested']],
    ],
    tags: [[{ each: 'p', split: '/', item: { from: '.', via: ['upper'], absentWhen: ['-'] } }, { p: 'a/-/b' }, ['A', 'B']]],
    name: [[{ one: 'p', split: ',', take: 'last', item: { from: '.' } }, { p: 'a,b' }, 'b']],
  }, // prettier-ignore
  'one with take picks instead of refusing': {
    name: [
      [{ one: 'p', take: 'first', item: { from: 'n' } }, { p: [{ n: 'a' }, { n: 'b' }] }, 'a'],
      [{ one: 'p', take: 'last', item: { from: 'n' } }, { p: [{ n: 'a' }, { n: 'b' }] }, 'b'],
      [{ one: 'p', take: 'last', where: { path: 'k', is: '1' }, item: { from: 'n' } }, { p: [{ n: 'a', k: '1' }, { n: 'b' }] }, 'a'],
      [{ one: 'p', take: 'first', item: { from: 'n' } }, {}, undefined],
      [{ one: 'p', take: 'first', item: { from: 'n' } }, { p: [{ n: ['a', 'b'] }] }, ['/name p/n source-several']],
    ],
  }, // prettier-ignore
  'concat puts lists together, and issues stand at the place in the whole': {
    parts: [
      [
        { concat: [{ each: 'p', fields: { name: { from: '.' } } }, { each: 'q', fields: { name: { from: '.' } } }] },
        { p: ['a', 'b'], q: 'c' },
        [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      ],
      [
        { concat: [{ each: 'p', fields: { name: { from: '.' } } }, { each: 'q', fields: { name: { from: 'n' } } }] },
        { p: ['a', 'b'], q: [{ n: 'c' }, { n: ['d', 'e'] }] },
        ['/parts/3/name q/n source-several'],
      ],
      [{ concat: [{ each: 'p', fields: { name: { from: '.' } } }] }, {}, undefined],
    ],
    tags: [
      [{ concat: [{ from: 'x', via: [{ split: ',' }] }, { listOf: [{ from: 'y' }] }] }, { x: 'a,b', y: 'c' }, ['a', 'b', 'c']],
      [{ concat: [{ from: 'x', via: [{ split: ',' }] }, { value: ['z'] }] }, { x: 'a' }, ['a', 'z']],
      [{ concat: [{ from: 'x', via: [{ split: ',' }] }, { value: ['z'] }] }, {}, undefined],
      [{ concat: [{ from: 'x', via: [{ split: ',' }] }] }, { x: ['a', 'b'] }, ['/tags x source-several']],
    ],
  }, // prettier-ignore
  'listOf with complete is absent unless all its parts are there': {
    name: [
      [{ listOf: [x, { from: 'y' }], complete: true, via: [{ join: '-' }] }, { x: 'a', y: 'b' }, 'a-b'],
      [{ listOf: [x, { from: 'y' }], complete: true, via: [{ join: '-' }] }, { x: 'a' }, undefined],
      [{ listOf: [x, { value: 'c' }], complete: true, via: [{ join: '-' }] }, { x: 'a' }, 'a-c'],
      [{ listOf: [x, { value: 'c' }], complete: true, via: [{ join: '-' }] }, {}, undefined],
      [{ listOf: [x, { from: 'y' }], complete: true, via: [{ join: '-' }] }, { x: ['a', 'b'], y: 'b' }, ['/name x source-several']],
    ],
    tags: [[{ listOf: [x, { from: 'y' }], complete: true }, { y: 'b' }, undefined]],
  }, // prettier-ignore
  'one gives what the only node says': {
    name: [
      [{ one: 'p', where: { path: 'k', is: '1' }, item: { from: 'n' } }, { p: [{ k: '1', n: 'a' }, { k: '0' }] }, 'a'],
      [{ one: 'p', where: { path: 'k', is: '1' }, item: { from: 'n' } }, { p: { k: '0', n: 'a' } }, undefined],
      [{ one: 'p', item: { from: 'n' } }, { p: [{ n: 'a' }, { n: 'b' }] }, ['/name p source-several']],
      [{ one: 'p', item: { from: 'n', default: 'd' } }, { p: { m: '1' } }, 'd'],
      [{ one: 'p', item: { from: 'n', default: 'd' } }, {}, undefined],
      [{ one: 'p', item: { from: 'n' }, default: 'd' }, {}, 'd'],
    ],
    price: [
      [
        { one: 'p', fields: { amount: { from: 'a' }, currency: { from: '../c' } } },
        { c: 'CNY', p: { a: '1' } },
        { amount: '1', currency: 'CNY' },
      ],
    ],
  },
  'listOf gives the present of its parts, or joins them': {
    parts: [
      [
        {
          listOf: [
            { fields: { of: { value: 'first' }, name: x } },
            { fields: { of: { value: 'second' }, name: { from: 'y' } } },
          ],
        },
        { y: 'b' },
        [{ name: 'b', of: 'second' }],
      ],
      [{ listOf: [{ fields: { of: { value: 'first' }, name: x } }] }, {}, undefined],
    ],
    name: [
      [{ listOf: [x, { from: 'y' }, { from: 'z' }], via: [{ join: ', ' }] }, { x: 'a', z: 'c' }, 'a, c'],
      [{ listOf: [x, { from: 'y' }], via: [{ join: ', ' }] }, {}, undefined],
      [
        { listOf: [x, { from: 'y' }], via: [{ join: ',' }, 'quantity'] },
        { x: 'a', y: 'b' },
        ['/name x, y not-a-quantity'],
      ],
    ],
    tags: [[{ listOf: [x, { from: 'y' }] }, { x: ['1', '2'], y: 'b' }, ['/tags/0 x source-several']]],
  },
}

for (const [what, byField] of Object.entries(rules)) t.test(what, async t => checkCases(t, byField))

t.test('fields stand in the order of the standard, whatever that of the document', async t => {
  const { record } = adapterWith({ weight: { value: 1.5 }, name: x, colour: { value: 'red' } }).convert(
    sourceOf({ id: '1', place: 'p', x: 'n' }),
  )
  t.same(Object.keys(record), ['id', 'place', 'name', 'colour', 'weight'])
  t.equal(Object.getPrototypeOf(record), Object.prototype)
})

t.test('a record that cannot be converted whole still has its key and scope where they can be read', async t => {
  const adapter = adapterWith({ count: { from: 'x', via: ['integer'] } }, { mode: 'snapshot', scope: 'place' })
  const convert = (node: Node) => adapter.convert(sourceOf(node))
  t.match(convert({ id: 'a~b', place: 'p', x: '?' }), {
    key: 'a~0b~1p',
    scope: 'p',
    issues: [{ code: 'not-an-integer' }],
  })
  t.same(convert({ id: ['1', '2'], place: 'p' }).key, undefined)
  t.same(convert({ id: ['1', '2'], place: 'p' }).scope, 'p')
  t.same(convert({ id: '1' }), { record: { id: '1' }, isWithdrawal: false, issues: [] })
})

t.test('a chain of transforms gives no text that no record could have', async t => {
  const growing = { replace: { a: 'a'.repeat(97) } }
  t.same(valueOf('name', { ...x, via: Array(5).fill(growing) }, { x: 'a' }), ['/name x text-too-long'])
  t.same(valueOf('name', { ...x, via: [{ suffix: 'b' }] }, { x: 'a'.repeat(2 ** 22) }), ['/name x text-too-long'])
  t.equal(valueOf('name', { ...x, via: [{ suffix: 'b' }] }, { x: 'a' }), 'ab')
})

t.test('recordId and asOf go beside the record, from inside or outside it', async t => {
  const adapter = adapterWith(
    {},
    { recordId: 'no', asOf: { from: '/Head/Date', via: [{ date: { formats: ['YYYYMMDD'] } }] } },
  )
  t.same(adapter.context, ['/Head/Date'])
  const node = { id: '1', place: 'p', no: ' 007 ' }
  t.match(adapter.convert(sourceOf(node, { '/Head/Date': '20240315' })), { recordId: '007', asOf: '2024-03-15' })
  t.notHas(adapter.convert(sourceOf(node)), 'asOf')
  t.notHas(adapter.convert(sourceOf({ ...node, no: '' })), 'recordId')
  t.match(adapter.convert(sourceOf(node, { '/Head/Date': 'today' })).issues, [
    { pointer: '', source: '/Head/Date', code: 'not-a-date' },
  ])
  t.match(adapter.convert(sourceOf({ ...node, no: ['1', '2'] })).issues, [
    { pointer: '', source: 'no', code: 'source-several' },
  ])
})

t.test('texts from outside the record are read in fields and conditions alike', async t => {
  const adapter = adapterWith({
    name: { from: '/Head/Name' },
    size: { value: 'large', when: { path: '/Head/Kind', is: 'L' } },
    tags: { each: 't', where: { path: '/Head/Kind', present: true }, item: { from: '.' } },
  })
  t.same([...adapter.context].sort(), ['/Head/Kind', '/Head/Name'])
  const node = { id: '1', place: 'p', t: 'x' }
  t.match(adapter.convert(sourceOf(node, { '/Head/Name': 'n', '/Head/Kind': 'L' })).record, {
    name: 'n',
    size: 'large',
    tags: ['x'],
  })
  t.same(adapter.convert(sourceOf(node)).record, { id: '1', place: 'p' })
})

t.test('an issue is told in either language, and never holds the value', async t => {
  const adapter = adapterWith({ count: { from: 'x', via: ['integer'] }, colour: { from: 'y', codes: { a: 'red' } } })
  const source = sourceOf({ id: '1', place: 'p', x: 'SECRET', y: 'SECRET' })
  const [code, number] = adapter.convert(source, 'zh-CN').issues
  t.match(number?.message, /整数/)
  t.match(code?.message, /代码/)
  t.notMatch(JSON.stringify([adapter.convert(source).issues, adapter.convert(source, 'zh-CN').issues]), /SECRET/)
})

t.test('a key whose parts cannot all be read is no key', async t => {
  const adapter = adapterWith({ id: { listOf: [{ from: 'a' }, { from: 'b' }], complete: true, via: [{ join: '-' }] } })
  t.equal(adapter.convert(sourceOf({ place: 'p', a: '1', b: '2' })).key, '1-2~1p')
  t.equal(adapter.convert(sourceOf({ place: 'p', a: '1', b: ['2', '3'] })).key, undefined)
})

t.test('#name is the name under which the record, or a node in it, stands', async t => {
  const adapter = adapterWith({ name: { from: '#name' }, tags: { each: 'p/*', item: { from: '#name' } } })
  const node = { id: '1', place: 'p', p: { a: '1', b: ['2', '3'] } }
  t.match(adapter.convert(sourceOf(node, { '#name': '0001' })).record, { name: '0001', tags: ['a', 'b', 'b'] })
  t.notHas(adapter.convert(sourceOf(node)).record, 'name')
  t.same(adapter.context, [])
})

t.test('the sources of a place in the record are found from its pointer', async t => {
  const adapter = adapterWith({
    name: { firstOf: [x, { from: 'y' }] },
    size: { value: 'small' },
    open: { value: true, when: { path: 'o', is: '1' } },
    price: { fields: { amount: { from: 'a' }, currency: { value: 'CNY' } } },
    parts: { each: 'q/p', where: { path: 'k', is: '1' }, fields: { name: { from: 'n' }, of: { from: '../o' } } },
    names: { fields: { en: { from: 'e' } } },
    tags: { listOf: [{ from: 't' }, { from: 'u' }] },
    since: { from: '/Head/Date', via: ['date'] },
  })
  const found: [pointer: string, source: string | undefined][] = [
    ['', undefined],
    ['/id', 'id'],
    ['/name', 'x, y'],
    ['/size', undefined],
    ['/open', 'o'],
    ['/price', 'a'],
    ['/price/currency', undefined],
    ['/parts', 'q/p'],
    ['/parts/3/name', 'q/p/n'],
    ['/parts/0/of', 'q/o'],
    ['/parts/0/missing', 'q/p'],
    ['/names/en', 'e'],
    ['/tags/1', 't, u'],
    ['/since', '/Head/Date'],
    ['/unmapped', undefined],
  ]
  for (const [pointer, source] of found) t.equal(adapter.sourceOf(pointer), source, pointer)
})

t.test('an adapter carries what the line needs to know of it', async t => {
  const adapter = adapterWith({}, { mode: 'snapshot', scope: 'place' })
  t.match(adapter, {
    id: 'data-bureau/tests',
    department: 'data-bureau',
    name: 'tests',
    version: '1.0.0',
    standard: { id: 'test' },
    source: { format: 'json', records: '' },
    mode: 'snapshot',
    scope: 'place',
    context: [],
  })
})

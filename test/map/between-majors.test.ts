/** Rules that make a record of a newer major one of an older: read from a record, with lineage. */
import t from 'tap'
import { compileBetween, inTurn, type BetweenMajors } from '../../src/map/between-majors.ts'
import type { JsonObject } from '../../src/record.ts'
import type { Standard } from '../../src/standard.ts'
import { standardWith } from '../standards.ts'

const text = { type: 'string' }
const titles = { 'zh-CN': '测试', en: 'Test' }
const leaf = { titles, level: 'L1' }
const list = (properties: object) => ({
  type: 'array',
  items: { type: 'object', additionalProperties: false, properties },
})

const newer = standardWith({
  key: ['id'],
  properties: {
    id: text,
    family: text,
    given: { ...text, level: 'L3' },
    size: { type: ['number', 'null'] },
    alive: { type: 'boolean' },
    until: { type: ['string', 'null'] },
    owners: list({
      holder: { ...leaf, ...text },
      share: { ...leaf, type: 'integer' },
      number: { ...leaf, ...text, level: 'L4' },
    }),
    tags: { type: 'array', items: { type: 'number' }, level: 'L1' },
    secrets: list({ a: { ...leaf, ...text, level: 'L4' }, b: { ...leaf, ...text, level: 'L4' } }),
    money: {
      titles,
      type: 'object',
      additionalProperties: false,
      properties: { amount: { ...leaf, ...text, level: 'L2' } },
    },
  },
})

const older = standardWith({
  key: ['id'],
  properties: {
    id: text,
    name: text,
    size: { type: ['number', 'null'] },
    alive: { type: 'boolean' },
    until: { type: ['string', 'null'] },
    end: text,
    investors: list({ name: { ...leaf, ...text }, share: { ...leaf, type: 'integer' } }),
    tags: { type: 'array', items: { type: 'number' }, level: 'L1' },
    names: { type: 'array', items: text, level: 'L1' },
    outer: {
      titles,
      type: 'object',
      additionalProperties: false,
      properties: {
        said: { ...leaf, ...text },
        inner: { titles, type: 'object', additionalProperties: false, properties: { sign: { ...leaf, ...text } } },
      },
    },
    capital: {
      titles,
      type: 'object',
      additionalProperties: false,
      properties: { amount: { ...leaf, ...text }, currency: { ...leaf, ...text } },
    },
  },
})

const fields: JsonObject = {
  id: { from: 'id' },
  name: { listOf: [{ from: 'family' }, { from: 'given' }], via: [{ join: ' ' }] },
  size: { from: 'size' },
  alive: { from: 'alive' },
  until: { from: 'until' },
  end: { from: 'until' },
  investors: {
    each: 'owners',
    fields: { name: { from: 'holder' }, share: { from: 'share' } },
    where: { path: 'number', present: true },
  },
  tags: { each: 'tags', item: { from: '.' } },
  capital: { fields: { amount: { from: 'money/amount' }, currency: { value: 'CNY' } } },
}

function compiled(
  rules: JsonObject,
  ends: { from: Standard; to: Standard } = { from: newer, to: older },
): BetweenMajors {
  const between = compileBetween(rules, ends, () => undefined)
  if (!('convert' in between)) throw new Error(JSON.stringify(between))
  return between
}

const between = compiled(fields)

const records: [what: string, record: JsonObject, becomes: JsonObject][] = [
  ['texts, joined', { id: '1', family: 'A', given: 'B' }, { id: '1', name: 'A B' }],
  ['a number that no decimal of 15 digits is', { id: '1', size: 0.1 + 0.2 }, { id: '1', size: 0.1 + 0.2 }],
  ['a number with an exponent', { id: '1', size: 1e21 }, { id: '1', size: 1e21 }],
  ['false is no absence', { id: '1', alive: false }, { id: '1', alive: false }],
  ['null where it is taken, absent where not', { id: '1', size: null, until: null }, { id: '1', size: null, until: null }],
  ['an empty text is a text, and blanks are kept', { id: '', until: ' x ' }, { id: '', until: ' x ', end: ' x ' }],
  ['a text that reads null', { id: 'null', until: 'null' }, { id: 'null', until: 'null', end: 'null' }],
  ['lists of objects', { id: '1', owners: [{ holder: 'x', share: 3, number: '7' }, { holder: 'y' }] }, { id: '1', investors: [{ name: 'x', share: 3 }] }],
  ['lists of numbers', { id: '1', tags: [1, 2.5] }, { id: '1', tags: [1, 2.5] }],
  ['a constant beside what was read', { id: '1', money: { amount: '3' } }, { id: '1', capital: { amount: '3', currency: 'CNY' } }],
] // prettier-ignore

for (const [what, record, becomes] of records) {
  t.test(`a record becomes one of the older major: ${what}`, async t => {
    t.same(between.convert(record), { record: becomes, issues: [] })
  })
}

t.test('each leaf knows what it is made of and what it hangs on', async t => {
  t.same(Object.fromEntries(between.feeds), {
    id: ['id'],
    name: ['family', 'given'],
    size: ['size'],
    alive: ['alive'],
    until: ['until'],
    end: ['until'],
    'investors.name': ['owners.holder', 'owners.number'],
    'investors.share': ['owners.share', 'owners.number'],
    tags: ['tags'],
    'capital.amount': ['money.amount'],
    'capital.currency': ['money.amount'],
    names: [],
    'outer.said': [],
    'outer.inner.sign': [],
  })
  t.same(
    [...between.copies.keys()].toSorted(),
    ['alive', 'capital.amount', 'end', 'id', 'size', 'until'],
    'not of what is chosen or joined',
  )
})

t.test('what an object needs decides on all that stands in it', async t => {
  const investors = { each: 'owners', fields: { name: { from: 'holder' }, share: { from: 'share' } }, needs: ['share'] }
  const { feeds } = compiled({ id: { from: 'id' }, investors })
  t.same(feeds.get('investors.name'), ['owners.holder', 'owners.share'])
})

const through: [what: string, rules: JsonObject, feeds: Record<string, string[]>][] = [
  ['each, of what stands around it', { investors: { each: 'secrets', fields: { name: { from: '../family' } } } }, { 'investors.name': ['family', 'secrets.a', 'secrets.b'] }],
  ['each, a constant', { investors: { each: 'secrets', fields: { name: { value: 'x' } } } }, { 'investors.name': ['secrets.a', 'secrets.b'] }],
  ['each, an item', { names: { each: 'secrets', item: { value: 'x' } } }, { names: ['secrets.a', 'secrets.b'] }],
  ['each, of a list that is a leaf', { investors: { each: 'tags', fields: { name: { from: '../family' } } } }, { 'investors.name': ['family', 'tags'] }],
  ['each, of parts of a text', { names: { each: 'given', split: ',', item: { value: 'x' } } }, { names: ['given'] }],
  ['each, of any', { names: { each: '*', item: { value: 'x' } } }, { names: newer.fields.map(({ path }) => path) }],
  ['each, of a list that has an open leaf: as open as that', { investors: { each: 'owners', fields: { name: { from: '../family' } } } }, { 'investors.name': ['family', 'owners.holder', 'owners.share'] }],
  ['each in each', { investors: { each: 'owners', fields: { name: { one: '../secrets', take: 'first', item: { value: 'x' } } } } }, { 'investors.name': ['owners.holder', 'owners.share', 'secrets.a', 'secrets.b'] }],
  ['each, in an order', { investors: { each: 'owners', sortBy: { one: '../secrets', take: 'last', item: { value: '1' } }, fields: { name: { from: 'holder' } } } }, { 'investors.name': ['owners.holder', 'secrets.a', 'secrets.b'] }],
  ['one', { capital: { one: 'secrets', take: 'first', fields: { currency: { value: 'CNY' } } } }, { 'capital.currency': ['secrets.a', 'secrets.b'] }],
  ['one of a text', { name: { one: 'given', item: { value: 'x' } } }, { name: ['given'] }],
  ['a count', { size: { count: 'secrets' } }, { size: ['secrets.a', 'secrets.b'] }],
  ['a count, in an object', { capital: { fields: { amount: { from: 'given' }, currency: { from: 'family', default: 'CNY' } } } }, { 'capital.amount': ['given'], 'capital.currency': ['family', 'given'] }],
  ['a constant deep in an object', { outer: { fields: { said: { from: 'given' }, inner: { fields: { sign: { value: 'x' } } } } } }, { 'outer.inner.sign': ['given'] }],
  ['an object where another one is not there', { capital: { firstOf: [{ fields: { amount: { from: 'given' } } }, { fields: { currency: { from: 'family' } } }] } }, { 'capital.amount': ['given'], 'capital.currency': ['family', 'given'] }],
  ['when, of a list', { investors: { each: 'owners', when: { path: 'given', present: true }, fields: { name: { from: 'holder' } } } }, { 'investors.name': ['given', 'owners.holder'] }],
  ['what an object needs, a constant', { capital: { fields: { amount: { one: 'secrets', take: 'first', item: { value: '1' } }, currency: { from: 'family' } }, needs: ['amount'] } }, { 'capital.currency': ['family', 'secrets.a', 'secrets.b'] }],
  ['a list of parts', { investors: { listOf: [{ fields: { name: { from: 'family' } } }, { fields: { share: { from: 'size', via: ['integer'] } } }] } }, { 'investors.name': ['family', 'size'] }],
  ['lists in one', { investors: { concat: [{ each: 'owners', fields: { name: { from: 'holder' } } }, { each: 'secrets', fields: { share: { value: 1 } } }] } }, { 'investors.name': ['owners.holder', 'secrets.a', 'secrets.b'] }],
] // prettier-ignore

for (const [what, rules, feeds] of through) {
  t.test(`what tells by its presence, or its number, feeds too: ${what}`, async t => {
    const found = compiled({ id: { from: 'id' }, ...rules }).feeds
    for (const [path, leaves] of Object.entries(feeds)) t.same(found.get(path)?.toSorted(), leaves.toSorted(), path)
  })
}

const refused: [what: string, rules: JsonObject, issue: object][] = [
  ['a required field without a rule', { name: { from: 'family' } }, { pointer: '/conversion/fields', code: 'required-unmapped' }],
  ['a field that the older major lacks', { id: { from: 'id' }, colour: { value: 'x' } }, { pointer: '/conversion/fields/colour', code: 'target-unknown' }],
  ['a path that the newer major lacks', { id: { from: 'ids' } }, { pointer: '/conversion/fields/id/from', code: 'source-unknown' }],
  ['a path below a text', { id: { from: 'id/x' } }, { pointer: '/conversion/fields/id/from', code: 'source-unknown' }],
  ['a path out of the record', { id: { from: '/id' } }, { pointer: '/conversion/fields/id/from', code: 'path-invalid' }],
  ['a rule that is none', { id: { form: 'id' } }, { pointer: /^\/conversion\/fields\/id/ }],
  ['a text for a number', { id: { from: 'id' }, size: { from: 'id' } }, { pointer: '/conversion/fields/size', code: 'type-mismatch' }],
  ['a number for a text', { id: { from: 'size' } }, { pointer: '/conversion/fields/id', code: 'type-mismatch' }],
  ['records of another standard', { id: { resolve: { standard: 'x', major: 1, matter: 'm', key: { from: 'id' }, field: 'y' } } }, { pointer: '/conversion/fields/id/resolve', code: 'resolve-misplaced' }],
] // prettier-ignore

for (const [what, rules, issue] of refused) {
  t.test(`a conversion is refused with its place: ${what}`, async t => {
    t.match(
      compileBetween(rules, { from: newer, to: older }, () => undefined),
      [issue],
    )
  })
}

t.test('conversions in turn are one, and so are their lineages', async t => {
  const oldest = standardWith({ key: ['id'], properties: { id: text, label: text, since: text } })
  const both = inTurn(
    between,
    compiled({ id: { from: 'id' }, label: { from: 'name' }, since: { from: 'until' } }, { from: older, to: oldest }),
  )
  t.same(both.convert({ id: '1', family: 'A', given: 'B', until: 'u' }).record, { id: '1', label: 'A B', since: 'u' })
  t.same(Object.fromEntries(both.feeds), { id: ['id'], label: ['family', 'given'], since: ['until'] })
  t.same(Object.fromEntries(both.copies), { id: 'id', since: 'until' })
})

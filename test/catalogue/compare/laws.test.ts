import fc from '../../properties.ts'
import t from 'tap'
import { seededRandom } from '../../../src/catalogue/records/random.ts'
import { recordGenerator } from '../../../src/catalogue/records/record-generator.ts'
import { readStandard, type SchemaNode } from '../../../src/standard.ts'
import { compileValidator } from '../../../src/validate/validator.ts'
import { documentOf } from '../../validate/fixture.ts'
import { readerOf } from '../../compat/reader.ts'
import { codes, compared, field, object, sideOf } from './sides.ts'

const limit = fc.integer({ min: 0, max: 6 })

const leaf: fc.Arbitrary<SchemaNode> = fc.oneof(
  fc.tuple(limit, limit).map(([a, b]) => ({ type: 'string', minLength: Math.min(a, b), maxLength: Math.max(a, b) })),
  fc.tuple(limit, limit).map(([a, b]) => ({ type: 'integer', minimum: Math.min(a, b), maximum: Math.max(a, b) })),
  fc.subarray(['a', 'b', 'c', null], { minLength: 1 }).map(values => ({ enum: values })),
  fc.constantFrom<SchemaNode>(
    { type: ['string', 'null'], format: 'date' },
    { type: 'string', pattern: '^[a-z]{2}$' },
    { type: 'string', codes: 'colours' },
    { type: 'boolean' },
    { oneOf: [{ type: 'integer' }, { const: 'none' }] },
  ),
)

const shape: fc.Arbitrary<SchemaNode> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map(items => ({ type: 'array', items, maxItems: 3 })) },
  { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => object({ a, b }, 'a')) },
)

/** A standard of the fields `a` to `c`, some of them required. */
const document = fc
  .tuple(fc.array(shape, { minLength: 1, maxLength: 3 }), fc.subarray(['a', 'b', 'c']))
  .map(([shapes, required]) => {
    const properties = Object.fromEntries(shapes.map((each, i) => [['a', 'b', 'c'][i] ?? '', field(each)]))
    return documentOf({ properties, required: ['id', ...required.filter(name => name in properties)] })
  })

const lists = codes(true, '1', '2')
const side = (each: ReturnType<typeof documentOf>) => sideOf(each, lists)

t.test('a standard compared with itself is the same', async () => {
  fc.assert(fc.property(document, each => compared(side(each), side(structuredClone(each))).verdict === 'same'))
})

t.test('a change of words is a patch', async () => {
  fc.assert(
    fc.property(document, fc.string({ minLength: 1 }), (each, words) => {
      const renamed = documentOf({
        ...each,
        properties: { ...each.properties, id: field({ type: 'string', description: words }) },
      })
      return compared(side(each), side(renamed)).verdict === 'patch'
    }),
  )
})

t.test('to add an optional field is minor, to remove it again is major and shown', async () => {
  fc.assert(
    fc.property(document, shape, (each, added) => {
      const more = documentOf({ ...each, properties: { ...each.properties, extra: field(added) } })
      const back = compared(side(more), side(each))
      return (
        compared(side(each), side(more)).verdict === 'minor' &&
        back.verdict === 'major' &&
        back.changes.every(({ witness }) => witness !== undefined)
      )
    }),
    { numRuns: 30 },
  )
})

/** What is done to a field, whatever it is. */
const turn: fc.Arbitrary<(schema: SchemaNode) => SchemaNode> = fc.constantFrom<(schema: SchemaNode) => SchemaNode>(
  schema => schema,
  ({ minLength, minimum, ...schema }) => schema,
  ({ pattern, format, codes: _, ...schema }) => schema,
  schema => ('maxLength' in schema ? { ...schema, maxLength: Number(schema['maxLength']) + 1 } : schema),
  schema => ('maximum' in schema ? { ...schema, maximum: Number(schema['maximum']) - 1 } : schema),
  ({ enum: values, ...schema }) => (Array.isArray(values) ? { ...schema, enum: [...values, 'd'] } : schema),
  ({ enum: values, ...schema }) => (Array.isArray(values) ? { ...schema, enum: values.slice(0, 1) } : schema),
  schema => (schema.type === 'string' && !schema.codes ? { ...schema, type: ['string', 'null'] } : schema),
)

const pair = fc.tuple(document, turn, turn, fc.boolean()).map(([old, first, last, isLoose]) => {
  const turned = Object.entries(old.properties ?? {}).map(([name, schema], i) => {
    return [name, name === 'id' ? schema : (i % 2 === 0 ? first : last)(schema)] as const
  })
  const required = isLoose ? ['id'] : (old.required ?? [])
  return [old, documentOf({ ...old, properties: Object.fromEntries(turned), required })] as const
})

t.test('below major no record is lost and no reader misled', async t => {
  let compatible = 0
  fc.assert(
    fc.property(pair, fc.integer(), ([old, young], seed) => {
      const [before, after] = [side(old), side(young)]
      const broken = new Set(compared(before, after).changes.map(({ against }) => against))
      const [fromOld, fromYoung] = [drawn(before, after, seed), drawn(after, before, seed)]
      const { validate } = compileValidator(readStandard(young), after.codeList)
      const reader = readerOf(before)
      compatible += (broken.has('records') ? 0 : 1) + (broken.has('readers') ? 0 : 1)
      return (
        (broken.has('records') || fromOld.every(record => validate(record).issues.length === 0)) &&
        (broken.has('readers') || fromYoung.every(record => reader.faultsIn(reader.cut(record)).length === 0))
      )
    }),
    { numRuns: 50, seed: 5 },
  )
  t.ok(compatible > 40, `some pairs are compatible: ${compatible}`)
})

function drawn(of: ReturnType<typeof side>, other: ReturnType<typeof side>, seed: number) {
  const [next, random] = [recordGenerator(of, other), seededRandom(seed)]
  return Array.from({ length: 5 }, () => next(random)).filter(record => record !== undefined)
}

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from './properties.ts'
import t from 'tap'
import { canonicalise, isCanonical } from '../src/canonical.ts'
import type { Json } from '../src/record.ts'

const vectors = new URL('../../shared/data/jcs-rfc8785/', import.meta.url)
const skip = existsSync(vectors) ? false : '../shared/data/jcs-rfc8785 is not there'

t.test('the vectors of RFC 8785 come out byte for byte', { skip }, async t => {
  for (const name of readdirSync(new URL('input', vectors))) {
    const input = JSON.parse(readFileSync(new URL(`input/${name}`, vectors), 'utf8')) as Json
    const output = readFileSync(new URL(`output/${name}`, vectors), 'utf8')
    t.equal(canonicalise(input), output, name)
    t.ok(isCanonical(output), `${name}: the output is canonical`)
    const bytes = readFileSync(new URL(`outhex/${name.replace('.json', '.txt')}`, vectors), 'utf8').replaceAll(
      /\s/g,
      '',
    )
    t.equal(Buffer.from(canonicalise(input)).toString('hex'), bytes, `${name}: bytes`)
  }
})

// RFC 8785, appendix B: IEEE 754 bits and the text of the number.
const numbers = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const

t.test('numbers are written as the appendix of RFC 8785 has them', async t => {
  for (const [bits, text] of numbers) t.equal(canonicalise(Buffer.from(bits, 'hex').readDoubleBE()), text, bits)
})

t.test('what I-JSON does not have is refused', async t => {
  const none = [NaN, Infinity, -Infinity, '\ud800', 'a\udc00b', undefined, 1n, () => 1, Symbol('a')]
  for (const value of none) {
    for (const held of [value, [value], { a: value }]) {
      t.throws(() => canonicalise(held as Json), TypeError, typeof value)
    }
  }
  t.throws(() => canonicalise({ '\ud800': 1 }), TypeError, 'a name')
})

t.test('names are sorted by UTF-16 code units, a name like any other being __proto__', async t => {
  const value = JSON.parse('{"\\ufb33":1,"\\ud83d\\ude00":2,"a":3,"__proto__":4,"10":5,"9":6,"":7}') as Json
  t.equal(canonicalise(value), '{"":7,"10":5,"9":6,"__proto__":4,"a":3,"\ud83d\ude00":2,"\ufb33":1}')
})

const json = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<Json>

t.test(
  'the text stands for the value, is the same for any order of its names, and is found to be canonical',
  async () => {
    fc.assert(
      fc.property(json, value => {
        const text = canonicalise(value)
        assert.deepEqual(canonicalise(JSON.parse(text) as Json), text)
        assert.equal(canonicalise(reversed(value)), text)
        assert.equal(JSON.stringify(JSON.parse(text)).length, text.length)
        assert.ok(isCanonical(text))
      }),
    )
  },
)

t.test('a text is canonical exactly if it comes out of its value again', async t => {
  const texts = [
    String.raw`{ [ " "a {"a":1 [1 [1, {"a" {"a": {"a", {a:1} {1:1} [,] [1,] {"a":1,} {"b":1,"a":1} "a"b`,
    String.raw`01 1.0 -0 1e3 1E400 +1 1. .5 - 1, 1] tru truefalse nul nullnull undefined NaN {"a":tru} [[] [[]] {}} ]`,
    String.raw`"\u0061" "\/" "\u000A" "\n" "\ud800" {"\u0061":1} {"a":2,"":1} {"":1,"a":"\""} {"a":1,"a":2} "é😀" "\"`,
    String.raw`[1,[2,{"a":[]}],{}] {"a":{"a":1},"b":-1.5} {} [] "" 0 {"a":1,"a":1} 1e+21 1e-7 true false null ["true",false]`,
  ].flatMap(line => ['', ...line.split(' ')])
  texts.push('"\t"', '"\ud800"', ' 1', '1 ', '{"a": 1}', '{ "a":1}', '[1 ]', '[1, 2]', '"a b"', '\ufeff1')
  for (const text of texts) t.equal(isCanonical(text), comesOutAgain(text), JSON.stringify(text))
  fc.assert(
    fc.property(
      json,
      fc.nat(),
      fc.constantFrom('"', ',', ':', '{', '}', '[', ']', '0', ' ', 'a', '\\', ''),
      (value, at, bit) => {
        const text = canonicalise(value)
        const changed = text.slice(0, at % (text.length + 1)) + bit + text.slice((at % (text.length + 1)) + 1)
        assert.equal(isCanonical(changed), comesOutAgain(changed), changed)
      },
    ),
    { numRuns: 2_000 },
  )
})

t.test('a text that is nested deeper than the stack is not canonical, and ends nothing', async t => {
  for (const text of ['['.repeat(1e6), '{"a":'.repeat(1e6), `"\\n"${'['.repeat(1e6)}`]) t.notOk(isCanonical(text))
})

function comesOutAgain(text: string): boolean {
  try {
    return canonicalise(JSON.parse(text) as Json) === text
  } catch {
    return false
  }
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).toReversed()
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]))
}

import assert from 'node:assert'
import fc from '../properties.ts'
import t from 'tap'
import { HubError } from '../../src/errors.ts'
import { defaultLimits, type Limits } from '../../src/parse/limits.ts'
import { OuterTexts } from '../../src/parse/outer-texts.ts'
import { newReader } from '../../src/parse/reader.ts'
import { Records } from '../../src/parse/records.ts'
import type { Source } from '../../src/source.ts'
import { Window } from '../../src/parse/window.ts'

const xml: Source = { format: 'xml', records: 'D/R' }
const json: Source = { format: 'json', records: 'd/r' }
const ndjson: Source = { format: 'ndjson', records: '' }

const csv: Source = { format: 'csv', records: '' }

const inputs: [string, Source, string][] = [
  ['CSV', csv, 'a,"b"\r\n1,"2,""\n"\n\n 3 , "4" ,5\n6'],
  ['CSV with faults', csv, 'a,b\n"1"2,3\n4,5\n"6"7"\n8,9\n'],
  ['CSV with an open quote', csv, 'a,b\n1,2\n3,"4\n5,6\n'],
  ['CSV with a large cell', csv, `a,b\n1,2\n3,"${'x'.repeat(40)}",\n`],
  ['CSV after other lines', { ...csv, skipLines: 2, columns: ['a', 'b'] }, `${'"'.repeat(50)}\n\n1,2\n3`],
  ['XML with records of any name', { format: 'xml', records: 'D/*' }, '<D><R>1</R><R>1</R><S a="1"/><S>2</S><R/></D>'],
  [
    'JSON of rows',
    { format: 'json', records: 'd', columns: { at: 'c/n', name: 'f' } },
    '{"c":{"n":[{"f":"a"},{"f":"b"}]},"d":[[1,"x"],[2,3,4],{}, [ 5 ] ]}',
  ],
  ['JSON of members', { format: 'json', records: 'd/*' }, '{"d":{"a":{"x":1},"b":[1,2],"c":"d"},"e":1}'],
  [
    'XML',
    xml,
    '<?xml version="1.0"?>\r\n<!-- - -->\n<D a="&lt;">\r<H>中</H> <R><a b=\'1\'>x&amp;</a><c/></R>\r\n<R><a b="2">y</a><![CDATA[<]]]>\n</R><R><a/></R>\n</D>\n<?x?>',
  ],
  [
    'XML with two sorts of records',
    xml,
    '<D><R/><S><R>1</R></S><R>1</R>\n\n<R z="1"><z z="">2</z ></R><R z="1"/><R>1</R></D>',
  ],
  ['broken XML', xml, '<D><R>1</R><R>1</R><R a="1"\n>2</R a></D>'],
  ['XML that ends too early', xml, '<D><R>1</R>\n<R>1</R><R>2</R'],
  ['XML with a DOCTYPE', xml, '<!-- x --><!DOCTYPE D><D/>'],
  ['XML with a large record', xml, `<D><R>1</R><R>1</R>\n <R>${'x'.repeat(40)}</R><R/></D>`],
  [
    'XML with a large record that is not plain',
    xml,
    `<D><R>1</R><R>1</R><R><!-- -->${'x'.repeat(10)}<y/>${'x'.repeat(25)}</R><R/></D>`,
  ],
  ['XML with a large tag', xml, `<D><R>1</R><S x="${'x'.repeat(40)}"/></D>`],
  ['XML with too many records', xml, `<D>${'<R/>'.repeat(12)}</D>`],
  ['XML with too much depth', xml, `<D><R>1</R>${'<R>'.repeat(3)}${'<a>'.repeat(5)}</D>`],
  [
    'JSON',
    json,
    '{ "h":{"d" : [ -1.5e3 ,"中\\u4e2d\\n",true]},\r\n"d":{"r":[{"a":1,"b":null},\n{"a":-12.50E+3},"x",7,\ntrue , [ ] ]\n} } ',
  ],
  ['a JSON number', { format: 'json', records: '' }, ' 12.5e10'],
  ['broken JSON', json, '{"d":{"r":[{"a":1},{"a":tru}]}}'],
  ['JSON with another escape', json, '{"d":{"r":[{"a":1},"\\u12x"]}}'],
  ['JSON that ends too early', json, '{"d":{"r":[{"a":1},{"a":2'],
  ['JSON with a large record', json, `{"d":{"r":[1,"${'x'.repeat(40)}"]}}`],
  ['JSON with large text outside', json, `{"x":"${'x'.repeat(40)}","d":{"r":[1]}}`],
  ['JSON with too many records', json, `{"d":{"r":[${'1,'.repeat(12)}1]}}`],
  ['JSON with too much depth', json, '{"d":{"r":[1,[[[[[[[1]]]]]]]]}}'],
  ['NDJSON', ndjson, '{"a":1}\r\n\n  \n{"a":2.0,"b":"\\""}\r12\n[1,2] \n"x"'],
  ['NDJSON with bad lines', ndjson, '{"a":1}\n{"a":}\n{"a":1\n}\n{"a":1} {}\n"\\u0000"\n2'],
  ['NDJSON with large lines', ndjson, `1\n "${'x'.repeat(40)}"\n2\n${' '.repeat(40)}\n"${'x'.repeat(20)}`],
  ['NDJSON with too many lines', ndjson, '1\n'.repeat(12)],
]

for (const [what, source, text] of inputs) {
  t.test(`${what} gives the same records however it comes`, async () => {
    const limits = { ...defaultLimits, recordBytes: 30, records: 10, depth: 7 }
    const whole = outcome([text], source, limits)
    assert.deepStrictEqual(outcome([...text], source, limits), whole)
    for (let at = 0; at <= text.length; at++)
      assert.deepStrictEqual(outcome([text.slice(0, at), '', text.slice(at)], source, limits), whole)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), cuts => {
        const ends = [...cuts, text.length].toSorted((a, b) => a - b)
        const pieces = ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end))
        assert.deepStrictEqual(outcome(pieces, source, limits), whole)
      }),
      { numRuns: 100 },
    )
  })
}

t.test('a large record is read again only each time it has doubled', async t => {
  const window = new Window()
  const reads = Array.from({ length: 1000 }, () => window.append('x'.repeat(100))).filter(Boolean)
  t.equal(reads.length, 10)
})

t.test('what is taken does not stay in the window', async t => {
  const window = new Window()
  for (let i = 0; i < 100; i++) {
    window.append('x'.repeat(1000))
    window.at = window.text.length - 10
  }
  t.ok(window.text.length <= 1010)
})

/** The records and the error, with the places of both. */
function outcome(pieces: readonly string[], source: Source, limits: Limits): unknown {
  const window = new Window()
  const records = new Records(window, limits)
  const outer = new OuterTexts(['/D/@a', '/D/H', '/h/d'], {}, records)
  const reader = newReader({ source, limits, window, records, outer })
  const taken: unknown[] = []
  try {
    for (const piece of pieces) {
      if (window.append(piece)) reader.read()
      taken.push(...records.take())
    }
    window.end()
    reader.read()
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    return { taken: [...taken, ...records.take()], code: error.code, message: error.message }
  }
  return { taken: [...taken, ...records.take()] }
}

/**
 * Parses a large input in a process of its own and prints how many records it had and the most memory it took, in MB.
 *
 * Arguments: the format, `plain` or `gzip`, and how many MB of text.
 */
import { gzipSync } from 'node:zlib'
import { defaultLimits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source } from '../../src/source.ts'

const inputs: { readonly [format: string]: { source: Source; head: string; row: string; tail: string } } = {
  xml: {
    source: { format: 'xml', records: 'ROOT/ROW' },
    head: '<ROOT>',
    row: '<ROW><NAME>合成企业有限公司</NAME><CODE>91331199MAXT000111</CODE><DATE>2024-01-01</DATE></ROW>\n',
    tail: '</ROOT>',
  },
  csv: {
    source: { format: 'csv', records: '' },
    head: 'name,code,date\n',
    row: '"合成企业有限公司, ""甲""",91331199MAXT000111,2024-01-01\n',
    tail: '',
  },
}

const [format = '', wrapping = '', megabytes = ''] = process.argv.slice(2)
const input = inputs[format]
if (input === undefined) throw new Error('no such format')
const { source, head, row, tail } = input

const wrap = (text: string): Uint8Array => (wrapping === 'gzip' ? gzipSync(text) : Buffer.from(text))

async function* bytes(): AsyncGenerator<Uint8Array> {
  const rows = row.repeat(Math.ceil(1e6 / Buffer.byteLength(row)))
  const block = wrap(rows)
  yield wrap(head)
  for (let sent = 0; sent < Number(megabytes) * 1e6; sent += Buffer.byteLength(rows)) yield block
  if (tail !== '') yield wrap(tail)
}

let records = 0
for await (const batch of parse(bytes(), source, { limits: defaultLimits })) records += batch.length
const memory = process.resourceUsage().maxRSS / 1e3
console.log(JSON.stringify({ records, memory: Math.round(memory) }))

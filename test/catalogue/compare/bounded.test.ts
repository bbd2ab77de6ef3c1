import t from 'tap'
import { compareStandards, type Comparison } from '../../../src/catalogue/compare/compare.ts'
import type { SchemaNode } from '../../../src/standard.ts'
import { documentOf, titles } from '../../validate/fixture.ts'

function compared(before: SchemaNode, after: SchemaNode): Comparison {
  const [old, young] = [before, after].map(value => ({
    document: documentOf({ properties: { value: { titles, level: 'L1', ...value } } }),
    codeList: () => undefined,
  }))
  if (old === undefined || young === undefined) throw new Error('bug: two versions are compared')
  return compareStandards(old, young)
}

const strings: SchemaNode = { type: 'array', items: { type: 'string' } }

/** What would have to be grown to show the break: gigabytes, or a comparison of all with all. */
const huge: Record<string, [before: SchemaNode, after: SchemaNode]> = {
  'a text': [
    { type: 'string', minLength: 1e9 },
    { type: 'string', minLength: 1e9 + 1 },
  ],
  'a list': [
    { ...strings, minItems: 1e9 },
    { ...strings, minItems: 1e9 + 1 },
  ],
  'a list without repeats': [
    { ...strings, minItems: 9_000, uniqueItems: true },
    { ...strings, minItems: 9_001, uniqueItems: true },
  ],
}

for (const [what, [before, after]] of Object.entries(huge)) {
  t.test(`${what} that is too long to be made leaves the break undecided, and major`, async t => {
    t.match(compared(before, after), { verdict: 'major', changes: [{ impact: 'major', isDecided: false }] })
  })
}

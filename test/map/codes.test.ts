import t from 'tap'
import { checkCases, type Case } from './fixture.ts'

const x = { from: 'x' }
const byTitle = { list: 'colour', by: 'title' }
const on = { from: 'd', via: ['date'] }

const cases: { [what: string]: { [field: string]: Case[] } } = {
  'unlisted is the code of texts that are not listed, not of none': {
    colour: [
      [{ ...x, codes: { r: 'red' }, unlisted: 'green' }, { x: '?' }, 'green'],
      [{ ...x, codes: { r: 'red' }, unlisted: 'green' }, { x: 'r' }, 'red'],
      [{ ...x, codes: { r: 'red' }, unlisted: 'green' }, { x: '' }, undefined],
    ],
    colours: [
      [{ ...x, via: [{ split: ',' }], codes: { r: 'red' }, unlisted: 'green' }, { x: 'r,?' }, ['red', 'green']],
    ],
  },
  'translate finds the code of a title in either language': {
    colour: [
      [{ ...x, translate: byTitle }, { x: '绿' }, 'green'],
      [{ ...x, translate: byTitle }, { x: 'Green' }, 'green'],
      [{ ...x, via: ['trim'], translate: byTitle }, { x: ' Red ' }, 'red'],
      [{ ...x, translate: byTitle }, { x: 'green' }, ['/colour x code-unmapped']],
      [{ ...x, translate: byTitle }, { x: 'constructor' }, ['/colour x code-unmapped']],
      [{ ...x, translate: byTitle, unlisted: 'red' }, { x: 'Blue' }, 'red'],
      [{ ...x, translate: byTitle }, {}, undefined],
    ],
    colours: [
      [{ ...x, via: [{ split: '、' }], translate: byTitle }, { x: '红、绿' }, ['red', 'green']],
      [{ ...x, via: [{ split: '、' }], translate: byTitle }, { x: '红、蓝' }, ['/colours x code-unmapped']],
    ],
  },
  'codes that the adapter lists win': {
    colour: [
      [{ ...x, codes: { Red: 'green' }, translate: byTitle }, { x: 'Red' }, 'green'],
      [{ ...x, codes: { Rouge: 'red' }, translate: byTitle }, { x: 'Green' }, 'green'],
    ],
  },
  'a title means what it meant on the day': {
    shade: [
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '朱', d: '2009-12-31' }, '1'],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '朱', d: '2010-01-01' }, '2'],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '青', d: '2015-06-30' }, '3'],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '青', d: '2015-07-01' }, ['/shade x code-unmapped']],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '青' }, '3'],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '朱' }, ['/shade x code-ambiguous']],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '绯', d: '9999-12-31' }, '1'],
      [{ ...x, translate: { list: 'shade', by: 'title', on } }, { x: '黛' }, ['/shade x code-unmapped']],
    ],
  }, // prettier-ignore
  'without a day a title means what it means now': {
    shade: [
      [{ ...x, translate: { list: 'shade', by: 'title' } }, { x: '朱' }, '2'],
      [{ ...x, translate: { list: 'shade', by: 'title' } }, { x: '黛' }, ['/shade x code-unmapped']],
      [{ ...x, translate: { list: 'shade', by: 'title' }, unlisted: '1' }, { x: '黛' }, '1'],
      [{ ...x, translate: { list: 'shade', by: 'title' } }, { x: '青' }, '3'],
    ],
  }, // prettier-ignore
  'a crosswalk leads to the code in force on the day': {
    colour: [
      [{ ...x, translate: { crosswalk: 'shade-colour', on } }, { x: '2', d: '2012-12-31' }, 'red'],
      [{ ...x, translate: { crosswalk: 'shade-colour', on } }, { x: '2', d: '2013-01-01' }, 'green'],
      [{ ...x, translate: { crosswalk: 'shade-colour', on } }, { x: '1', d: '2013-01-01' }, 'red'],
      [{ ...x, translate: { crosswalk: 'shade-colour' } }, { x: '2' }, ['/colour x code-ambiguous']],
      [{ ...x, translate: { crosswalk: 'shade-colour' } }, { x: '3' }, 'green'],
      [{ ...x, translate: { crosswalk: 'shade-colour' } }, { x: '4' }, ['/colour x code-unmapped']],
    ],
  },
  'a day that cannot be read is refused, and one that is a constant holds for all': {
    colour: [
      [{ ...x, translate: { crosswalk: 'shade-colour', on } }, { x: '2', d: '2013-02-30' }, ['/colour d not-a-date']],
      [{ ...x, translate: { crosswalk: 'shade-colour', on: { from: 'd' } } }, { x: '2', d: '1/2/13' }, ['/colour x not-a-date']],
      [{ ...x, translate: { crosswalk: 'shade-colour', on: { value: '2020-01-01' } } }, { x: '2' }, 'green'],
      [{ ...x, translate: { crosswalk: 'shade-colour', on: { ...on, default: '2000-01-01' } } }, { x: '2' }, 'red'],
    ],
  }, // prettier-ignore
}

for (const [what, byField] of Object.entries(cases)) t.test(what, async t => checkCases(t, byField))

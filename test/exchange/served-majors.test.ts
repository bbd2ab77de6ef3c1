import t from 'tap'
import { servedStandards } from '../../src/exchange/served-majors.ts'
import type { CatalogueIndex } from '../../src/store/catalogue.ts'

t.test('the newest version of the newest major that is not retired is the last of those served', t => {
  const version = (standard: string, version: string, publishedAt: string) => ({ standard, version, publishedAt })
  const index = {
    standards: [
      version('b', '1.0.0', '2'), version('b', '1.10.0', '4'), version('b', '1.9.0', '3'),
      version('b', '2.0.0', '5'), version('b', '3.0.0', '6'), version('a', '1.0.0', '1'), version('gone', '1.0.0', '1'),
    ],
    majors: [
      { standard: 'b', major: 1, status: 'deprecated' },
      { standard: 'b', major: 3, status: 'retired' },
      { standard: 'gone', major: 1, status: 'retired' },
    ],
  } as unknown as CatalogueIndex // prettier-ignore
  const served = [...servedStandards(index).values()]
  t.same(
    served.map(({ standard }) => standard),
    ['a', 'b'],
  )
  t.match(served[1], {
    issued: '2',
    majors: [
      { major: 1, version: '1.10.0', status: 'deprecated' },
      { major: 2, version: '2.0.0', status: 'published' },
    ],
  })
  t.end()
})

import t from 'tap'
import { datesIn } from '../../../src/catalogue/draft/dates.ts'

const cases: [texts: string[], formats: string[], isAmbiguous: boolean][] = [
  [['20240315', '19990101'], ['YYYYMMDD'], false],
  [['2024-03-15', '20240315', '2024-03-16'], ['YYYY-MM-DD', 'YYYYMMDD'], false],
  [['2017-06-15 00:00:00.0', '2004-03-2500:00:00.0'], ['YYYY-MM-DD HH:mm:ss.S', 'YYYY-MM-DDHH:mm:ss.S'], false],
  [['2019年4月1日', '2019年12月31日'], ['YYYY年M月D日'], false],
  [['1150709', '0991231'], ['YYYMMDD'], false],
  [['2014-12-30T00:00:00'], ['YYYY-MM-DDTHH:mm:ss'], false],
  [['31/01/2024', '01/02/2024'], ['DD/MM/YYYY'], false],
  [['01/31/2024', '01/02/2024'], ['MM/DD/YYYY'], false],
  [['01/02/2024', '03/04/2024'], ['DD/MM/YYYY'], true],
  [['15.03.2022'], ['DD.MM.YYYY'], false],
  [['15-Mar-2022'], ['DD-MMM-YYYY'], false],
  [['1363906061463', '1316059200000'], ['x'], false],
]

for (const [texts, formats, isAmbiguous] of cases) {
  t.test(`${texts.join(' and ')}: ${formats.join(', ')}${isAmbiguous ? ', or month first' : ''}`, async t => {
    t.same(datesIn(counted(texts), ['year', 'month', 'day']), { formats, share: 1, isAmbiguous })
  })
}

t.test('numbers, names and postcodes are no dates', async t => {
  for (const text of ['331199', '91331199MAXT000111', '5', '示例', '33119920']) {
    t.equal(datesIn(counted([text]), ['year', 'month', 'day']).share, 0, text)
  }
})

t.test('a month needs no day', async t => {
  t.same(datesIn(counted(['201211']), ['year', 'month']).formats, ['YYYYMM'])
})

function counted(texts: readonly string[]): Map<string, number> {
  return new Map(texts.map(text => [text, 1]))
}

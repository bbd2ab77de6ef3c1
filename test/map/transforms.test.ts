import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from '../properties.ts'
import t from 'tap'
import { compareMarks } from '../../src/map/order.ts'
import { transforms, transformSchema } from '../../src/map/transforms/table.ts'
import { Refusal, type Value } from '../../src/map/transforms/transform.ts'

type Case = [input: Value, output: Value | { refused: string }]
type Examples = { name: string; parameters?: unknown; timezone?: string; cases: Case[] }

const refused = (code: string) => ({ refused: code })

const examples: Examples[] = [
  {
    name: 'trim',
    cases: [
      ['\u3000 a b\t\n', 'a b'],
      ['', ''],
    ],
  },
  { name: 'collapse', cases: [[' a\t\n b\u3000 c ', 'a b c']] },
  { name: 'nfc', cases: [['E\u0301\u00e9', '\u00c9\u00e9']] },
  {
    name: 'entities',
    cases: [
      ['&lt;a&gt; &amp; &quot;b&quot; &apos;', '<a> & "b" \''],
      ['&#233;&#xE9;&#x1F600;', 'éé😀'],
      ['&amp;lt;', '&lt;'],
      ['&nbsp; &#0; &#xD800; &#x110000; &AMP; &#;', '&nbsp; &#0; &#xD800; &#x110000; &AMP; &#;'],
    ],
  },
  { name: 'upper', cases: [['91x', '91X']] },
  { name: 'lower', cases: [['A@B.CN', 'a@b.cn']] },
  {
    name: 'width',
    cases: [
      ['Ａ１（）～！\u3000', 'A1()~! '],
      ['㈱①﹙ﾊ', '㈱①﹙ﾊ'],
    ],
  },
  { name: 'dots', cases: [['a•b‧c・d･e．f●g∙h﹒i·j.k', 'a·b·c·d·e·f·g·h·i·j.k']] },
  { name: 'brackets', cases: [['样本(示例)有限公司﹙甲﹚', '样本（示例）有限公司（甲）']] },
  { name: 'prefix', parameters: 'P-', cases: [['1', 'P-1']] },
  { name: 'suffix', parameters: '-S', cases: [['1', '1-S']] },
  {
    name: 'pad',
    parameters: { length: 4 },
    cases: [
      ['7', '0007'],
      ['12345', '12345'],
    ],
  },
  { name: 'pad', parameters: { length: 3, with: 'x', side: 'end' }, cases: [['7', '7xx']] },
  {
    name: 'substring',
    parameters: { start: 0, end: 2 },
    cases: [
      ['KY 開曼群島', 'KY'],
      ['K', 'K'],
      ['𠮷𠮷𠮷', '𠮷𠮷'],
    ],
  },
  {
    name: 'substring',
    parameters: { start: 2 },
    cases: [
      ['abc', 'c'],
      ['a', ''],
    ],
  },
  {
    name: 'replace',
    parameters: { 元: '', 美元: '$', a: 'b', b: 'a', '.': ',' },
    cases: [
      ['5美元', '5$'],
      ['5元', '5'],
      ['ab', 'ba'],
      ['1.5', '1,5'],
      ['x', 'x'],
    ],
  },
  {
    name: 'replace',
    parameters: { a: 'a'.repeat(2 ** 20) },
    cases: [
      ['aaaa', 'a'.repeat(2 ** 22)],
      ['aaaaa', refused('text-too-long')],
      ['a'.repeat(2 ** 21), refused('text-too-long')],
    ],
  },
  { name: 'join', parameters: '-'.repeat(2 ** 20), cases: [[['', '', '', '', '', ''], refused('text-too-long')]] },
  {
    name: 'split',
    parameters: '、',
    cases: [
      ['张三、 李四、', ['张三', '李四']],
      ['张三', ['张三']],
      ['、', []],
    ],
  },
  { name: 'split', parameters: [';', ', '], cases: [['a, b;c', ['a', 'b', 'c']]] },
  {
    name: 'join',
    parameters: '+',
    cases: [
      [['a', 'b'], 'a+b'],
      [['a'], 'a'],
    ],
  },
  {
    name: 'item',
    parameters: -1,
    cases: [
      [['a', 'b'], 'b'],
      [['a'], 'a'],
    ],
  },
  {
    name: 'item',
    parameters: 1,
    cases: [
      [['a', 'b'], 'b'],
      [['a'], ''],
    ],
  },
  {
    name: 'unique',
    cases: [
      [
        ['b', 'a', 'b'],
        ['b', 'a'],
      ],
    ],
  },
  {
    name: 'extract',
    parameters: '(\\d{6})号',
    cases: [
      ['许可331199号', '331199'],
      ['许可号', refused('pattern-unmatched')],
    ],
  },
  {
    name: 'extract',
    parameters: '[A-Z]+',
    cases: [
      ['abCDe', 'CD'],
      ['', refused('pattern-unmatched')],
    ],
  },
  {
    name: 'extract',
    parameters: { pattern: '(\\w+)@(?P<host>\\w+)?', group: 'host' },
    cases: [
      ['ann@sample', 'sample'],
      ['ann@', refused('pattern-unmatched')],
    ],
  },
  { name: 'extract', parameters: { pattern: '(a)b', group: 0 }, cases: [['xaby', 'ab']] },
  { name: 'rewrite', parameters: { pattern: '[^0-9]+', with: '' }, cases: [['(02) 55-12', '025512']] },
  {
    name: 'rewrite',
    parameters: { pattern: '(\\w)(?P<rest>\\w*)', with: '${rest}$1$$$0$2' },
    cases: [
      ['ab', 'ba$abb'],
      ['', ''],
      ['a'.repeat(9000) + '!', `${'a'.repeat(9000)}$${'a'.repeat(9000)}${'a'.repeat(8999)}!`],
    ],
  },
  { name: 'rewrite', parameters: { pattern: 'a', with: '' }, cases: [['a'.repeat(9000), refused('text-too-long')]] },
  {
    name: 'rewrite',
    parameters: { pattern: '.+', with: '$0'.repeat(500) },
    cases: [
      ['a'.repeat(8000), 'a'.repeat(4_000_000)],
      ['a'.repeat(9000), refused('text-too-long')],
      ['a'.repeat(2 ** 21), refused('text-too-long')],
    ],
  },
  {
    name: 'rewrite',
    parameters: { pattern: 'a', with: 'b'.repeat(1000) },
    cases: [['a'.repeat(5000), refused('text-too-long')]],
  },
  {
    name: 'quantity',
    cases: [
      ['HKD -5', '-5'],
      ['约+5元', refused('not-a-quantity')],
      ['.5万', refused('not-a-quantity')],
      ['．5万', refused('not-a-quantity')],
      ['−5元', refused('not-a-quantity')],
      ['－5元', refused('not-a-quantity')],
      ['RMB-500', refused('not-a-quantity')],
      ['RMB - 500', refused('not-a-quantity')],
      ['500-', refused('not-a-quantity')],
      ['（500）元', refused('not-a-quantity')],
      ['($500)', refused('not-a-quantity')],
      ['△500', refused('not-a-quantity')],
      ['注册资本（人民币500万元）', '500'],
      ['新台幣                 10.0000元', '10.0000'],
      ['HKD 0.1', '0.1'],
      ['1,000股', '1,000'],
      ['-5', '-5'],
      ['無面額', refused('not-a-quantity')],
      ['10元或20元', refused('not-a-quantity')],
    ],
  },
  {
    name: 'unit',
    cases: [
      ['−5元', refused('not-a-quantity')],
      ['-5 元', '元'],
      ['新台幣                 10.0000元', '新台幣'],
      ['HKD 0.1', 'HKD'],
      ['500 平方米', '平方米'],
      ['0.1', ''],
      ['無面額', refused('not-a-quantity')],
      ['10元或20元', refused('not-a-quantity')],
    ],
  },
  {
    name: 'unmasked',
    cases: [
      ['330222', '330222'],
      ['330222****', refused('value-masked')],
      ['张＊', refused('value-masked')],
    ],
  },
  {
    name: 'decimal',
    cases: [
      ['10', '10'],
      [' 0010.500 ', '10.5'],
      ['+1', '1'],
      ['-0.0', '0'],
      ['.5', '0.5'],
      ['5.', '5'],
      ['2.5E7', '25000000'],
      ['2.5e-3', '0.0025'],
      ['0E99999', '0'],
      ['12345678901234567890.12345678901234567890', '12345678901234567890.1234567890123456789'],
      ['', refused('not-a-decimal')],
      ['.', refused('not-a-decimal')],
      ['1.2.3', refused('not-a-decimal')],
      ['5,000000', refused('not-a-decimal')],
      ['壹', refused('not-a-decimal')],
      ['1e61', refused('not-a-decimal')],
      ['1e-99999', refused('not-a-decimal')],
      ['0x10', refused('not-a-decimal')],
      ['Infinity', refused('not-a-decimal')],
    ],
  },
  {
    name: 'decimal',
    parameters: { shift: 4 },
    cases: [
      ['3.437791', '34377.91'],
      ['10', '100000'],
      ['0.00001', '0.1'],
      ['2.5E3', '25000000'],
    ],
  },
  {
    name: 'decimal',
    parameters: { shift: -2 },
    cases: [
      ['5', '0.05'],
      ['12345', '123.45'],
    ],
  },
  {
    name: 'decimal',
    parameters: { grouping: ',' },
    cases: [
      ['1,234,567.80', '1234567.8'],
      ['-1,234', '-1234'],
      ['1234', '1234'],
      ['5,000000', refused('not-a-decimal')],
      ['1,23', refused('not-a-decimal')],
      ['1.234,5', refused('not-a-decimal')],
    ],
  },
  {
    name: 'decimal',
    parameters: { point: ',', grouping: '.' },
    cases: [
      ['1.234,50', '1234.5'],
      ['5,000000', '5'],
      ['1.5', refused('not-a-decimal')],
    ],
  },
  {
    name: 'decimal',
    parameters: { point: ',' },
    cases: [
      ['74,89', '74.89'],
      ['74.89', refused('not-a-decimal')],
    ],
  },
  {
    name: 'integer',
    cases: [
      ['0012', 12],
      ['-3', -3],
      ['12.00', 12],
      ['1E3', 1000],
      ['999999999999999', 999_999_999_999_999],
      ['9007199254740993', refused('not-an-integer')],
      ['12.5', refused('not-an-integer')],
      ['', refused('not-an-integer')],
    ],
  },
  {
    name: 'number',
    cases: [
      ['51.35683822631840', 51.3568382263184],
      ['-0.17007599771023', -0.17007599771023],
      ['0', 0],
      ['1e3', 1000],
      ['0.12345678901234567890', refused('not-a-number')],
      ['9007199254740993', refused('not-a-number')],
      ['NaN', refused('not-a-number')],
    ],
  },
  {
    name: 'boolean',
    parameters: { true: ['1', '是'], false: ['0', '否'] },
    cases: [
      ['是', true],
      [' 0 ', false],
      ['2', refused('not-a-boolean')],
      ['true', refused('not-a-boolean')],
    ],
  },
  {
    name: 'date',
    cases: [
      ['2024-02-29', '2024-02-29'],
      [' 2024-02-29 ', '2024-02-29'],
      ['2023-02-29', refused('not-a-date')],
      ['2000-02-29', '2000-02-29'],
      ['1900-02-29', refused('not-a-date')],
      ['2024-04-31', refused('not-a-date')],
      ['2024-13-01', refused('not-a-date')],
      ['2024-00-10', refused('not-a-date')],
      ['0000-01-01', refused('not-a-date')],
      ['2024-1-1', refused('not-a-date')],
      ['2024-01-01x', refused('not-a-date')],
      ['20240101', refused('not-a-date')],
      ['２０２４-01-01', refused('not-a-date')],
    ],
  },
  {
    name: 'date',
    parameters: {
      formats: [
        'YYYYMMDD',
        'YYYY-MM-DD HH:mm:ss.S',
        'YYYY-MM-DDHH:mm:ss.S',
        'YYYYMMDDHHmmss',
        'YYYY年M月D日',
        'DD.MM.YYYY',
        'YYYMMDD',
        'YYY/MM/DD',
      ],
    },
    cases: [
      ['20150505', '2015-05-05'],
      ['2017-06-15 00:00:00.0', '2017-06-15'],
      ['2004-03-2500:00:00.0', '2004-03-25'],
      ['20211028154247', '2021-10-28'],
      ['2019年4月1日', '2019-04-01'],
      ['2019年12月31日', '2019-12-31'],
      ['15.03.2022', '2022-03-15'],
      ['1150709', '2026-07-09'],
      ['099/01/05', '2010-01-05'],
      ['2017-06-15 24:00:00.0', refused('not-a-date')],
      ['2017-06-15 00:60:00.0', refused('not-a-date')],
      ['长期', refused('not-a-date')],
      ['0150230', refused('not-a-date')],
    ],
  },
  {
    name: 'date',
    parameters: { formats: ['Y/M/D', 'YMMDD', 'D MMM YYYY', 'MMMM D, YYYY', '[Day:] DD-MMM-YYYY H:mm'] },
    cases: [
      ['67/2/18', '1978-02-18'],
      ['1/1/1', '1912-01-01'],
      ['0099/1/5', refused('not-a-date')],
      ['990105', '2010-01-05'],
      ['1150709', '2026-07-09'],
      ['0105', refused('not-a-date')],
      ['3 feb 2026', '2026-02-03'],
      ['3 Febr 2026', refused('not-a-date')],
      ['SEPTEMBER 3, 2026', '2026-09-03'],
      ['May 3, 2026', '2026-05-03'],
      ['Sep 3, 2026', refused('not-a-date')],
      ['Day: 03-Mar-2026 7:05', '2026-03-03'],
      ['Day: 03-Mar-2026 17:05', '2026-03-03'],
    ],
  },
  {
    name: 'date',
    parameters: { formats: ['DD/MM/YY'], century: 1950 },
    cases: [
      ['03/02/49', '2049-02-03'],
      ['03/02/50', '1950-02-03'],
      ['03/02/00', '2000-02-03'],
      ['03/02/2000', refused('not-a-date')],
    ],
  },
  {
    name: 'date',
    parameters: { formats: ['[/Date(]x[)/]'] },
    timezone: 'Asia/Shanghai',
    cases: [
      ['/Date(1316015999999)/', '2011-09-14'],
      ['/Date(1316016000000)/', '2011-09-15'],
      ['/Date(-1)/', '1970-01-01'],
      ['/Date(999999999999999)/', refused('not-a-date')],
      ['/Date()/', refused('not-a-date')],
    ],
  },
  ...['+08:00', 'Asia/Shanghai'].map(timezone => ({
    name: 'date',
    parameters: { formats: ['YYYY-MM-DDTHH:mm:ss.SZ', 'YYYY-MM-DDTHH:mm:ssZ', 'YYYY-MM-DDZ', 'YYYY-MM-DD HH:mm'] },
    timezone,
    cases: [
      ['2017-06-14T16:00:00.000Z', '2017-06-15'],
      ['2017-06-14T15:59:59.999Z', '2017-06-14'],
      ['2017-06-15T00:30:00+09:00', '2017-06-14'],
      ['2017-06-15+14:00', '2017-06-15'],
      ['2017-06-15 00:00', '2017-06-15'],
      ['9999-12-31T23:00:00Z', refused('not-a-date')],
    ] satisfies Case[],
  })),
  {
    name: 'date',
    parameters: { formats: ['YYYY-MM-DDTHH:mm:ssZ'] },
    cases: [['2017-06-14T16:00:00+02:00', '2017-06-14']],
  },
  {
    name: 'yearMonth',
    parameters: { formats: ['YYYY-MM-DDTHH:mm:ssZ', 'X'] },
    timezone: '+08:00',
    cases: [
      ['2017-06-30T16:00:00Z', '2017-07'],
      ['1498838400', '2017-07'],
    ],
  },
  {
    name: 'date',
    parameters: { formats: ['YYY/MM/DD', 'Y.M.D'] },
    cases: [
      ['000/01/05', refused('not-a-date')],
      ['0.1.5', refused('not-a-date')],
      ['001/01/05', '1912-01-05'],
    ],
  },
  {
    name: 'yearMonth',
    parameters: { formats: ['X'] },
    cases: [
      ['0', '1970-01'],
      ['-1', '1969-12'],
    ],
  },
  {
    name: 'utc',
    cases: [
      ['2026-02-03T04:05:06.070+08:00', '2026-02-02T20:05:06.070000000Z'],
      ['2026-02-03T04:05:06Z', '2026-02-03T04:05:06.000000000Z'],
      ['2026-02-03T04:05:06.12345678912Z', '2026-02-03T04:05:06.123456789Z'],
      ['9999-12-31T23:59:59-01:00', refused('not-a-date-time')],
      ['0001-01-01T00:00:00+01:00', refused('not-a-date-time')],
      ['2026-02-03', refused('not-a-date-time')],
      ['2026-02-30T04:05:06+24:01', refused('not-a-date-time')],
    ],
  },
  {
    name: 'decimal',
    parameters: { times: '10000/15', digits: 2 },
    cases: [
      ['2', '1333.33'],
      ['0', '0'],
      ['x', refused('not-a-decimal')],
      ['1E59', refused('not-a-decimal')],
    ],
  },
  {
    name: 'dateTime',
    parameters: { formats: ['X', 'x[ms]', 'X.S'] },
    timezone: '+08:00',
    cases: [
      ['1316059200', '2011-09-15T04:00:00Z'],
      ['1316059200250ms', '2011-09-15T04:00:00.25Z'],
      ['1316059200.5', '2011-09-15T04:00:00.5Z'],
      ['-1.5', refused('not-a-date-time')],
      ['-0.5', refused('not-a-date-time')],
      ['-1', '1969-12-31T23:59:59Z'],
      ['-62135596801', refused('not-a-date-time')],
    ],
  },
  {
    name: 'dateTime',
    parameters: { formats: ['MM/DD/YYYY hh:mm:ss A', 'D.M.YYYY h:mmA', 'YYYY-MM-DD H:mm'] },
    timezone: '+08:00',
    cases: [
      ['02/03/2026 12:05:00 AM', '2026-02-03T00:05:00+08:00'],
      ['02/03/2026 12:05:00 pm', '2026-02-03T12:05:00+08:00'],
      ['02/03/2026 01:05:00 PM', '2026-02-03T13:05:00+08:00'],
      ['02/03/2026 00:05:00 AM', refused('not-a-date-time')],
      ['02/03/2026 13:05:00 PM', refused('not-a-date-time')],
      ['3.2.2026 9:05AM', '2026-02-03T09:05:00+08:00'],
      ['3.2.2026 9:05', refused('not-a-date-time')],
      ['2026-02-03 7:05', '2026-02-03T07:05:00+08:00'],
    ],
  },
  {
    name: 'yearMonth',
    parameters: { formats: ['YYYY/MM', 'YYYYMM'] },
    cases: [
      ['2017/04', '2017-04'],
      ['201211', '2012-11'],
      ['201213', refused('not-a-month')],
    ],
  },
  {
    name: 'dateTime',
    parameters: { formats: ['YYYYMMDDHHmmss', 'YYYY-MM-DD HH:mm:ss.S', 'YYYY-MM-DDTHH:mm:ssZ'] },
    timezone: '+08:00',
    cases: [
      ['20211028154247', '2021-10-28T15:42:47+08:00'],
      ['2021-10-28 15:42:47.0', '2021-10-28T15:42:47+08:00'],
      ['2021-10-28 15:42:47.250', '2021-10-28T15:42:47.25+08:00'],
      ['2021-10-28T15:42:47Z', '2021-10-28T15:42:47Z'],
      ['2021-10-28T15:42:47-05:30', '2021-10-28T15:42:47-05:30'],
      ['20210229154247', refused('not-a-date-time')],
      ['20211028235960', refused('not-a-date-time')],
    ],
  },
  {
    name: 'dateTime',
    parameters: { formats: ['YYYY-MM-DD HH:mm'] },
    timezone: 'America/New_York',
    cases: [
      ['2024-01-15 12:00', '2024-01-15T12:00:00-05:00'],
      ['2024-07-15 12:00', '2024-07-15T12:00:00-04:00'],
      ['2024-03-10 02:30', refused('time-skipped')],
      ['2024-11-03 01:30', '2024-11-03T01:30:00-04:00'],
    ],
  },
  {
    name: 'dateTime',
    parameters: { formats: ['YYYY-MM-DD HH:mm'] },
    timezone: 'Asia/Shanghai',
    cases: [
      ['2024-01-15 12:00', '2024-01-15T12:00:00+08:00'],
      ['1988-07-01 12:00', '1988-07-01T12:00:00+09:00'],
    ],
  },
  {
    name: 'identifier',
    parameters: 'uscc',
    cases: [
      [' 91331199maxt-0001 11 ', '91331199MAXT000111'],
      ['９１331199MAXT000111', '91331199MAXT000111'],
    ],
  },
  {
    name: 'identifier',
    parameters: 'resident-id',
    cases: [
      ['331199010101001', '331199190101010019'],
      ['33119919010305009x', '33119919010305009X'],
      ['331199013101001', '331199013101001'],
    ],
  },
  {
    name: 'identifier',
    parameters: 'real-estate-unit',
    cases: [['331199 001001 GB00001 F00010001', '331199001001GB00001F00010001']],
  },
]

for (const { name, parameters, timezone, cases } of examples) {
  t.test(`${name} ${JSON.stringify(parameters ?? '')} ${timezone ?? ''}`, async t => {
    const step = stepOf(name, parameters, timezone)
    for (const [input, output] of cases) {
      const given = step(input)
      t.strictSame(given instanceof Refusal ? refused(given.code) : given, output, JSON.stringify(input))
    }
  })
}

t.test('every transform has examples, and says in both languages why it refuses, without the value', async t => {
  const missing = Object.keys(transforms).filter(name => examples.every(example => example.name !== name))
  t.same(missing, [])
  for (const { name, parameters, timezone, cases } of examples) {
    for (const [input] of cases) {
      const given = stepOf(name, parameters, timezone)(input)
      if (!(given instanceof Refusal)) continue
      t.match(given.titles['zh-CN'], /[\u4e00-\u9fff]/)
      t.match(given.titles.en, /^is |^does /)
      if (String(input).length > 6) t.notOk(given.titles.en.includes(String(input)))
    }
  }
})

/** Parameters that their schema lets pass and that cannot be used all the same. */
const problems: [name: string, parameters: unknown, problem: RegExp, timezone?: string][] = [
  ['decimal', { grouping: '.' }, /grouping and point are the same/],
  ['decimal', { times: '1/0' }, /nor a fraction/],
  ['decimal', { times: '1/2/3' }, /nor a fraction/],
  ['integer', { grouping: ',', point: ',' }, /the same/],
  ['boolean', { true: ['1'], false: ['0', '1'] }, /both true and false/],
  ['date', { formats: ['YYYY-MM'] }, /gives no day/],
  ['date', { formats: ['YYYY-MM-DD MM'] }, /gives the month twice/],
  ['date', { formats: ['YYYY-MM-DD', '-MM-DD'] }, /gives no year/],
  ['date', { formats: ['YYYY-MM-DD m'] }, /stray m/],
  ['date', { formats: ['DD/MM/YY'] }, /needs a century/],
  ['date', { formats: ['YYYYMD'] }, /where M and D part/],
  ['date', { formats: ['YMDD'] }, /where Y and M part/],
  ['date', { formats: ['YYYY-MM-DD h:mm'] }, /only one of h and A/],
  ['date', { formats: ['YYYY-MM-DD H:mm A'] }, /only one of h and A/],
  ['date', { formats: ['YYYY-MM-DD hH'] }, /gives the hour twice/],
  ['date', { formats: ['YYYY x'] }, /twice/],
  ['date', { formats: ['[YYYY-MM-DD'] }, /stray \[/],
  ['yearMonth', { formats: ['YYYY'] }, /gives no month/],
  ['extract', '(a)\\1', /linear time/],
  ['extract', { pattern: '(a)', group: 2 }, /no group 2/],
  ['extract', { pattern: '(?P<a>a)', group: 'b' }, /no group b/],
  ['rewrite', { pattern: '(', with: '' }, /missing closing/],
  ['rewrite', { pattern: 'a', with: '$1' }, /no group 1/],
  ['rewrite', { pattern: 'a', with: '${a}' }, /no group a/],
  ['dateTime', { formats: ['YYYYMMDDHHmm'] }, /name a timezone/],
  ['dateTime', { formats: ['YYYYMMDD'] }, /gives no hour/, '+08:00'],
  ['dateTime', { formats: ['YYYYMMDDHHmm'] }, /not known/, 'Asia/Atlantis'],
]

t.test('parameters that cannot be used are told', async t => {
  for (const [name, parameters, problem, timezone] of problems) {
    t.match(transforms[name]?.problem(parameters, { timezone }), problem, JSON.stringify(parameters))
  }
  t.equal(
    transforms['dateTime']?.problem(undefined, {}),
    undefined,
    'with an offset in the text no time zone is needed',
  )
})

t.test('a decimal keeps its value: what was shifted and shifted back is what it was', async () => {
  const shift = (by: number) => stepOf('decimal', { shift: by })
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.nat(8),
      fc.integer({ min: -9, max: 9 }),
      (n, scale, by) => {
        const written = decimalText(n, scale)
        const canonical = stepOf('decimal')(written)
        assert.match(String(canonical), /^(0|-?(?!0$)(?!0\.0*$)(0|[1-9]\d*)(\.\d*[1-9])?)$/)
        assert.equal(shift(-by)(shift(by)(written)), canonical)
        assert.equal(stepOf('decimal')(canonical), canonical)
        // The independent reckoning is on integers: the digits at a common scale.
        assert.equal(scaled(String(canonical), 8), n * 10n ** BigInt(8 - scale))
      },
    ),
  )
})

t.test('a number is exactly what was written, or refused', async () => {
  const digits = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })
  fc.assert(
    fc.property(digits, fc.nat(20), (n, scale) => {
      const canonical = String(stepOf('decimal')(decimalText(n, scale)))
      const number = stepOf('number')(canonical)
      const kept = stepOf('decimal')(String(Number(canonical))) === canonical
      assert.equal(typeof number === 'number', kept, canonical)
      if (kept) assert.equal(number, Number(canonical))
    }),
    { numRuns: 1000 },
  )
})

t.test('a day that is written is read back, in every format', async () => {
  const formats = [
    'YYYY-MM-DD',
    'YYYYMMDD',
    'YYYY年M月D日',
    'D.M.YYYY',
    'DDMMMYYYY',
    'MMMM D YYYY',
    'YYYYMMD',
    'YYYYDDM',
  ]
  const republican = ['YYYMMDD', 'Y/M/D', 'YMMDD', 'Y年MM月DD日', 'YYYMMD', 'YY/MM/DD', 'x', 'X[s]', 'x[ms]']
  const from = (year: string) => ({ min: new Date(`${year}-01-01`), noInvalidDate: true })
  const anyDay = fc.date({ ...from('1000'), max: new Date('9999-12-31') })
  const recentDay = fc.date({ ...from('1912'), max: new Date('2011-12-31') })
  const days = fc.oneof(
    fc.tuple(anyDay, fc.constantFrom(...formats)),
    fc.tuple(recentDay, fc.constantFrom(...formats, ...republican)),
  )
  fc.assert(
    fc.property(days, ([date, format]) => {
      assert.equal(
        stepOf('date', { formats: [format], century: 1912 })(written(date, format)),
        date.toISOString().slice(0, 10),
      )
    }),
  )
})

t.test('a time that is written is read back, in every format', async () => {
  const formats = ['YYYY-MM-DD HH:mm:ss.S', 'D MMM YYYY hh:mm:ss.S A', 'YYYYMMDD h:mm:ss.S A', 'Y-M-D H:mm:ss.S', 'x']
  const time = fc.date({ min: new Date('1912-01-01'), max: new Date('2300-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(time, fc.constantFrom(...formats), (date, format) => {
      const given = stepOf('dateTime', { formats: [format] }, 'Z')(written(date, format))
      assert.equal(new Date(String(given)).getTime(), date.getTime())
    }),
  )
})

/** A time of UTC in a date format, one token after another. */
function written(date: Date, format: string): string {
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] = date
    .toISOString()
    .split(/[-T:.Z]/)
  const republic = String(Number(year) - 1911)
  const twelve = String(Number(hour) % 12 || 12)
  const name = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })
  const tokens: { [token: string]: string } = {
    YYYY: year, YYY: republic.padStart(3, '0'), YY: year.slice(2), Y: republic,
    MMMM: name, MMM: name.slice(0, 3), MM: month, M: String(Number(month)), DD: day, D: String(Number(day)),
    HH: hour, H: String(Number(hour)), hh: twelve.padStart(2, '0'), h: twelve, A: Number(hour) < 12 ? 'AM' : 'PM',
    mm: minute, ss: second, S: fraction,
    x: String(date.getTime()), X: String(Math.floor(date.getTime() / 1000)),
  } // prettier-ignore
  return format.replace(/\[(.*?)\]|[YMDHhAmsSxX]+/g, (token, literal?: string) => literal ?? split(token))

  function split(run: string): string {
    const longest = Object.keys(tokens).find(token => run.startsWith(token))
    return longest === undefined ? run : `${tokens[longest]}${split(run.slice(longest.length))}`
  }
}

t.test('the schema of adapters lists the transforms as the table has them', async t => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/meta/adapter.json', import.meta.url), 'utf8'))
  t.strictSame(schema.$defs.transform, JSON.parse(JSON.stringify(transformSchema())), 'else run: npm run types')
})

function stepOf(name: string, parameters?: unknown, timezone?: string): (value: Value | Refusal) => Value | Refusal {
  const transform = transforms[name]
  assert(transform)
  const step = transform.compile(parameters, { timezone })
  return value => (value instanceof Refusal ? value : step(value))
}

function decimalText(n: bigint, scale: number): string {
  const digits = String(n < 0n ? -n : n).padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return (n < 0n ? '-' : '') + text
}

function scaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const n = BigInt(whole + fraction.padEnd(scale, '0'))
  return text.startsWith('-') ? -n : n
}

t.test('a factor is exact but for its last digit, which is rounded half to even', async t => {
  const step = (times: string, digits: number) => stepOf('decimal', { times, digits })
  const halves = ['0.5', '1.5', '2.5', '-0.5', '-1.5', '2.51'].map(text => step('1', 0)(text))
  t.same(halves, ['0', '2', '2', '0', '-2', '3'])
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.nat(9),
      (units, by, digits) => {
        const given = String(step(`1/${by}`, digits)(String(units)))
        const [whole = '', fraction = ''] = given.replace('-', '').split('.')
        const kept = BigInt(whole + fraction.padEnd(digits, '0')) * (given.startsWith('-') ? -1n : 1n)
        const twiceError = 2n * (units * 10n ** BigInt(digits) - kept * BigInt(by))
        assert.ok((twiceError < 0n ? -twiceError : twiceError) <= BigInt(by))
      },
    ),
  )
})

t.test('instants in UTC compare as texts', async () => {
  const utc = stepOf('utc')
  const milliseconds = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 4e12 }))
  const instants = fc.tuple(milliseconds, fc.constantFrom('+08:00', '-03:30', 'Z'))
  const written = ([ms, offset]: [number, string]) => {
    const minutes = { '+08:00': 480, '-03:30': -210 }[offset] ?? 0
    const time = new Date(ms + minutes * 60_000).toISOString().slice(0, 23)
    return `${time.replace(/\.000$|(?<=\.\d+)0+$/, '')}${offset}`
  }
  fc.assert(
    fc.property(instants, instants, (a, b) => {
      assert.equal(String(utc(written(a))) < String(utc(written(b))), a[0] < b[0])
      assert.equal(Math.sign(compareMarks(written(a), written(b))), Math.sign(a[0] - b[0]))
    }),
  )
})

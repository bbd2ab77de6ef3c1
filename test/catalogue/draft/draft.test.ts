import t from 'tap'
import { compileAdapter } from '../../../src/map/adapter.ts'
import type { HubError } from '../../../src/errors.ts'
import type { Draft } from '../../../src/catalogue/draft/draft.ts'
import { draftFromSample } from '../../../src/catalogue/draft/from-sample.ts'
import { readStandard } from '../../../src/standard.ts'
import { catalogue, draft, pathsOf } from './starter.ts'

/** Taxpayers as tax authorities write them: pinyin initials, codes under _DM, serials of 20 digits. */
const taxpayers = `<?xml version="1.0" encoding="UTF-8"?>
<DATA><HEAD><FSSJ>20240402</FSSJ></HEAD><BODY>${[
  ['91331199MAXT000111', '示例县样本新能源有限公司', '10013311990000000001', '03', '张示例', '20170620', 'C3825', 'A'],
  ['92331199MAXT0002XM', '示例县虚构面馆', '10013311990000000002', '03', '李虚构', '20180301', 'H6210', 'B'],
  ['12331199MBXT00031A', '示例县模拟建设发展中心', '10013311990000000003', '07', '王模拟', '20190815', 'S9221', 'M'],
]
  .map(
    ([nsrsbh, mc, djxh, zt, fddbr, djrq, hy, xydj]) =>
      `<NSRXX><NSRSBH>${nsrsbh}</NSRSBH><SHXYDM>${nsrsbh}</SHXYDM><NSRMC>${mc}</NSRMC><DJXH>${djxh}</DJXH><NSRZT_DM>${zt}</NSRZT_DM><HY_DM>${hy}</HY_DM><FDDBRXM>${fddbr}</FDDBRXM><ZGSWSKFJ_DM>13311990000</ZGSWSKFJ_DM><DJRQ>${djrq}</DJRQ><NSXYJB>${xydj}</NSXYJB></NSRXX>`,
  )
  .join('')}</BODY></DATA>`

t.test('a tax package in pinyin initials is mapped, and what cannot be is named', async t => {
  const drafted = await draft('tax-registration', taxpayers)
  t.match(pathsOf(drafted), {
    taxpayerId: 'NSRSBH',
    unifiedSocialCreditCode: 'SHXYDM',
    name: 'NSRMC',
    registrationSerial: 'DJXH',
    status: 'NSRZT_DM',
    industryCode: 'HY_DM',
    authorityCode: 'ZGSWSKFJ_DM',
    registeredOn: 'DJRQ',
    creditGrade: 'NSXYJB',
  })
  t.same(drafted.missing.map(({ field }) => field), ['taxpayerType'])
  t.same(drafted.left, ['FDDBRXM', '/DATA/HEAD/FSSJ'])
  t.same(drafted.document.source, { format: 'xml', records: 'DATA/BODY/NSRXX' })
  t.match(drafted.document.fields['registeredOn'], { via: [{ date: { formats: ['YYYYMMDD'] } }] })
}) // prettier-ignore

t.test('every rule is to be confirmed and says why; no text of the sample stands in a remark', async t => {
  const { document } = await draft('tax-registration', taxpayers)
  const remarks = remarksIn(document.fields)
  t.equal(remarks.length, Object.keys(document.fields).length)
  for (const remark of remarks) t.match(remark, /^confirm: (nearly sure|likely|a guess); ./)
  const texts = [...taxpayers.matchAll(/>([^<>]{2,})</g)].map(([, text]) => text ?? '')
  t.ok(texts.length > 20)
  for (const text of texts) t.notOk(remarks.some(remark => remark.includes(text)), text) // prettier-ignore
})

t.test('the check refuses a draft for exactly what the draft names as missing', async t => {
  const samples: [standard: string, sample: string][] = [
    ['tax-registration', taxpayers],
    ['food-premises-inspection', '[{"camis":"1","dba":"A","inspection_date":"2024-01-09"},{"camis":"2","dba":"B"}]'],
    ['listed-company', '[{"SecuritiesCompanyCode":"1240","CompanyName":"A","Paidin.Capital.NTDollars":"1000"}]'],
    ['enterprise-registration', '{"x":"1","name":"2","e_inv":[{"inv":"3","subconam":"4"}]}'],
  ]
  for (const [standard, sample] of samples) {
    const drafted = await draft(standard, sample)
    t.ok(drafted.missing.length > 0, standard)
    t.same(refusedFor(drafted).toSorted(), drafted.missing.map(({ field }) => field).toSorted(), standard)
  }
})

t.test('a draft that misses nothing loads, and converts its sample', async t => {
  const units = [1, 2, 3].map(i => ({ AAB001: `331199000${i}`, AAB998: '91331199MAXT000111', AAB004: `示例${i}公司` }))
  const { document, missing } = await draft('social-insurance-unit', JSON.stringify(units))
  t.same(missing, [])
  const adapter = compileAdapter(document, catalogue)
  const converted = adapter.convert({
    node: units[0] ?? null,
    position: { ordinal: 1, line: 1, column: 1 },
    context: {},
  })
  t.same(converted.issues, [])
  t.same(converted.record, {
    unitNumber: '3311990001',
    unifiedSocialCreditCode: '91331199MAXT000111',
    name: '示例1公司',
  })
})

t.test('values speak where names do not: a check digit, and against a date that is none', async t => {
  const rows = [1, 2, 3].map(i => ({
    c1: '91331199MAXT000111',
    c2: `2024-03-1${i}`,
    registeredOn: `serial ${i}`,
    name: `n${i}`,
  }))
  const drafted = await draft('tax-registration', JSON.stringify(rows))
  t.match(pathsOf(drafted), { unifiedSocialCreditCode: 'c1', name: 'name' })
  t.equal(drafted.proposals.find(({ field }) => field === 'unifiedSocialCreditCode')?.sure, 'a guess')
})

t.test('day and month that could be either are said to be ambiguous, and values decide where they can', async t => {
  const dated = (...days: string[]) =>
    draft('person-basic', JSON.stringify(days.map((birthDate, i) => ({ birthDate, name: `n${i}` }))))
  const [either, day, month] = await Promise.all([
    dated('01/02/1903', '03/04/1904'),
    dated('31/01/1903', '01/02/1904'),
    dated('01/31/1903', '01/02/1904'),
  ])
  const rule = ({ document }: Draft) => document.fields['birthDate'] as unknown as { $comment: string; via: unknown }
  t.match(rule(either).$comment, /ambiguous/)
  t.notMatch(rule(day).$comment, /ambiguous/)
  t.same(rule(day).via, [{ date: { formats: ['DD/MM/YYYY'] } }])
  t.same(rule(month).via, [{ date: { formats: ['MM/DD/YYYY'] } }])
})

t.test('codes are filled with what was seen; texts without a code are counted, and listed apart', async t => {
  const rows = ['开业', '吊销', '注销', '吊销'].map((regstate, i) => ({
    regstate,
    entname: `n${i}`,
  }))
  const drafted = await draft('enterprise-registration', JSON.stringify(rows))
  const status = drafted.document.fields['status'] as unknown as { $comment: string; codes: object }
  t.same(status.codes, { 吊销: '2', 注销: '3' })
  t.match(status.$comment, /1 text seen without a code yet/)
  t.same(drafted.unresolved['status'], ['开业'])
})

t.test('sentinels and nulls are declared: open-ended where the field can be, unknown elsewhere', async t => {
  const rows = [
    { regno: '331199000000015', opfrom: '1900-01-01', opto: '9999-09-09', dom: '暂无', opscope: '无' },
    { regno: '331199000000023', opfrom: '2017-06-15', opto: '长期', dom: '示例路1号', opscope: '\u3000食品　' },
    { regno: '331199000000031', opfrom: '2018-06-15', opto: '2030-06-15', dom: 'null', opscope: '（ＡＢＣ）' },
  ]
  const { document } = await draft('enterprise-registration', JSON.stringify(rows))
  t.match(document.fields['termFrom'], { from: 'opfrom', absentWhen: ['1900-01-01'] })
  t.match(document.fields['termTo'], { from: 'opto', nullWhen: ['长期', '9999-09-09'] })
  t.same(document.absentWhen, ['', 'null', '暂无'])
  t.match(document.fields['businessScope'], { from: 'opscope', via: ['trim', 'width'], absentWhen: ['无'] })
})

t.test('a time without an offset takes a time zone, which is said', async t => {
  const { document } = catalogue.standard('person-basic', 1)
  const birthDate = { ...document.properties?.['birthDate'], format: 'date-time' }
  const standard = readStandard({ ...document, properties: { ...document.properties, birthDate } })
  const rows = Buffer.from(
    '[{"birthDate":"1903-01-02 10:00:00","name":"x"},{"birthDate":"1904-01-02 10:00:00","name":"y"}]',
  )
  const options = { standard, codeList: catalogue.codeList, department: 'market-regulation', name: 'drafted' }
  const drafted = await draftFromSample(rows, false, options)
  t.match(drafted.document.fields['birthDate'], { via: [{ dateTime: { formats: ['YYYY-MM-DD HH:mm:ss'] } }] })
  t.equal(drafted.document.timezone, '+08:00')
  t.match(drafted.notes.join(), /read as \+08:00: is it so/)
})

t.test('numbers are read as they are written', async t => {
  const amounts = (...texts: string[]) =>
    draft('enterprise-registration', JSON.stringify(texts.map(regcap => ({ regcap, name: 'x' }))))
  const via = ({ document }: Draft) => (document.fields['registeredCapital'] as { via: unknown }).via
  t.same(via(await amounts('10', '2.5E7')), ['decimal'])
  t.same(via(await amounts('1,234,567.00', '12')), [{ decimal: { grouping: ',' } }])
  t.same(via(await amounts('83,5173', '67,93')), [{ decimal: { point: ',' } }])
  t.same(via(await amounts('人民币 10.5元', '人民币 7元')), ['quantity', 'decimal'])
})

t.test('rows that repeat a key are grouped, and what differs feeds the lists', async t => {
  const rows = ['1', '2', '3'].flatMap(camis =>
    ['2024-01-09', '2024-02-09'].flatMap(inspection_date =>
      ['06C', '04H'].map(violation_code => ({ camis, dba: `n${camis}`, inspection_date, violation_code })),
    ),
  )
  const drafted = await draft('food-premises-inspection', JSON.stringify(rows))
  t.same(drafted.document.group, {
    by: ['camis'],
    as: 'inspections',
    group: { by: ['inspection_date'], as: 'violations' },
  })
  t.match(pathsOf(drafted), {
    premisesId: 'camis',
    name: 'dba',
    'inspections.date': 'inspections/inspection_date',
    'inspections.violations.code': 'inspections/violations/violation_code',
  })
  t.same(drafted.left, [])
})

t.test('a key that repeats in few rows is not grouped but said', async t => {
  const rows = ['1', '2', '3', '4', '4'].map(camis => ({ camis, dba: `n${camis}` }))
  const drafted = await draft('food-premises-inspection', JSON.stringify(rows))
  t.equal(drafted.document.group, undefined)
  t.match(drafted.notes.join(), /repeats in few rows \(5 rows, 4 keys\)/)
})

t.test('nested nodes feed a list, XML’s list of one too; texts around the records are at hand', async t => {
  const owner = (name: string) => `<QLR><QLRMC>${name}</QLRMC><ZJH>331199190101010019</ZJH></QLR>`
  const sample = `<Root><Head><BDCQZH>1</BDCQZH></Head><Row><BDCDYH>331199001001GB00001F00010001</BDCDYH>${owner('张示例')}</Row><Row><BDCDYH>331199001001GB00001F00010002</BDCDYH>${owner('李虚构')}${owner('王模拟')}</Row></Root>`
  const drafted = await draft('real-estate-title', sample)
  t.match(pathsOf(drafted), {
    unitNumber: 'BDCDYH',
    certificateNumber: '/Root/Head/BDCQZH',
    'owners.name': 'QLR/QLRMC',
    'owners.idNumber': 'QLR/ZJH',
  })
  t.match(drafted.document.fields['owners'], { each: 'QLR', fields: { name: { from: 'QLRMC' } } })
})

t.test('columns called as codes are elements, and lines of an address one text', async t => {
  const company = { SecuritiesCompanyCode: '1', Chairman: '吳示例', GeneralManager: '林示例', CompanyName: '示例公司' }
  const { document } = await draft('listed-company', JSON.stringify([company]))
  t.match(document.fields['officers'], {
    listOf: [
      { fields: { role: { value: 'chair' }, name: { from: 'Chairman' } } },
      { fields: { role: { value: 'general-manager' }, name: { from: 'GeneralManager' } } },
    ],
  })
  const premises = [{ FHRSID: '1', AddressLine1: '1 Example Road', AddressLine2: 'Exampleton' }]
  const lines = await draft('food-premises-inspection', JSON.stringify(premises))
  t.match(lines.document.fields['address'], {
    fields: { line: { listOf: [{ from: 'AddressLine1' }, { from: 'AddressLine2' }], via: [{ join: ', ' }] } },
  })
})

t.test('a sample that is cut off is drafted from what is there', async t => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ camis: String(i), dba: `Premises ${i}` }))
  const text = JSON.stringify({ meta: { n: 50 }, data: rows })
  const drafted = await draft('food-premises-inspection', text, 800)
  t.match(pathsOf(drafted), { premisesId: 'camis', name: 'dba' })
  t.same(drafted.document.source, { format: 'json', records: 'data' })
})

t.test('what is no document, or has no records, is refused or said to have none', async t => {
  await t.rejects(draft('tax-registration', '{"a":'), { code: 'input-malformed' })
  await t.rejects(draft('tax-registration', '<a><b></a>'), { code: 'input-malformed' })
  t.match((await draft('tax-registration', '[]').catch((error: Error) => error.message)) as string, /no records/)
})

function remarksIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => (name === '$comment' ? [String(member)] : remarksIn(member)))
}

/** The fields that the check misses, by the places and the names in what it says. */
function refusedFor({ document }: Draft): string[] {
  try {
    compileAdapter(document, catalogue)
    return []
  } catch (error) {
    const { issues } = error as HubError
    return issues.map(({ pointer, code, message }) => {
      if (code !== 'required-unmapped') throw new Error(`${pointer}: ${message}`)
      const above = pointer
        .split('/')
        .filter(name => !['', 'fields', 'listOf', 'item'].includes(name) && !/^\d+$/.test(name))
      return [...above, /requires (\S+),/.exec(message)?.[1]].join('.')
    })
  }
}

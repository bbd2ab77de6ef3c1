import { createReadStream, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Json } from '../../src/record.ts'
import { defaultLimits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source } from '../../src/source.ts'
import { needs, nodes, read, realData, realDataUrl } from './reading.ts'

t.test('food hygiene ratings: the records of twelve authorities', needs('food-fhrs'), async t => {
  const source: Source = { format: 'xml', records: 'FHRSEstablishment/EstablishmentCollection/EstablishmentDetail' }
  const context = ['/FHRSEstablishment/Header/ExtractDate', '/FHRSEstablishment/Header/ItemCount']
  for (const name of readdirSync(realDataUrl('food-fhrs/')).filter(file => file.endsWith('.xml'))) {
    const { records, error } = await read(realData(`food-fhrs/${name}`), source, { context })
    t.equal(error, undefined, name)
    t.ok(
      records.every(record => 'context' in record && Number(record.context[context[1]!]) === records.length),
      `${name} has as many as it says`,
    )
    t.ok(
      records.every(record => 'context' in record && /^2020-08-\d\d$/.test(record.context[context[0]!] ?? '')),
      name,
    )
    if (name === 'FHRS529en-GB.xml') t.equal(records.length, 1113)
  }
})

t.test('bicycle stations: two dialects of XML, and JSON', needs('bikes'), async t => {
  const stations: Source = { format: 'xml', records: 'stations/station' }
  const washington = await nodes(realData('bikes/dc-capital-bikeshare-2013.xml'), stations)
  t.equal(washington.length, 199)
  t.match(washington[0], { id: '1', name: '20th & Bell St', terminalName: '31000', lat: '38.8561', removalDate: '' })
  const london = await nodes(realData('bikes/london-tfl-2014.xml'), stations)
  t.equal(london.length, 734)
  t.match(london[0], { id: '1', name: 'River Street , Clerkenwell', terminalName: '001023', lat: '51.52916347' })
  const youbike = JSON.parse(realData('bikes/taipei-youbike-2013.json').toString()) as { retVal: Json[] }
  const source: Source = { format: 'json', records: 'retVal' }
  t.strictSame(await nodes(realData('bikes/taipei-youbike-2013.json'), source), youbike.retVal)
})

t.test('exchange rates in windows-1251 and in namespaces', needs('fx'), async t => {
  const rates = await nodes(realData('fx/cbr-2022-03-15.xml'), { format: 'xml', records: 'ValCurs/Valute' })
  t.match(rates[0], { '@ID': /^R/, CharCode: 'AUD', Name: 'Австралийский доллар', Value: /,/ })
  const namespaces = {
    g: 'http://www.gesmes.org/xml/2002-08-01',
    e: 'http://www.ecb.int/vocabulary/2002-08-01/eurofxref',
  }
  const cubes = await read(
    realData('fx/ecb-2025-05-09.xml'),
    { format: 'xml', records: 'g:Envelope/e:Cube/e:Cube/e:Cube', namespaces },
    { context: ['/g:Envelope/e:Cube/e:Cube/@time'] },
  )
  t.match(cubes.records[0], {
    node: { '@currency': 'USD', '@rate': /\./ },
    context: { '/g:Envelope/e:Cube/e:Cube/@time': '2025-05-09' },
  })
})

t.test('listed companies: the records of two exchanges', needs('listed-tw'), async t => {
  for (const [name, count] of [
    ['twse_t187ap03_L.json', 1089],
    ['tpex_mopsfin_t187ap03_O.json', 891],
  ] as const) {
    const bytes = realData(`listed-tw/${name}`)
    const companies = await nodes(bytes, { format: 'json', records: '' })
    t.equal(companies.length, count)
    t.strictSame(companies, JSON.parse(bytes.toString()), name)
  }
})

t.test('restaurant inspections: rows beside their description', needs('food-nyc-dohmh'), async t => {
  const { data } = JSON.parse(realData('food-nyc-dohmh/rows.json').toString()) as { data: Json[][] }
  const rows = await nodes(realData('food-nyc-dohmh/rows.json'), { format: 'json', records: 'data' })
  t.equal(rows.length, 2014)
  t.strictSame(
    rows,
    data.map(row => row.map(cell => (typeof cell === 'number' ? String(cell) : cell))),
  )
  const named = await nodes(realData('food-nyc-dohmh/rows.json'), {
    format: 'json',
    records: 'data',
    columns: { at: 'meta/view/columns', name: 'fieldName' },
  })
  t.equal(named.length, 2014)
  t.match(named[0], { camis: /^\d{8}$/, inspection_date: /^\d{4}-\d\d-\d\dT/, boro: /./, ':id': /./ })
  const last = named.at(-1)
  t.equal(last instanceof Object && Object.keys(last).length, data.at(-1)?.length)
})

t.test('administrative divisions: rows under their header', needs('cn-divisions/gb2260'), async t => {
  const divisions: Source = { format: 'csv', records: '', delimiter: '\t' }
  const bytes = realData('cn-divisions/gb2260/mca-201801.tsv')
  const rows = await nodes(bytes, divisions)
  t.equal(rows.length, bytes.toString().trim().split('\n').length - 1)
  t.strictSame(rows[0], { Source: 'mca', Revision: '201801', Code: '110000', Name: '北京市' })
  t.strictSame(await nodes(gzipSync(bytes), divisions), rows)
})

t.test('a file is read as it streams', needs('food-fhrs/FHRS529en-GB.xml'), async t => {
  const bytes = createReadStream(realDataUrl('food-fhrs/FHRS529en-GB.xml'))
  const source: Source = { format: 'xml', records: 'FHRSEstablishment/EstablishmentCollection/EstablishmentDetail' }
  let count = 0
  for await (const batch of parse(bytes, source, { limits: defaultLimits })) count += batch.length
  t.equal(count, 1113)
})

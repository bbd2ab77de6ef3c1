import { createReadStream, readdirSync } from 'node:fs'
import { XMLParser } from 'fast-xml-parser'
import t from 'tap'
import type { Json } from '../../src/record.ts'
import { defaultLimits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source } from '../../src/parse/source.ts'
import { needs, nodes, read, realData, realDataUrl } from './reading.ts'

type Tree = { readonly [name: string]: Json }

// fast-xml-parser reads XML on its own terms: set so that values stay text, it must find the same in ours.
const oracle = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
})

t.test('food hygiene ratings: the records of twelve authorities', needs('food-fhrs'), async t => {
  const source: Source = { format: 'xml', records: 'FHRSEstablishment/EstablishmentCollection/EstablishmentDetail' }
  const context = ['/FHRSEstablishment/Header/ExtractDate', '/FHRSEstablishment/Header/ItemCount']
  for (const name of readdirSync(realDataUrl('food-fhrs/')).filter(file => file.endsWith('.xml'))) {
    const bytes = realData(`food-fhrs/${name}`)
    const { records, error } = await read(bytes, source, { context })
    t.equal(error, undefined, name)
    const parsed = oracle.parse(bytes.toString()) as {
      FHRSEstablishment: {
        Header: { ItemCount: string; ExtractDate: string }
        EstablishmentCollection: { EstablishmentDetail: Tree[] }
      }
    }
    const { Header, EstablishmentCollection } = parsed.FHRSEstablishment
    t.strictSame(
      records.map(record => 'node' in record && record.node),
      EstablishmentCollection.EstablishmentDetail.map(withNulls),
      name,
    )
    t.equal(records.length, Number(Header.ItemCount), name)
    t.ok(
      records.every(record => 'context' in record && record.context[context[0]!] === Header.ExtractDate),
      name,
    )
    if (name === 'FHRS529en-GB.xml') t.equal(records.length, 1113)
  }
})

t.test('bicycle stations: two dialects of XML', needs('bikes'), async t => {
  for (const name of ['dc-capital-bikeshare-2013.xml', 'london-tfl-2014.xml']) {
    const bytes = realData(`bikes/${name}`)
    const parsed = oracle.parse(bytes.toString()) as { stations: { station: Tree[] } }
    t.strictSame(await nodes(bytes, { format: 'xml', records: 'stations/station' }), parsed.stations.station, name)
  }
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
  const columns = await nodes(realData('food-nyc-dohmh/rows.json'), { format: 'json', records: 'meta/view/columns' })
  t.equal(columns.length, data[0]?.length)
})

t.test('hostile XML is refused or read rightly, at once', needs('xml-hostile'), async t => {
  const files = readdirSync(realDataUrl('xml-hostile/'), { recursive: true, encoding: 'utf8' })
  for (const name of files.filter(file => /\.(xml|ent|dtd|xsd)$/.test(file))) {
    const bytes = realData(`xml-hostile/${name}`)
    const text = bytes.toString('latin1')
    const rootName = /<([A-Za-z_][\w.:-]*)/.exec(text)?.[1] ?? 'none'
    const start = performance.now()
    const { records, error } = await read(bytes, { format: 'xml', records: rootName })
    t.ok(performance.now() - start < 1000, `${name} in time`)
    if (/^[^<]*(<\?[^>]*>\s*|<!--[^>]*-->\s*)*<!DOCTYPE/.test(text))
      t.match(error?.code, /^(input-refused|encoding-unreadable)$/, name)
    else t.pass(`${name}: ${error?.message ?? `${records.length} record`}`)
  }
})

t.test('a file is read as it streams', needs('food-fhrs/FHRS529en-GB.xml'), async t => {
  const bytes = createReadStream(realDataUrl('food-fhrs/FHRS529en-GB.xml'))
  const source: Source = { format: 'xml', records: 'FHRSEstablishment/EstablishmentCollection/EstablishmentDetail' }
  let count = 0
  for await (const batch of parse(bytes, source, { limits: defaultLimits })) count += batch.length
  t.equal(count, 1113)
})

/** fast-xml-parser does not know xsi:nil. */
function withNulls(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, node]) => [name, isNil(node) ? null : node]))
}

function isNil(node: Json): boolean {
  return typeof node === 'object' && node !== null && !Array.isArray(node) && node['@xsi:nil'] === 'true'
}

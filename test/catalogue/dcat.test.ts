/** The DCAT catalogue, held against DCAT-AP's shapes by a validator that nobody here wrote. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { catalogueOf } from '../../src/catalogue/dcat.ts'
import { datasetOf, type CatalogueDepartment, type DatasetSource } from '../../src/catalogue/dcat-dataset.ts'
import { home } from '../../src/exchange/documents.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { documentWith } from '../standards.ts'
import { full, graphOf, violations, writtenShapes } from './dcat-ap.ts'

const base = 'https://hub.example'
const bureau = {
  id: 'data-bureau',
  titles: { 'zh-CN': '数据局', en: 'Data bureau' },
  unifiedSocialCreditCode: '11331199MAXT01006Y',
}
const published = { publishedAt: '2026-01-02T03:04:05.678Z', status: 'published' } as const
const shapes = writtenShapes()

type Json = { [member: string]: unknown }

function dataset(document: StandardDocument, changes: Partial<DatasetSource> = {}): Json {
  const source = { base, owner: bureau, majors: [{ document, ...published }], issued: '2025-01-01T00:00:00.000Z' }
  return datasetOf({ ...source, ...changes }) as Json
}

function catalogue(datasets: readonly Json[], publisher: CatalogueDepartment | undefined = bureau): Json {
  const about = { base, publisher, modified: published.publishedAt, total: datasets.length }
  return structuredClone(catalogueOf(about, datasets, { page: 1, pages: 1 })) as Json
}

function starters(): StandardDocument[] {
  const folder = join(home, 'schemas/standards')
  return readdirSync(folder).map(
    id => JSON.parse(readFileSync(join(folder, id, 'v1.json'), 'utf8')) as StandardDocument,
  )
}

function starter(id: string): StandardDocument {
  const found = starters().find(({ standard }) => standard.id === id)
  if (found === undefined) throw new Error(`no standard ${id}`)
  return found
}

/** A standard that says all that a catalogue can show, in two majors. */
function rich(version: string): StandardDocument {
  const document = documentWith({ id: 'rich', key: ['id'], subjects: ['id'], properties: { id: { type: 'string' } } })
  const words = { 'zh-CN': '测试', en: 'Test' }
  return {
    ...document,
    standard: {
      ...document.standard,
      version,
      openness: 'open',
      sharing: 'unconditional',
      purpose: words,
      sourceSystem: words,
      contact: {
        titles: words,
        email: 'data@office.example',
        telephone: '+86 571 0000',
        url: 'https://office.example/',
      },
      licences: [{ titles: words, uri: 'https://licence.example/1' }],
    },
  }
}

t.test('every starter standard, and one that says all that can be said, fits DCAT-AP', async t => {
  const majors = [
    { document: rich('1.4.0'), ...published, status: 'deprecated' as const },
    { document: rich('2.0.1'), ...published },
  ]
  const all = [...starters().map(document => dataset(document)), dataset(rich('2.0.1'), { majors })]
  const graph = await graphOf(catalogue(all))
  t.same(await violations(shapes, graph), [])
  t.equal(graph.countQuads(null, full('dcat:dataset'), null, null), all.length, 'the datasets are in the graph')
  t.same(await violations(shapes, await graphOf(catalogue([], undefined as never))), [], 'a hub without standards too')
})

t.test('what DCAT-AP demands and the catalogue lacks is found', async t => {
  type Broken = readonly [what: string, breakIt: (catalogue: Json, dataset: Json) => unknown, violation: string]
  const first = (list: unknown): Json => (list as Json[])[0] as Json
  const cases: readonly Broken[] = [
    ['no title of a dataset', (_, set) => delete set['title'], 'dcat:Dataset dct:title'],
    ['no description', (_, set) => delete set['description'], 'dcat:Dataset dct:description'],
    ['no title of the catalogue', page => delete page['title'], 'dcat:Catalog+http://www.w3.org/ns/hydra/core#Collection dct:title'],
    ['no publisher of the catalogue', page => delete page['publisher'], 'dcat:Catalog+http://www.w3.org/ns/hydra/core#Collection dct:publisher'],
    ['two rights of access', (_, set) => (set['accessRights'] = [set['accessRights'], { '@type': 'dct:RightsStatement' }]), 'dcat:Dataset dct:accessRights'],
    ['a publisher without a name', page => (page['publisher'] = { '@type': 'foaf:Agent' }), 'foaf:Agent foaf:name'],
    ['a cycle that is text', (_, set) => (set['accrualPeriodicity'] = 'daily'), 'dcat:Dataset dct:accrualPeriodicity'],
    ['a cycle of no class', (_, set) => delete (set['accrualPeriodicity'] as Json)['@type'], 'dcat:Dataset dct:accrualPeriodicity'],
    ['no address of a distribution', (_, set) => delete first(set['distribution'])['accessURL'], 'dcat:Distribution dcat:accessURL'],
    ['no address of a service', page => delete first(page['service'])['endpointURL'], 'dcat:DataService dcat:endpointURL'],
    ['a law that is none', (_, set) => (set['applicableLegislation'] = { '@id': 'https://law.example' }), 'dcat:Dataset dcatap:applicableLegislation'],
    ['a theme without a label', (_, set) => delete first(set['theme'])['prefLabel'], 'skos:Concept skos:prefLabel'],
  ] // prettier-ignore
  for (const [what, breakIt, violation] of cases) {
    const page = catalogue([dataset(starter('listed-company'))])
    breakIt(page, first(page['dataset']))
    t.ok((await violations(shapes, await graphOf(page))).includes(violation), what)
  }
})

t.test('the elements of GB/T 21063 stand where a portal looks for them', async t => {
  const graph = await graphOf(catalogue([dataset(starter('enterprise-registration'))]))
  const id = `${base}/v1/standards/enterprise-registration#dataset`
  const values = (subject: string, path: string): string[] =>
    graph.getObjects(subject, full(path), null).map(({ value }) => value)
  const authority = 'http://publications.europa.eu/resource/authority'
  t.same(values(id, 'dct:identifier'), ['102001331199/000001'], 'resource code')
  t.same(values(id, 'dct:title').toSorted(), ['Enterprise registration', '企业登记信息'])
  const titles = graph.getObjects(id, full('dct:title'), null) as unknown as { language: string }[]
  t.same(titles.map(({ language }) => language).toSorted(), ['en', 'zh-cn'])
  t.same(values(id, 'dct:publisher'), [`${base}/v1/catalogue#department-data-bureau`])
  t.same(
    values(`${base}/v1/catalogue#department-data-bureau`, 'dct:identifier'),
    ['11331199MAXT01006Y'],
    'provider code',
  )
  t.same(values(id, 'dct:conformsTo'), [`${base}/v1/standards/enterprise-registration/versions/1.1.0/schema`], 'fields')
  t.same(values(id, 'dct:accrualPeriodicity'), [`${authority}/frequency/DAILY`], 'update cycle')
  t.same(values(id, 'dct:accessRights'), [`${authority}/access-right/RESTRICTED`], 'it has a field above L1')
  const [policy = ''] = values(`${base}/v1/standards/enterprise-registration#api`, 'odrl:hasPolicy')
  t.equal(graph.countQuads(policy, full('odrl:permission'), null, null), 1)
  const own = (name: string): string[] =>
    graph.getObjects(id, `https://concord.example/ns#${name}`, null).map(({ value }) => value)
  t.same(own('sharingType'), ['https://concord.example/ns#sharing-unconditional'])
  t.same(own('openness'), ['https://concord.example/ns#openness-open'])
  const levels = graph.getObjects(id, 'https://concord.example/ns#field', null).map(field => {
    const of = (name: string): string =>
      graph.getObjects(field, `https://concord.example/ns#${name}`, null)[0]?.value ?? ''
    return [of('path'), of('level')]
  })
  t.equal(Object.fromEntries(levels)['investors.idNumber'], 'L3', 'the level of each field')
})

t.test('how each sharing and openness shows', t => {
  type Row = readonly [
    sharing: 'unconditional' | 'conditional' | 'not-shared',
    openness: 'open' | 'closed',
    right: string,
    ways: string[],
  ]
  const rows: readonly Row[] = [
    ['unconditional', 'open', 'PUBLIC', ['/v1/standards/rich#api', '/open/standards/rich#api', '/open/standards/rich#csv', '/open/standards/rich#ndjson', '/open/standards/rich#xml']],
    ['unconditional', 'closed', 'RESTRICTED', ['/v1/standards/rich#api']],
    ['conditional', 'open', 'RESTRICTED', ['/v1/standards/rich#api']],
    ['not-shared', 'closed', 'NON_PUBLIC', []],
  ] // prettier-ignore
  for (const [sharing, openness, right, ways] of rows) {
    const document = rich('1.0.0')
    const shown = dataset({ ...document, standard: { ...document.standard, sharing, openness } })
    const what = `${sharing}, ${openness}`
    t.match(shown['accessRights'], { '@id': new RegExp(`/${right}$`) }, what)
    t.same(
      (shown['distribution'] as Json[]).map(each => each['@id']),
      ways.map(way => base + way),
      what,
    )
  }
  t.end()
})

t.test('a standard that is only compared with is got by verify, one with a sealed key by lookup', t => {
  const addressOf = (document: StandardDocument): unknown =>
    (dataset(document)['distribution'] as Json[])[0]?.['accessURL']
  const person = starter('person-basic')
  const { compareOnly: _, ...readable } = person.standard
  t.equal(addressOf(person), `${base}/v1/standards/person-basic/verify`)
  t.equal(addressOf({ ...person, standard: readable }), `${base}/v1/standards/person-basic/lookup`)
  t.end()
})

t.test('majors that are served beside each other are versions, each naming the one before', t => {
  const majors = [
    { document: rich('2.0.1'), ...published },
    { document: rich('1.4.0'), ...published, status: 'deprecated' as const },
  ]
  const shown = dataset(rich('2.0.1'), { majors })
  const [one, two] = shown['hasVersion'] as Json[]
  t.match([one?.['version'], two?.['version'], shown['version']], ['1.4.0', '2.0.1', '2.0.1'])
  t.match(one?.['status'], { notation: 'deprecated' })
  t.equal(two?.['previousVersion'], one?.['@id'])
  t.equal(shown['hasCurrentVersion'], two?.['@id'])
  t.notOk('hasVersion' in dataset(rich('1.0.0')), 'of one major there is nothing to tell apart')
  t.end()
})

t.test('a page names its neighbours, and they name no page that there is not', t => {
  const about = { base, publisher: bureau, modified: undefined, total: 250 }
  const view = (page: number): Json => {
    const { view: found } = catalogueOf(about, [], { page, pages: 3 })
    const { '@type': _, ...addresses } = found as Record<string, string>
    return Object.fromEntries(Object.entries(addresses).map(([name, text]) => [name, text.replace(/.*=/, '')]))
  }
  t.same(view(1), { '@id': '1', first: '1', next: '2', last: '3' })
  t.same(view(2), { '@id': '2', first: '1', previous: '1', next: '3', last: '3' })
  t.same(view(3), { '@id': '3', first: '1', previous: '2', last: '3' })
  t.end()
})

/**
 * The catalogue for others: a dcat:Catalog with a dcat:Dataset for each standard, as JSON-LD (DCAT 3, DCAT-AP 3.0.1).
 *
 * It comes in pages (hydra:PartialCollectionView), each a whole document: a harvester that joins the graphs of all pages
 * has the catalogue, and of 10,000 standards nobody holds more than a page in memory.
 */
import { agentOf, type CatalogueDepartment } from './dcat-dataset.ts'
import { serviceId } from './dcat-distributions.ts'
import { context } from './dcat-context.ts'
import { languages, type Node } from './dcat-vocabularies.ts'

export type Catalogue = {
  /** The hub's address without a slash at its end. */
  readonly base: string
  /** Who answers for the catalogue: a department, or the hub itself. */
  readonly publisher: CatalogueDepartment | undefined
  /** When a version was last published, RFC 3339 in UTC; undefined where none is. */
  readonly modified: string | undefined
  /** Standards in all. */
  readonly total: number
}

export type PageNumber = {
  /** From 1. */
  readonly page: number
  readonly pages: number
}

/** A page of the catalogue, or all of it where `number` is undefined. */
export function catalogueOf(catalogue: Catalogue, datasets: readonly Node[], number?: PageNumber): Node {
  const head = catalogueHead(catalogue, datasets)
  return { ...head, dataset: datasets, ...(number === undefined ? {} : { view: viewOf(catalogue.base, number) }) }
}

/** All but the datasets themselves. */
function catalogueHead(catalogue: Catalogue, datasets: readonly Node[]): Node {
  const { base, publisher, modified, total } = catalogue
  const agent = publisher === undefined ? hubAgent(base) : agentOf(base, publisher)
  const open = datasets.filter(isOpen)
  return {
    '@context': context,
    '@id': `${base}/v1/catalogue`,
    '@type': ['dcat:Catalog', 'hydra:Collection'],
    title: { 'zh-CN': '政务信息资源目录', en: 'Catalogue of government information resources' },
    description: {
      'zh-CN': '本枢纽发布的统一数据标准、其提供部门以及获取方式。',
      en: 'The unified data standards that this hub publishes, who provides their records, and how they are got.',
    },
    publisher: agent,
    language: languages,
    homepage: { '@id': `${base}/docs`, '@type': 'foaf:Document' },
    ...(modified === undefined ? {} : { modified }),
    totalItems: total,
    service: [serviceOf(base, 'sharing', agent, datasets.map(idOf)), serviceOf(base, 'open', agent, open.map(idOf))],
  }
}

const services = {
  sharing: {
    path: '/v1',
    title: { 'zh-CN': '部门间数据共享接口', en: 'API for sharing between departments' },
    description: {
      'zh-CN': '凭协议按字段、事项共享；每次访问先记入日志。',
      en: 'Records by agreement, field and purpose; every access is in the log before the reply leaves.',
    },
  },
  open: {
    path: '/open',
    title: { 'zh-CN': '开放数据接口', en: 'API of open data' },
    description: { 'zh-CN': '无须凭证即可读取的开放数据。', en: 'Open data, for anybody without credentials.' },
  },
} as const

function serviceOf(base: string, name: keyof typeof services, publisher: Node, servesDataset: readonly string[]): Node {
  const { path, title, description } = services[name]
  return {
    '@id': serviceId(base, name),
    '@type': 'dcat:DataService',
    title,
    description,
    publisher,
    endpointURL: `${base}${path}`,
    endpointDescription: `${base}/openapi.json`,
    ...(servesDataset.length === 0 ? {} : { servesDataset }),
  }
}

function viewOf(base: string, { page, pages }: PageNumber): Node {
  const at = (number: number): string => `${base}/v1/catalogue?page=${number}`
  return {
    '@id': at(page),
    '@type': 'hydra:PartialCollectionView',
    first: at(1),
    ...(page > 1 ? { previous: at(page - 1) } : {}),
    ...(page < pages ? { next: at(page + 1) } : {}),
    last: at(pages),
  }
}

/** Where no department is named that answers for the catalogue. */
function hubAgent(base: string): Node {
  return {
    '@id': `${base}/v1/catalogue#hub`,
    '@type': 'foaf:Agent',
    name: { 'zh-CN': '数据交换枢纽', en: 'Data exchange hub' },
  }
}

function idOf(dataset: Node): string {
  return String(dataset['@id'])
}

function isOpen(dataset: Node): boolean {
  return String((dataset['accessRights'] as Node)['@id']).endsWith('/PUBLIC')
}

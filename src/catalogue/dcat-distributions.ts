/** How a standard's records are got: by the sharing API under an agreement, and by anybody where they are open. */
import type { Standard, StandardDocument } from '../standard.ts'
import { openPolicy, sharingPolicy } from './dcat-policy.ts'
import * as vocabulary from './dcat-vocabularies.ts'
import type { Node } from './dcat-vocabularies.ts'
import { opennessFault } from './openness.ts'

/** The data services of a hub, by their ids. */
export function serviceId(base: string, service: 'sharing' | 'open'): string {
  return `${base}/v1/catalogue#${service}-api`
}

type Source = {
  readonly base: string
  readonly standard: Standard
  readonly schema: Node
  readonly owner: Node
}

export function distributionsOf({ base, standard, schema, owner }: Source): Node[] {
  const { id, document } = standard
  const target = `${base}/v1/standards/${id}#dataset`
  const shared = { conformsTo: schema }
  const { sharing } = document.standard
  const api = {
    '@id': `${base}/v1/standards/${id}#api`,
    '@type': 'dcat:Distribution',
    title: { 'zh-CN': '共享接口', en: 'Sharing API' },
    accessURL: `${base}/v1/standards/${id}/${callOf(standard)}`,
    accessService: serviceId(base, 'sharing'),
    format: vocabulary.fileType('JSON'),
    mediaType: vocabulary.mediaType('application/json'),
    hasPolicy: sharingPolicy({ target, owner: String(owner['@id']), sharing }),
    ...shared,
  }
  // What is shared with nobody has no address to be got at.
  const distributions: Node[] = sharing === 'not-shared' ? [] : [api]
  if (opennessFault(standard) !== undefined) return distributions
  const licence = licenceOf(target, document.standard)
  const open = { '@type': 'dcat:Distribution', ...shared, ...licence, hasPolicy: openPolicy(target) }
  const records = `${base}/open/standards/${id}/records`
  distributions.push({
    '@id': `${base}/open/standards/${id}#api`,
    title: { 'zh-CN': '开放接口', en: 'Open API' },
    accessURL: records,
    accessService: serviceId(base, 'open'),
    format: vocabulary.fileType('JSON'),
    mediaType: vocabulary.mediaType('application/json'),
    ...open,
  })
  for (const { name, type, media } of downloads) {
    const url = `${base}/open/standards/${id}/export?format=${name}`
    distributions.push({
      '@id': `${base}/open/standards/${id}#${name}`,
      title: { 'zh-CN': `全部记录（${name.toUpperCase()}）`, en: `All records (${name.toUpperCase()})` },
      accessURL: url,
      downloadURL: url,
      format: vocabulary.fileType(type),
      ...(media === undefined ? {} : { mediaType: vocabulary.mediaType(media) }),
      ...open,
    })
  }
  return distributions
}

/** NDJSON is no registered media type. */
const downloads: readonly { name: string; type: vocabulary.FileType; media?: string }[] = [
  { name: 'csv', type: 'CSV', media: 'text/csv' },
  { name: 'ndjson', type: 'JSON' },
  { name: 'xml', type: 'XML', media: 'application/xml' },
]

/** The call that gives a standard's records, or, of one that is only compared with, says whether they match. */
function callOf({ document, keySealed }: Standard): string {
  if (document.standard.compareOnly === true) return 'verify'
  return keySealed ? 'lookup' : 'records'
}

/** DCAT-AP takes one licence: of several, it is a document that names them. */
export function licenceOf(id: string, { licences }: StandardDocument['standard']): Node {
  const [first, ...others] = licences ?? []
  if (first === undefined) return {}
  if (others.length === 0) return { license: { '@id': first.uri, '@type': 'dct:LicenseDocument', label: first.titles } }
  const label = {
    'zh-CN': [first, ...others].map(({ titles }) => titles['zh-CN']).join('；'),
    en: [first, ...others].map(({ titles }) => titles.en).join('; '),
  }
  const seeAlso = [first, ...others].map(({ uri }) => uri)
  return { license: { '@id': `${id}-licences`, '@type': 'dct:LicenseDocument', label, seeAlso } }
}

/**
 * A standard as a dcat:Dataset, with the elements of GB/T 21063: DCAT 3 and DCAT-AP 3.0.1.
 *
 * A standard whose majors are served beside each other is the abstract dataset, and each of them one of its versions
 * (DCAT 3 §11). Its description is that of the newest.
 */
import type { Titles } from '../record.ts'
import { majorOf, readStandard, type Contact, type Standard, type StandardDocument } from '../standard.ts'
import { compareVersions } from '../versions.ts'
import { distributionsOf, licenceOf } from './dcat-distributions.ts'
import * as vocabulary from './dcat-vocabularies.ts'
import type { Node, VersionStatus } from './dcat-vocabularies.ts'
import { opennessFault } from './openness.ts'

export type CatalogueDepartment = {
  readonly id: string
  readonly titles: Titles
  readonly unifiedSocialCreditCode?: string
}

/** The newest version of a major that is not retired. */
export type MajorVersion = {
  readonly document: StandardDocument
  /** RFC 3339 in UTC. */
  readonly publishedAt: string
  readonly status: Exclude<VersionStatus, 'retired'>
}

export type DatasetSource = {
  /** The hub's address without a slash at its end. */
  readonly base: string
  readonly owner: CatalogueDepartment
  /** At least one. */
  readonly majors: readonly MajorVersion[]
  /** When the first version of all was published. */
  readonly issued: string
}

function datasetId(base: string, standard: string): string {
  return `${base}/v1/standards/${standard}#dataset`
}

function departmentId(base: string, department: string): string {
  return `${base}/v1/catalogue#department-${department}`
}

/** @returns the dataset of the newest major, with a version for each major where there are several */
export function datasetOf({ base, owner, majors, issued }: DatasetSource): Node {
  const inOrder = majors.toSorted((a, b) => compareVersions(a.document.standard.version, b.document.standard.version))
  const newest = inOrder.at(-1)
  if (newest === undefined) throw new Error('bug: a dataset has no version')
  const standard = readStandard(newest.document)
  const id = datasetId(base, standard.id)
  const { standard: entry } = newest.document
  const publisher = agentOf(base, owner)
  return {
    '@id': id,
    '@type': 'dcat:Dataset',
    ...wordsOf(newest.document),
    identifier: entry.resourceCode,
    otherIdentifier: { '@id': `${id}-name`, '@type': 'adms:Identifier', notation: entry.id },
    theme: [vocabulary.resourceClass(entry.resourceCode.charAt(0) as '1' | '2' | '3')],
    publisher,
    contactPoint: contactOf(id, owner, entry.contact),
    landingPage: { '@id': `${base}/v1/standards/${entry.id}`, '@type': 'foaf:Document' },
    issued,
    modified: newest.publishedAt,
    version: entry.version,
    accrualPeriodicity: vocabulary.frequencyOf(entry.updateCycle),
    accessRights: vocabulary.accessRight(accessRightOf(standard)),
    sharingType: vocabulary.sharingType(entry.sharing),
    openness: vocabulary.openness(entry.openness),
    applicableLegislation: { '@id': `${id}-legal-basis`, '@type': 'eli:LegalResource', 'rdfs:label': entry.legalBasis },
    ...licenceOf(id, entry),
    ...(entry.purpose === undefined ? {} : { purpose: entry.purpose }),
    ...(entry.sourceSystem === undefined ? {} : { provenance: provenanceOf(id, entry.sourceSystem) }),
    conformsTo: schemaOf(base, newest.document),
    primaryKey: entry.key,
    field: standard.fields.map(field => fieldOf(field, entry.sharing)),
    distribution: distributionsOf({ base, standard, schema: schemaOf(base, newest.document), owner: publisher }),
    ...versionsOf(base, id, inOrder),
  }
}

/** DCAT 3 §11: the versions of the dataset, each naming the one before. */
function versionsOf(base: string, id: string, inOrder: readonly MajorVersion[]): Node {
  if (inOrder.length < 2) return {}
  const ids = inOrder.map(({ document }) => versionId(base, document))
  const hasVersion = inOrder.map(({ document, publishedAt, status }, index) => ({
    '@id': ids[index],
    '@type': 'dcat:Dataset',
    ...wordsOf(document),
    version: document.standard.version,
    issued: publishedAt,
    status: vocabulary.versionStatus(status),
    conformsTo: schemaOf(base, document),
    isVersionOf: id,
    ...(index === 0 ? {} : { previousVersion: ids[index - 1] }),
  }))
  return { hasVersion, hasCurrentVersion: ids.at(-1) }
}

function versionId(base: string, { standard: { id, version } }: StandardDocument): string {
  return `${base}/v1/standards/${id}/versions/${version}#dataset-v${majorOf(version)}`
}

/** DCAT-AP wants a description; an abstract is a steward's to give. */
function wordsOf({ standard: { titles, abstract } }: StandardDocument): Node {
  return { title: titles, description: abstract ?? titles }
}

/** The EU's table has three: anybody, some under conditions, nobody. */
function accessRightOf(standard: Standard): vocabulary.AccessRight {
  if (opennessFault(standard) === undefined) return 'PUBLIC'
  return standard.document.standard.sharing === 'not-shared' ? 'NON_PUBLIC' : 'RESTRICTED'
}

/** What stands at a field: its sharing only where it is not that of the standard. */
function fieldOf({ path, titles, level, sharing, required }: Standard['fields'][number], usual: string): Node {
  return {
    '@type': 'concord:Field',
    path,
    title: titles,
    level,
    required,
    ...(sharing === usual ? {} : { sharingType: vocabulary.sharingType(sharing) }),
  }
}

function schemaOf(base: string, { standard: { id, version, titles } }: StandardDocument): Node {
  return { '@id': `${base}/v1/standards/${id}/versions/${version}/schema`, '@type': 'dct:Standard', title: titles }
}

export function agentOf(base: string, { id, titles, unifiedSocialCreditCode: code }: CatalogueDepartment): Node {
  const identifier = code === undefined ? {} : { identifier: code }
  return { '@id': departmentId(base, id), '@type': 'foaf:Agent', name: titles, ...identifier }
}

/** Where nobody is named, the owner itself: DCAT-AP recommends a contact, and a department has one. */
function contactOf(id: string, owner: CatalogueDepartment, contact: Contact | undefined): Node {
  const { titles, email, telephone, url } = contact ?? { titles: owner.titles }
  return {
    '@id': `${id}-contact`,
    '@type': ['vcard:Kind', 'vcard:Organization'],
    fn: titles,
    ...(email === undefined ? {} : { hasEmail: `mailto:${email}` }),
    ...(telephone === undefined ? {} : { hasTelephone: `tel:${telephone.replaceAll(/[ ()]/g, '')}` }),
    ...(url === undefined ? {} : { hasURL: url }),
  }
}

function provenanceOf(id: string, sourceSystem: Titles): Node {
  return { '@id': `${id}-source-system`, '@type': 'dct:ProvenanceStatement', label: sourceSystem }
}

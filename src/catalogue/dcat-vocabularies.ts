/**
 * The codes of GB/T 21063 in the vocabularies that DCAT-AP names: authority tables of the EU's Publications Office
 * (frequency, access-right, file-type, language), IANA's media types; codes that those lack are concepts of our own.
 */
import type { Titles } from '../record.ts'
import type { StandardDocument } from '../standard.ts'
import { namespace } from './dcat-context.ts'

/** A node of JSON-LD. */
export type Node = { readonly [member: string]: unknown }

type Entry = StandardDocument['standard']

const authority = 'http://publications.europa.eu/resource/authority'

const frequencies: Readonly<Record<string, string>> = {
  'real-time': 'CONT',
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly: 'MONTHLY',
  quarterly: 'QUARTERLY',
  'half-yearly': 'ANNUAL_2',
  yearly: 'ANNUAL',
  irregular: 'IRREG',
  never: 'NEVER',
}

/** How often the source changes (更新周期). */
export function frequencyOf(updateCycle: string): Node {
  return { '@id': `${authority}/frequency/${frequencies[updateCycle] ?? 'UNKNOWN'}`, '@type': 'dct:Frequency' }
}

export type AccessRight = 'PUBLIC' | 'RESTRICTED' | 'NON_PUBLIC'

export function accessRight(code: AccessRight): Node {
  return { '@id': `${authority}/access-right/${code}`, '@type': 'dct:RightsStatement' }
}

export type FileType = 'CSV' | 'JSON' | 'XML'

export function fileType(code: FileType): Node {
  return { '@id': `${authority}/file-type/${code}`, '@type': 'dct:MediaTypeOrExtent' }
}

export function mediaType(type: string): Node {
  return { '@id': `https://www.iana.org/assignments/media-types/${type}`, '@type': 'dct:MediaType' }
}

/** Of the titles: Chinese and English. */
export const languages: readonly Node[] = ['ZHO', 'ENG'].map(code => ({
  '@id': `${authority}/language/${code}`,
  '@type': 'dct:LinguisticSystem',
}))

function concepts<Code extends string>(
  scheme: string,
  rows: Readonly<Record<Code, readonly [notation: string, zh: string, en: string]>>,
): (code: Code) => Node {
  return code => {
    const [notation, zh, en] = rows[code]
    return {
      '@id': `${namespace}${scheme}-${code}`,
      '@type': 'skos:Concept',
      notation,
      prefLabel: { 'zh-CN': zh, en } satisfies Titles,
    }
  }
}

/** How a standard, or a field of it, is shared (共享类型). */
export const sharingType = concepts<Entry['sharing']>('sharing', {
  unconditional: ['1', '无条件共享', 'shared without condition'],
  conditional: ['2', '有条件共享', 'shared under conditions'],
  'not-shared': ['3', '不予共享', 'not shared'],
})

/** Whether the public gets it (开放类型). */
export const openness = concepts<Entry['openness']>('openness', {
  open: ['1', '无条件开放', 'open'],
  'on-request': ['2', '有条件开放', 'open on request'],
  closed: ['3', '不予开放', 'not open'],
})

/** The class that the resource code begins with (信息资源分类). */
export const resourceClass = concepts<'1' | '2' | '3'>('class', {
  '1': ['1', '基础信息资源', 'base information'],
  '2': ['2', '主题信息资源', 'theme information'],
  '3': ['3', '部门信息资源', 'department information'],
})

export type VersionStatus = 'published' | 'deprecated' | 'retired'

export const versionStatus = concepts<VersionStatus>('status', {
  published: ['published', '已发布', 'published'],
  deprecated: ['deprecated', '已弃用', 'deprecated'],
  retired: ['retired', '已停用', 'retired'],
})

/** Checks, at load, of what an adapter says by itself: constants, defaults, codes. */
import { identifierOf } from '../identifiers/identifiers.ts'
import type { Json } from '../record.ts'
import type { Loading, Site } from './loading.ts'
import { find, inside } from './loading.ts'
import type { JsonType, Target } from './target.ts'
import { typeOf } from './target.ts'
import { dateReader } from './transforms/date-format.ts'

export function checkType(type: JsonType, site: Site, loading: Loading): void {
  const { types } = site.target
  if (types.has(type) || (type === 'integer' && types.has('number'))) return
  find(loading, site.pointer, 'type-mismatch', `gives ${type}, but the standard takes ${[...types].join(' or ')}`)
}

export function checkConstant(value: Json, site: Site, loading: Loading): void {
  checkType(typeOf(value), site, loading)
  if (typeof value !== 'string') return
  checkCode(value, site.target, site, loading)
  const { everyFormat } = site.target
  if (everyFormat === undefined || isWritten(value, everyFormat)) return
  find(loading, site.pointer, 'format', `is not written as the standard takes it: ${everyFormat}`)
}

/** Whether a text is of a format; true too of those that are not known here, which are seen in records. */
function isWritten(text: string, format: string): boolean {
  const identifier = identifierOf(format)
  if (identifier === undefined) return formats[format]?.(text) ?? true
  const fault = identifier.check(text)
  return fault === undefined || (fault === 'check-digit' && identifier.checkDigit === 'warn')
}

const isDay = dateReader(['YYYY-MM-DD'])
const isMonth = dateReader(['YYYY-MM'])
const isInstant = dateReader(['YYYY-MM-DDTHH:mm:ssZ', 'YYYY-MM-DDTHH:mm:ss.SZ'])

const formats: { readonly [format: string]: (text: string) => boolean } = {
  date: text => isDay(text) !== undefined,
  'year-month': text => isMonth(text) !== undefined,
  'date-time': text => isInstant(text) !== undefined,
  decimal: text => /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text),
}

/** That the codes are among those of the standard's code list, or else among its values. */
export function checkCodes(codes: { readonly [text: string]: string }, site: Site, loading: Loading): void {
  for (const [text, code] of Object.entries(codes)) checkCode(code, codeTarget(site), inside(site, text), loading)
}

/** What takes the codes: the target, or the elements of its list. */
export function codeTarget({ target }: Site): Target {
  return target.types.has('array') && target.items ? target.items : target
}

export function checkCode(code: string, { codes, values }: Target, { pointer }: Site, loading: Loading): void {
  if (codes === undefined) {
    if (values === undefined || values.includes(code)) return
    find(loading, pointer, 'code-unknown', `${code} is not among the values of the standard: ${JSON.stringify(values)}`)
    return
  }
  const list = loading.catalogue.codeList(codes)
  if (list === undefined) {
    find(loading, pointer, 'code-list-unknown', `the code list ${codes} is not published`)
  } else if (list.codes.every(known => known.code !== code)) {
    find(loading, pointer, 'code-unknown', `${code} is not a code of the list ${codes}`)
  }
}

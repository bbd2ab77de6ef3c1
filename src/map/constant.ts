/** Checks, at load, of what an adapter says by itself: constants, defaults, codes. */
import type { Json } from '../record.ts'
import type { Loading, Site } from './loading.ts'
import { find, inside } from './loading.ts'
import type { JsonType, Target } from './target.ts'
import { typeOf } from './target.ts'

export function checkType(type: JsonType, site: Site, loading: Loading): void {
  const { types } = site.target
  if (types.has(type) || (type === 'integer' && types.has('number'))) return
  find(loading, site.pointer, 'type-mismatch', `gives ${type}, but the standard takes ${[...types].join(' or ')}`)
}

export function checkConstant(value: Json, site: Site, loading: Loading): void {
  checkType(typeOf(value), site, loading)
  if (typeof value === 'string') checkCode(value, site.target, site, loading)
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

/** Checks, at load, of `source`: what can be read at all, and paths that could never meet anything. */
import { isReadableEncoding, type ColumnsPlace } from '../source.ts'
import type { SourceDescription } from './document.ts'
import type { Loading } from './loading.ts'
import { find, strangePrefix } from './loading.ts'
import { isPosition, parsePath } from './path.ts'
import { pointTo } from './pointer.ts'

type Format = SourceDescription['format']

/** What steps the reader of a path knows beside names. */
type Steps = { readonly format: Format; readonly takesAny: boolean }

export function checkSource(loading: Loading): void {
  const { source } = loading.document
  checkEncoding(source.encoding, '/source/encoding', loading)
  if (source.records !== '') checkPath(source.records, '/source/records', { ...source, takesAny: true }, loading)
  checkEnvelope(source, loading)
  checkUnfold(source, loading)
  const { columns, delimiter = ',', quote = '"' } = source
  if (typeof columns === 'object' && isPlace(columns)) {
    checkPath(columns.at, '/source/columns/at', { ...source, takesAny: false }, loading)
  }
  if (source.format === 'csv' && delimiter === quote) {
    const at = source.quote === undefined ? '/source/delimiter' : '/source/quote'
    find(loading, at, 'quote-invalid', 'is one character for delimiter and quote: give the other one, or no quote ("")')
  }
}

function checkEnvelope({ envelope = [] }: SourceDescription, loading: Loading): void {
  for (const [index, { format, at, decode, encoding }] of envelope.entries()) {
    const pointer = `/source/envelope/${index}`
    checkEncoding(encoding, pointTo(pointer, 'encoding'), loading)
    checkPath(at, pointTo(pointer, 'at'), { format, takesAny: true }, loading)
    if (decode === undefined || decode[0] === 'base64') continue
    const what = 'must be base64, as a text holds no other bytes; what these are compressed by comes after it'
    find(loading, `${pointer}/decode/0`, 'decode-invalid', what)
  }
}

function checkUnfold({ format, unfold }: SourceDescription, loading: Loading): void {
  if (unfold === undefined) return
  const [pointer, path] =
    typeof unfold === 'string'
      ? ['/source/unfold', unfold]
      : 'members' in unfold
        ? ['/source/unfold/members', unfold.members]
        : ['/source/unfold/columns', unfold.columns]
  if (path !== '.') checkPath(path, pointer, { format, takesAny: false }, loading)
}

function checkPath(text: string, pointer: string, { format, takesAny }: Steps, loading: Loading): void {
  const wrong = (message: string): void => find(loading, pointer, 'path-invalid', message)
  const path = parsePath(text)
  if (path === undefined || path.absolute || path.up > 0 || path.names.length === 0 || path.names.includes('#name')) {
    return wrong('can meet nothing: names that lead down, joined by /, none in front, ~ written ~0, / in a name ~1')
  }
  if (!takesAny && path.names.includes('*')) return wrong('can meet nothing: * goes only in records and envelopes')
  // Elsewhere a number is a name, {"2026": …}: these paths go through lists to all their members.
  if (format === 'xml' && path.names.some(isPosition))
    return wrong('can meet nothing: no element has a number for a name')
  const stranger = strangePrefix(path, format, loading)
  if (stranger !== undefined) wrong(`uses the prefix ${stranger}, which source.namespaces does not declare`)
}

function isPlace(columns: readonly string[] | ColumnsPlace): columns is ColumnsPlace {
  return !Array.isArray(columns)
}

function checkEncoding(label: string | undefined, pointer: string, loading: Loading): void {
  if (label === undefined || isReadableEncoding(label)) return
  find(
    loading,
    pointer,
    'encoding-unknown',
    'is no label of the WHATWG Encoding Standard that is read, such as gb18030',
  )
}

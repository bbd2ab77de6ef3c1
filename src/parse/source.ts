/** What an adapter says of its input: the `source` part of its document. */

export type Format = 'xml' | 'json' | 'ndjson'

export type Source = {
  readonly format: Format
  /** A label of the WHATWG Encoding Standard; absent: byte order mark, XML declaration, a look at the bytes. */
  readonly encoding?: string
  /** Outer documents, the outermost first, each of which holds the next one as a text. */
  readonly envelope?: readonly EnvelopeStep[]
  /**
   * Where the records are. XML: names from the root element to the record's. JSON: names from the root to the array
   * whose elements are the records, '' for the root; arrays above it are passed through; anything but an array (or
   * null, which is none) is one record. NDJSON: '', every line is one.
   */
  readonly records: string
  /** Prefix used in the adapter's paths → namespace URI. Names of other namespaces stand in paths as the input has them. */
  readonly namespaces?: { readonly [prefix: string]: string }
}

export type EnvelopeStep = { readonly format: 'xml' | 'json'; readonly at: string }

/** The names of a path: joined by `/`, in a name `~1` a slash and `~0` a tilde (RFC 6901 §3). '' has none. */
export function namesOf(path: string): string[] {
  if (path === '') return []
  return path.split('/').map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** One name as it stands in a path. The inverse of what {@link namesOf} does to each name. */
export function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

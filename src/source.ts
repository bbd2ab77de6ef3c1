/** What an adapter says of its input: the `source` part of its document. */

export type Source = {
  /** Of the document that holds the records. */
  readonly format: Format
  /** A label of the WHATWG Encoding Standard; absent: byte order mark, XML declaration, a look at the bytes. */
  readonly encoding?: string
  /** What the whole input is wrapped in, the outermost first. gzip is recognised where it is not named, too. */
  readonly decode?: readonly Wrapping[]
  /** Outer documents, the outermost first, each of which holds the next one, or several of them, as texts. */
  readonly envelope?: readonly EnvelopeStep[]
  /**
   * Where the records are. XML: names from the root element to the record's. JSON: names from the root to the array
   * whose elements are the records, '' for the root; arrays above it are passed through; anything but an array (or
   * null, which is none) is one record. In both `*` is any name. NDJSON and CSV: '', every line or row is one.
   */
  readonly records: string
  /** What inside of the records makes several records of each, with what stands around it. */
  readonly unfold?: Unfolding
  /** CSV and JSON: what the cells of a row are called; absent: the first row of CSV says it, rows of JSON stay arrays. */
  readonly columns?: Columns
  /** CSV: the character between two cells, by default a comma. */
  readonly delimiter?: string
  /** CSV: the character around a cell that holds delimiters or line ends, by default `"`; '' where there is none. */
  readonly quote?: string
  /** CSV: how many lines stand before the header. */
  readonly skipLines?: number
  /** Prefix used in the adapter's paths → namespace URI. Names of other namespaces stand in paths as the input has them. */
  readonly namespaces?: { readonly [prefix: string]: string }
}

export type Format = 'xml' | 'json' | 'ndjson' | 'csv'

/**
 * A path: each node there makes a record. `members`: each member of the object at the path (`.` the record itself) makes
 * one, where it stands under `as` as {name, value}, beside the object's texts. `columns`: the object's lists are the
 * columns of a table; each row makes one, where it stands under `as`.
 */
export type Unfolding =
  string | { readonly members: string; readonly as: string } | { readonly columns: string; readonly as: string }

/** gzip: RFC 1952, zlib: RFC 1950, deflate: RFC 1951 without either around it, base64: RFC 4648 §4 or §5. */
export type Wrapping = 'gzip' | 'zlib' | 'deflate' | 'base64'

export type EnvelopeStep = {
  readonly format: 'xml' | 'json'
  /** The path of the texts that hold the next documents. */
  readonly at: string
  /** What those texts are wrapped in, `base64` first, and the encoding of the bytes that come out of it. */
  readonly decode?: readonly Wrapping[]
  readonly encoding?: string
}

/**
 * Names in the order of the cells; or `first`: those in the first row; or those in an array at a path of the JSON
 * document, before the rows: texts, or objects with the text as the member `name`.
 */
export type Columns = readonly string[] | 'first' | ColumnsPlace

export type ColumnsPlace = { readonly at: string; readonly name?: string }

/**
 * Whether an input in an encoding of that label can be read: one that TextDecoder knows and that keeps no state. In
 * ISO-2022-JP bytes mean one thing or another by the escapes before them: it cannot be cut into blocks.
 */
export function isReadableEncoding(label: string): boolean {
  try {
    return new TextDecoder(label, { fatal: true }).encoding !== 'iso-2022-jp'
  } catch {
    return false
  }
}

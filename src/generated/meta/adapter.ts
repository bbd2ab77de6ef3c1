// Made from schemas/meta/adapter.json by `npm run types`. Not to be edited.

/**
 * A remark for those who maintain the adapter.
 */
export type Comment = string
export type Name = string
export type Wrappings = ('gzip' | 'zlib' | 'deflate' | 'base64')[]
/**
 * Names joined by /. @name is an attribute, 0 the first of a list, * every member or child, #name (at the end) the name under which the node stands, .. the parent, . the node itself, a leading / the document's root; ~1 is a slash and ~0 a tilde inside a name.
 */
export type Path = string
export type PlainPath = string
export type PlainPathOrSelf = '.' | PlainPath
export type MemberName = string
/**
 * A regular expression in the syntax of RE2, which takes neither backreferences nor lookaround. It matches anywhere in the text unless ^ and $ hold it.
 */
export type Pattern = string
/**
 * The name of a query parameter.
 */
export type Parameter = string
/**
 * must be the name of a transform, or an object that gives its parameters under its name
 */
export type Transform =
  | string
  | {
      /**
       * Puts a text in front.
       */
      prefix?: string
      /**
       * Puts a text behind.
       */
      suffix?: string
      /**
       * Fills up to a length, with zeros at the start unless told otherwise.
       */
      pad?: {
        /**
         * Length in characters.
         */
        length: number
        with?: string
        side?: 'start' | 'end'
      }
      /**
       * Keeps the characters from start (counting from 0) up to, not including, end.
       */
      substring?: {
        start: number
        /**
         * Up to the last character where it is missing.
         */
        end?: number
      }
      /**
       * Replaces literal texts by others wherever they stand, the longest first, in one pass.
       */
      replace?: {
        [k: string]: string
      }
      /**
       * Keeps what the first group of a pattern matches, or all of the first match where it has none; no match is refused.
       */
      extract?:
        | string
        | {
            /**
             * In the syntax of RE2, without backreferences and lookaround.
             */
            pattern: string
            /**
             * The number of the group, or its name.
             */
            group?: number | string
          }
      /**
       * Replaces all that a pattern matches; $1 stands for its first group, ${name} for a named one, $0 for the whole, $$ for a dollar.
       */
      rewrite?: {
        /**
         * In the syntax of RE2, without backreferences and lookaround.
         */
        pattern: string
        with: string
      }
      /**
       * One separator, or several.
       */
      split?: string | string[]
      /**
       * Joins a list of texts into one.
       */
      join?: string
      /**
       * Keeps one text of a list, counting from 0, or from the end with -1 for the last; empty where there is none.
       */
      item?: number
      /**
       * Gives an exact decimal text: no exponent, no sign of plus, no needless zeros. 2.5E7 becomes 25000000.
       */
      decimal?: {
        /**
         * What stands between groups of three digits. Without it a separator is refused.
         */
        grouping?: ',' | ' ' | "'" | '.'
        /**
         * What stands between the whole number and its fraction.
         */
        point?: '.' | ','
        /**
         * Multiplies by this power of ten: 4 turns 万元 into 元.
         */
        shift?: number
        /**
         * Multiplies by this decimal, or fraction of two: 10000/15 turns 亩 into m².
         */
        times?: string
        /**
         * With times: so many digits behind the point are kept, half to even (GB/T 8170).
         */
        digits?: number
      }
      /**
       * Gives a whole number. A fraction of zeros (12.00) is taken, any other is refused.
       */
      integer?: {
        /**
         * What stands between groups of three digits. Without it a separator is refused.
         */
        grouping?: ',' | ' ' | "'" | '.'
        /**
         * What stands between the whole number and its fraction.
         */
        point?: '.' | ','
      }
      /**
       * Gives a number, for measures such as a latitude. Refuses what cannot be kept exactly; money is a decimal.
       */
      number?: {
        /**
         * What stands between groups of three digits. Without it a separator is refused.
         */
        grouping?: ',' | ' ' | "'" | '.'
        /**
         * What stands between the whole number and its fraction.
         */
        point?: '.' | ','
      }
      /**
       * Gives true or false by the texts that mean them; any other text is refused.
       */
      boolean?: {
        true: string[]
        false: string[]
      }
      /**
       * Gives a day as YYYY-MM-DD. A time of day is dropped; a time with an offset is first brought to the time zone of the adapter, where it has one; a day that does not exist is refused.
       */
      date?: {
        /**
         * YYYY year, YY two digits of one (with century), YYY or Y year of the Republic of China, MM DD HH mm ss two digits, M D H one or two, MMM or MMMM English month, hh or h with A for AM and PM, S fraction, Z offset, ddd English day of the week, x or X milliseconds or seconds since 1970, […] literal.
         */
        formats: string[]
        /**
         * The first of the hundred years that YY stands for: with 1950, 49 is 2049 and 50 is 1950.
         */
        century?: number
      }
      /**
       * Gives a month as YYYY-MM, in the time zone of the adapter as date does.
       */
      yearMonth?: {
        /**
         * YYYY year, YY two digits of one (with century), YYY or Y year of the Republic of China, MM DD HH mm ss two digits, M D H one or two, MMM or MMMM English month, hh or h with A for AM and PM, S fraction, Z offset, ddd English day of the week, x or X milliseconds or seconds since 1970, […] literal.
         */
        formats: string[]
        /**
         * The first of the hundred years that YY stands for: with 1950, 49 is 2049 and 50 is 1950.
         */
        century?: number
      }
      /**
       * Gives an instant as RFC 3339 writes it; where the format has no Z, in the time zone of the adapter.
       */
      dateTime?: {
        /**
         * YYYY year, YY two digits of one (with century), YYY or Y year of the Republic of China, MM DD HH mm ss two digits, M D H one or two, MMM or MMMM English month, hh or h with A for AM and PM, S fraction, Z offset, ddd English day of the week, x or X milliseconds or seconds since 1970, […] literal.
         */
        formats: string[]
        /**
         * The first of the hundred years that YY stands for: with 1950, 49 is 2049 and 50 is 1950.
         */
        century?: number
      }
      /**
       * Writes an identifier canonically: plain capitals, no separators; a resident number of 15 digits becomes 18.
       */
      identifier?:
        | 'uscc'
        | 'organisation-code'
        | 'resident-id'
        | 'resident-id-15'
        | 'business-registration'
        | 'investment-project-code'
        | 'real-estate-unit'
        | 'electronic-licence'
        | 'food-licence'
        | 'construction-permit'
        | 'tw-business-number'
    }
export type Texts = string[]
export type Separators = string | string[]

/**
 * A mapping from the records of one department's source to one standard. Everything a source sends is text until a named transform says otherwise.
 */
export interface Adapter {
  /**
   * Where this meta-schema is, so that editors complete: ../../schemas/meta/adapter.json.
   */
  $schema?: string
  $comment?: Comment
  /**
   * Whose adapter it is, and its version.
   */
  adapter: {
    department: Name
    name: Name
    /**
     * major.minor.patch. A published version never changes.
     */
    version: string
    titles: {
      'zh-CN': string
      en: string
    }
  }
  /**
   * The standard that the records are converted to.
   */
  standard: {
    id: Name
    major: number
  }
  /**
   * How the input is written and where its records are.
   */
  source: {
    /**
     * Of the document that holds the records.
     */
    format: 'xml' | 'json' | 'ndjson' | 'csv'
    /**
     * A label of the WHATWG Encoding Standard. Without it: byte order mark, XML declaration, then a look at the bytes.
     */
    encoding?: string
    decode?: Wrappings
    /**
     * Outer documents, outermost first, each with the path of the text that holds the next one. Several texts at the path (repeated elements, members of an array) are several documents, read one after the other.
     */
    envelope?: {
      format: 'xml' | 'json'
      at: Path
      decode?: Wrappings
      /**
       * Of the bytes that decode gives, as source.encoding is of the input's.
       */
      encoding?: string
    }[]
    /**
     * XML: the path of a record, from the root element. JSON: the path of the array of records, empty for the root. In both, * is any name. NDJSON and CSV: empty, every line or row is a record.
     */
    records: string
    /**
     * has to be a path of names only (no *, no ..), or {members, as}, or {columns, as}
     */
    unfold?:
      | PlainPath
      | {
          members: PlainPathOrSelf
          as: MemberName
        }
      | {
          columns: PlainPathOrSelf
          as: MemberName
        }
    where?: Condition
    /**
     * has to be a list of different names of columns, "first", or {at, name}
     */
    columns?:
      | string[]
      | 'first'
      | {
          at: string
          name?: string
        }
    /**
     * CSV: the character between two cells.
     */
    delimiter?: string
    /**
     * CSV: the character around cells that hold delimiters or line ends; inside of them it is doubled. Empty where quotes are nothing but text.
     */
    quote?: string
    /**
     * CSV: how many lines stand before the header, or before the rows where columns lists the names.
     */
    skipLines?: number
    /**
     * The namespaces of XML names, by the prefix that paths use for them; the empty prefix is that of names without one.
     */
    namespaces?: {
      [k: string]: string
    }
  }
  group?: Grouping
  mode: 'snapshot' | 'delta'
  /**
   * Where the hub fetches the input itself, and when. Without it, the department delivers.
   */
  pull?: {
    $comment?: Comment
    /**
     * Cron of five fields (minute, hour, day of the month, month, day of the week), in the adapter's timezone, else UTC.
     */
    schedule: string
    /**
     * An address to get the input from, each time whole. What has not changed since the last good run (ETag, Last-Modified) is not delivered again.
     */
    http?: {
      /**
       * http or https; the operator allows its host (CONCORD_PULL_HOSTS) or sets a credential for it.
       */
      url: string
      /**
       * Headers of the request that are no secrets.
       */
      headers?: {
        [k: string]: string
      }
      credential?: Name
      /**
       * Where the input comes in pages: all of them are one delivery.
       */
      paging?: {
        /**
         * The absolute path of the next page's address, or link: the Link header (RFC 8288) has it. The last page has none.
         */
        next?: string
        page?: Parameter
        /**
         * The first page's number.
         */
        from?: number
        offset?: Parameter
        /**
         * The query parameter that says how many records a page has.
         */
        size?: {
          parameter: Parameter
          number: number
        }
        /**
         * The query parameter that names the place to go on from, and the absolute path at which a page has the next. The last page has none.
         */
        cursor?: {
          parameter: Parameter
          path: Path
        }
      }
    }
    /**
     * A folder that files are dropped into; each is a delivery, in the order of their names.
     */
    folder?: {
      /**
       * Below the operator's drop folder (CONCORD_DROP_DIR); its first name is the department.
       */
      path: string
      /**
       * Which names are taken: * stands for any characters, ? for one.
       */
      match?: string
    }
    /**
     * A query to another database. Its rows are read as NDJSON of texts.
     */
    database?: {
      credential: Name
      /**
       * One SELECT. :watermark stands for what the last good run came to.
       */
      query: string
      /**
       * The column whose value in the last row the next run goes on from.
       */
      watermark?: string
      /**
       * What the first run goes on from.
       */
      initial?: string
    }
  }
  /**
   * For a snapshot: a top-level field of the standard. A snapshot withdraws only records whose value of it occurs in the snapshot.
   */
  scope?: string
  recordId?: Path
  asOf?: Rule
  /**
   * Which records are withdrawals: what this adapter has said under their key is taken back. Only their key (and scope) need be readable.
   */
  withdraw?: {
    $comment?: Comment
    when: Condition
  }
  /**
   * What decides among records with the same key: input, the later one in the input; or a rule, whose greater text does (as decimals where both are), across deliveries too. Without it, a second and differing record in one delivery is rejected.
   */
  order?: unknown
  absentWhen?: Texts
  /**
   * The offset or IANA time zone that times without an offset are in.
   */
  timezone?: string
  fields: Rules
}
/**
 * A condition on the source.
 */
export interface Condition {
  path?: Path
  /**
   * Holds where a node at the path has this text, or one of these, white space at the ends aside.
   */
  is?: string | string[]
  matches?: Pattern
  /**
   * Holds where there is a node at the path that is not absent; false turns it round.
   */
  present?: boolean
  not?: Condition
  all?: Condition[]
  any?: Condition[]
}
/**
 * Which rows belong together, and where they then stand.
 */
export interface Grouping {
  $comment?: Comment
  /**
   * Paths from the row down to its texts: rows whose texts are equal at all of them, white space at the ends aside, belong together.
   */
  by: Path[]
  /**
   * The name under which the rows stand, or the inner groups where there are any. It hides a member of that name.
   */
  as?: string
  /**
   * True where the rows of one group follow one another in the input: groups are then given on as they end, and need no memory.
   */
  contiguous?: boolean
  group?: InnerGrouping
}
/**
 * Which rows belong together, and where they then stand.
 */
export interface InnerGrouping {
  $comment?: Comment
  /**
   * Paths from the rows of the outer group down to its texts: rows whose texts are equal at all of them, white space at the ends aside, belong together.
   */
  by: Path[]
  /**
   * The name under which the rows stand, or the inner groups where there are any. It hides a member of that name.
   */
  as?: string
  group?: InnerGrouping
}
/**
 * What gives a value of the standard.
 */
export interface Rule {
  $comment?: Comment
  from?: Path
  /**
   * Named transforms, applied from left to right; those of an aggregate to each text before it. After listOf and each they get the list of texts.
   */
  via?: Transform[]
  /**
   * The standard's codes by the source's texts, looked up after via. A text that is not listed is an error, unless translate finds it or unlisted says otherwise.
   */
  codes?: {
    [k: string]: string
  }
  translate?: Translation
  /**
   * The code of texts that neither codes nor translate know.
   */
  unlisted?: string
  absentWhen?: Texts
  nullWhen?: Texts
  /**
   * The value where the rule gives none. Alone it does not make an object present.
   */
  default?: unknown
  /**
   * A constant. Without when, alone it does not make an object present.
   */
  value?: unknown
  when?: Condition
  /**
   * The first of these rules that gives a value.
   */
  firstOf?: Rule[]
  /**
   * An array of what these rules give, the absent left out.
   */
  listOf?: Rule[]
  /**
   * listOf is absent unless every one of its rules gives a value: half a composite key would be another's.
   */
  complete?: boolean
  /**
   * One array of what these rules give, each of which gives an array.
   */
  concat?: Rule[]
  each?: Path
  one?: Path
  /**
   * Of several nodes of one, the one to take, instead of an error.
   */
  take?: 'first' | 'last'
  /**
   * Splits the texts of the nodes of each or one into nodes: at a separator, any of several, or a pattern; before: where a pattern begins, which each part then begins with. Each part's text is at the path .
   */
  split?:
    | Separators
    | {
        pattern?: Pattern
        before?: Pattern
      }
  where?: Condition
  /**
   * Keeps the nodes of each, one or an aggregate whose text at the inner path equals the text at the outer path: {inner: outer}.
   */
  join?: {
    [k: string]: Path
  }
  sortBy?: Rule
  item?: Rule
  fields?: Rules
  /**
   * Members without which the object is absent: an amount without its currency says nothing.
   */
  needs?: string[]
  count?: Path
  countDistinct?: Path
  sum?: Path
  min?: Path
  max?: Path
  first?: Path
  last?: Path
  /**
   * A stable identifier for what has none: the first 32 hex digits of a SHA-256 of what these rules give, the absent counted. It hides nothing: who can guess the parts can compute it.
   */
  digestOf?: Rule[]
  resolve?: Resolve
}
/**
 * has to say list and by, or crosswalk
 */
export interface Translation {
  $comment?: Comment
  list?: Name
  /**
   * What of the list the texts are.
   */
  by?: 'title'
  crosswalk?: Name
  on?: Rule
}
/**
 * Rules by the names of the standard's fields.
 */
export interface Rules {
  [k: string]: Rule
}
/**
 * A field of a record of another standard. The adapter's department needs an agreement for it.
 */
export interface Resolve {
  $comment?: Comment
  standard: Name
  /**
   * Its major version.
   */
  major: number
  /**
   * The matter code that the agreement is for.
   */
  matter: string
  /**
   * The rule that gives the record's key; where the key has several parts, a list of the rules that give them.
   */
  key: unknown
  /**
   * The field wanted: names joined by dots, none of them a list on the way.
   */
  field: string
}

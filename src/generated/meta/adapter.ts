// Made from schemas/meta/adapter.json by `npm run types`. Not to be edited.

/**
 * A remark for those who maintain the adapter.
 */
export type Comment = string
export type Name = string
/**
 * Names joined by /. @name is an attribute, .. the parent, . the node itself, a leading / the document's root; ~1 is a slash and ~0 a tilde inside a name.
 */
export type Path = string
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
       * One separator, or several.
       */
      split?: string | string[]
      /**
       * Joins a list of texts into one.
       */
      join?: string
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
       * Gives a day as YYYY-MM-DD. A time of day is dropped; a day that does not exist is refused.
       */
      date?: {
        /**
         * YYYY year, YYY year of the Republic of China, MM and DD two digits, M and D one or two, HH mm ss, S fraction, Z offset.
         */
        formats: string[]
      }
      /**
       * Gives a month as YYYY-MM.
       */
      yearMonth?: {
        /**
         * YYYY year, YYY year of the Republic of China, MM and DD two digits, M and D one or two, HH mm ss, S fraction, Z offset.
         */
        formats: string[]
      }
      /**
       * Gives an instant as RFC 3339 writes it; where the format has no Z, in the time zone of the adapter.
       */
      dateTime?: {
        /**
         * YYYY year, YYY year of the Republic of China, MM and DD two digits, M and D one or two, HH mm ss, S fraction, Z offset.
         */
        formats: string[]
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
    format: 'xml' | 'json' | 'ndjson'
    /**
     * A label of the WHATWG Encoding Standard. Without it: byte order mark, XML declaration, then a look at the bytes.
     */
    encoding?: string
    /**
     * Outer documents, outermost first, each with the path of the text that holds the next one.
     */
    envelope?: {
      format: 'xml' | 'json'
      at: Path
    }[]
    /**
     * XML: the path of a record, from the root element. JSON: the path of the array of records, empty for the root. NDJSON: empty, every line is a record.
     */
    records: string
    /**
     * The namespaces of XML names, by the prefix that paths use for them.
     */
    namespaces?: {
      [k: string]: string
    }
  }
  mode: 'snapshot' | 'delta'
  /**
   * For a snapshot: a top-level field of the standard. A snapshot withdraws only records whose value of it occurs in the snapshot.
   */
  scope?: string
  recordId?: Path
  asOf?: Rule
  absentWhen?: Texts
  /**
   * The offset or IANA time zone that times without an offset are in.
   */
  timezone?: string
  fields: Rules
}
/**
 * What gives a value of the standard.
 */
export interface Rule {
  $comment?: Comment
  from?: Path
  /**
   * Named transforms, applied from left to right. After listOf they get the list of its texts.
   */
  via?: Transform[]
  /**
   * The standard's codes by the source's texts, looked up after via. A text that is not listed is an error.
   */
  codes?: {
    [k: string]: string
  }
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
  each?: Path
  one?: Path
  where?: Condition
  /**
   * Keeps the nodes of each or one whose text at the inner path equals the text at the outer path: {inner: outer}.
   */
  join?: {
    [k: string]: Path
  }
  item?: Rule
  fields?: Rules
  /**
   * Members without which the object is absent: an amount without its currency says nothing.
   */
  needs?: string[]
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
  /**
   * Holds where there is a node at the path that is not absent; false turns it round.
   */
  present?: boolean
  not?: Condition
  all?: Condition[]
  any?: Condition[]
}
/**
 * Rules by the names of the standard's fields.
 */
export interface Rules {
  [k: string]: Rule
}

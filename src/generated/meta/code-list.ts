// Made from schemas/meta/code-list.json by `npm run types`. Not to be edited.

export type Day = string
/**
 * An edition by the name that its source gives it: a year, a month, a revision.
 */
export type EditionName = string

/**
 * A versioned set of codes that a standard's field draws from by the keyword `codes`.
 */
export interface CodeList {
  /**
   * Where this meta-schema is, so that editors complete: ../meta/code-list.json.
   */
  $schema: string
  /**
   * The list's name, also its file's: lower-case words joined by hyphens.
   */
  id: string
  /**
   * major.minor.patch. A new code is minor, unless the list is closed.
   */
  version: string
  titles: Titles
  /**
   * True where the source fixes the codes, so that a reader may count on no other: a new code is then a breaking change. False for an excerpt.
   */
  closed: boolean
  /**
   * The standard or authority that the codes come from, like GB/T 2261.1-2003.
   */
  source: string
  effectiveFrom?: Day
  edition?: EditionName
  /**
   * What has been imported, oldest first: each state of the list that its source published. The days of the codes are made from them.
   */
  editions?: Edition[]
  /**
   * Longer codes that need not be listed, as towns (9 digits) and villages (12) below a division of 6: valid where they are digits of one of the lengths and their prefix is a code of the list.
   */
  refined?: {
    /**
     * How many characters are the listed code.
     */
    prefix: number
    /**
     * How long the longer codes are.
     */
    lengths: number[]
  }
  /**
   * The codes, in the order of the source; each stands once.
   */
  codes: Code[]
}
export interface Titles {
  /**
   * In Chinese.
   */
  'zh-CN': string
  /**
   * In English.
   */
  en: string
}
export interface Edition {
  name: EditionName
  from: Day
  /**
   * Who published it, or the file that it was read from.
   */
  source?: string
}
export interface Code {
  /**
   * The code as text: 01 is not 1.
   */
  code: string
  titles: CodeTitles
  from?: Day
  to?: Day
  /**
   * The code above it, where the list has levels.
   */
  parent?: string
  /**
   * Earlier periods, oldest first: what the code meant then, where it was renamed, given up or used again.
   */
  former?: Period[]
  /**
   * Written here by hand and in no edition of the source: an import leaves the code as it is.
   */
  local?: true
}
/**
 * What the code means. Official lists have no English: where nobody has translated a code, it is left out rather than made up.
 */
export interface CodeTitles {
  /**
   * In Chinese.
   */
  'zh-CN': string
  /**
   * In English.
   */
  en?: string
}
export interface Period {
  titles: CodeTitles
  from?: Day
  to: Day
}

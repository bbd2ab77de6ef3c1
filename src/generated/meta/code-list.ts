// Made from schemas/meta/code-list.json by `npm run types`. Not to be edited.

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
export interface Code {
  /**
   * The code as text: 01 is not 1.
   */
  code: string
  titles: Titles
  /**
   * The first day on which the code was valid.
   */
  from?: string
  /**
   * The last day on which the code was valid.
   */
  to?: string
}

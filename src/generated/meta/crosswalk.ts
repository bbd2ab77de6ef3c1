// Made from schemas/meta/crosswalk.json by `npm run types`. Not to be edited.

/**
 * Which codes of one list stand for which codes of another, or of another edition of the same list.
 */
export interface Crosswalk {
  /**
   * Where this meta-schema is, so that editors complete: ../meta/crosswalk.json.
   */
  $schema: string
  /**
   * The crosswalk's name, also its file's: lower-case words joined by hyphens.
   */
  id: string
  /**
   * major.minor.patch. A new row is minor, a row that is changed or taken away is major.
   */
  version: string
  titles: Titles
  /**
   * Who says that the codes correspond.
   */
  source: string
  from: End
  to: End
  /**
   * Each says that one code stands for another. Several rows of one code: it stands for one of several, and is refused where one is needed.
   */
  rows: Row[]
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
export interface End {
  /**
   * A published code list, by its id.
   */
  list: string
  /**
   * Only its codes of this edition; without it, every code that was ever in the list.
   */
  edition?: string
}
export interface Row {
  /**
   * A code of the list `from`.
   */
  from: string
  /**
   * A code of the list `to`.
   */
  to: string
  /**
   * The first day on which the row holds.
   */
  since?: string
  /**
   * The last day on which the row holds.
   */
  until?: string
}

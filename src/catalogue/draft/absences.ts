/** Texts that mean that there is no value, as feeds write them. */

/** Of no language and no measure: nothing else is meant by them, in whatever field they stand. */
export const emptyTexts: readonly string[] = [
  'null',
  'NULL',
  '\\N',
  'N/A',
  'n/a',
  '暂无',
  '－',
  '——',
  '#N/A',
  'undefined',
]

/** Empty in most fields, but a word, a name or a code in some: said of the one field in which they were seen. */
export const emptyInPlaces: readonly string[] = [
  '无',
  '無',
  '-',
  '--',
  '—',
  '不详',
  'None',
  'none',
  'NA',
  '不適用',
  '不适用',
  '.',
]

/** Days that stand for a missing one: where calendars of databases begin. */
export const missingDays: readonly string[] = ['1899-12-31', '1899-12-30', '1900-01-01', '0001-01-01', '1970-01-01']

/** Days, and words, that stand for no end. */
export const endlessDays: readonly string[] = ['9999-12-31', '9999-09-09', '2099-12-31', '9999-01-01']
export const endlessTexts: readonly string[] = ['长期', '長期', '永久', '长期有效', '永久有效', '无固定期限']

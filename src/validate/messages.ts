/**
 * What is said of every issue, by its code: stable codes, and words in both languages.
 *
 * `{name}` stands for a limit or a name from the schema. Nothing here can take a value of a record.
 */
import type { Issue, Language, Titles } from '../record.ts'

export const messages = {
  // of a record
  required: { 'zh-CN': '必填', en: 'is required' },
  'required-one-of': { 'zh-CN': '至少填写其中一项：{names}', en: 'needs at least one of: {names}' },
  'required-with': { 'zh-CN': '填写 {property} 时必填', en: 'is required where {property} is present' },
  'field-unknown': { 'zh-CN': '此处没有该名称，请改正或删除', en: 'is not known here: mend the name or leave it out' },
  'name-invalid': { 'zh-CN': '字段名不符合要求', en: 'has a name that is not allowed here' },
  type: { 'zh-CN': '类型应为 {type}', en: 'must be of type {type}' },
  format: { 'zh-CN': '不是有效的{what}', en: 'is not valid as {what}' },
  date: { 'zh-CN': '{what}中的日期不存在', en: 'holds a date that does not exist, so is not valid as {what}' },
  'check-digit': { 'zh-CN': '{what}的校验码不符', en: 'has a check digit that does not fit {what}' },
  'inner-check-digit': {
    'zh-CN': '{what}中组织机构代码的校验码不符',
    en: 'holds an organisation code whose check digit does not fit, so is not valid as {what}',
  },
  masked: { 'zh-CN': '已脱敏的内容不能作为{what}', en: 'is masked, so is not valid as {what}' },
  'code-unknown': { 'zh-CN': '不在代码表 {list} 中', en: 'is not a code of the list {list}' },
  'code-not-in-force': {
    'zh-CN': '代码在 {property} 当日不在有效期内（代码表 {list}）',
    en: 'is a code of the list {list}, but was not in force on the day of {property}',
  },
  'not-listed': { 'zh-CN': '应为以下之一：{allowedValues}', en: 'must be one of: {allowedValues}' },
  'not-constant': { 'zh-CN': '应为 {allowedValue}', en: 'must be {allowedValue}' },
  pattern: { 'zh-CN': '应匹配 {pattern}', en: 'must match {pattern}' },
  'too-long': { 'zh-CN': '最多 {limit} 个字符', en: 'must have at most {limit} characters' },
  'too-short': { 'zh-CN': '最少 {limit} 个字符', en: 'must have at least {limit} characters' },
  'out-of-range': { 'zh-CN': '应 {comparison} {limit}', en: 'must be {comparison} {limit}' },
  'not-multiple': { 'zh-CN': '应为 {multipleOf} 的整数倍', en: 'must be a multiple of {multipleOf}' },
  'too-many': { 'zh-CN': '最多 {limit} 项', en: 'must have at most {limit} items' },
  'too-few': { 'zh-CN': '最少 {limit} 项', en: 'must have at least {limit} items' },
  repeated: { 'zh-CN': '第 {j} 项与第 {i} 项重复（从 0 起）', en: 'repeats: items {j} and {i}, from 0, are equal' },
  'item-missing': { 'zh-CN': '缺少符合要求的项', en: 'lacks an item of the kind that must be there' },
  'not-allowed': { 'zh-CN': '此处不允许', en: 'is not allowed here' },
  'no-alternative': { 'zh-CN': '不符合任何一种允许的形式', en: 'fits none of the forms that are allowed' },
  'several-alternatives': { 'zh-CN': '同时符合多种互斥的形式', en: 'fits several forms of which only one is allowed' },
  'text-unrepresentable': {
    'zh-CN': '含有无法保存的字符（U+0000 或不成对的代理项）',
    en: 'holds a character that cannot be kept: U+0000 or a lone surrogate',
  },
  // of a standard's document
  'keyword-unknown': { 'zh-CN': '未知的关键字', en: 'is not a keyword of JSON Schema 2020-12 or of the catalogue' },
  'format-unknown': { 'zh-CN': '未知的格式', en: 'is not a format that the hub knows' },
  'code-list-unknown': {
    'zh-CN': '代码表不存在，请先发布',
    en: 'names a code list that is not published; publish it first',
  },
  'codes-on-misplaced': {
    'zh-CN': '应与 codes 同用，并指向同级的日期字段',
    en: 'must stand beside `codes` and name a date field of the same object',
  },
  'check-digit-misplaced': {
    'zh-CN': '只能与带校验码的标识格式同用',
    en: 'stands beside no format of an identifier that has a check digit',
  },
  'pattern-unsafe': {
    'zh-CN': '正则表达式无法保证线性时间匹配：请去掉环视与反向引用，缩短它，或改用 minLength、maxLength、format',
    en: 'is no pattern that is matched in linear time: leave out look-around and references back, make it shorter, or say it by minLength, maxLength or format',
  },
  'schema-invalid': { 'zh-CN': '无法编译：{reason}', en: 'cannot be compiled: {reason}' },
  'reference-unknown': { 'zh-CN': '应指向本文件的 $defs', en: 'must lead to one of the $defs of this document' },
  'reference-circular': { 'zh-CN': '引用不能循环', en: 'must not lead back to itself' },
  'reference-expands': {
    'zh-CN': '展开全部引用后超过 {limit} 个子模式：减少对大型 $defs 的重复引用',
    en: 'has more than {limit} schemas with all references followed: refer less often to large $defs',
  },
  'id-mismatch': { 'zh-CN': '应以 {path} 结尾', en: 'must end with {path}' },
  'key-part-invalid': {
    'zh-CN': '主键各部分应为顶层必填的字符串字段',
    en: 'must be a required top-level field of type string',
  },
  'subject-invalid': { 'zh-CN': '不是标准中的文本字段', en: 'is not a field of the standard that holds text' },
  'required-unknown': { 'zh-CN': '必填项不是此处的字段', en: 'requires a field that is not defined here' },
  'indexed-not-scalar': { 'zh-CN': '只有单值字段可以索引', en: 'is indexed, but holds no single value to filter on' },
  'authority-misplaced': {
    'zh-CN': '只能写在顶层字段上',
    en: 'stands at the fields of a record only, not below them',
  },
  'level-not-open': { 'zh-CN': 'L4 字段不得无条件开放', en: 'is of level L4 in a standard that is open' },
  // of a code list
  'code-repeated': { 'zh-CN': '代码重复', en: 'stands in the list twice' },
  'period-reversed': { 'zh-CN': '起始日期晚于终止日期', en: 'ends before it begins' },
  'period-overlaps': { 'zh-CN': '应在上一时段之后开始', en: 'must begin after the period before it has ended' },
  'parent-unknown': { 'zh-CN': '上级代码不在表中', en: 'names a parent that is not in the list' },
  'edition-repeated': { 'zh-CN': '版次重复', en: 'stands among the editions twice' },
  'edition-early': { 'zh-CN': '应晚于上一版次', en: 'must be later than the edition before it' },
  'edition-not-newest': { 'zh-CN': '应为最新的版次', en: 'must be the name of the last of the editions' },
  // of a crosswalk
  'edition-unknown': { 'zh-CN': '代码表 {list} 没有该版次', en: 'is not an edition of the list {list}' },
  'row-repeated': { 'zh-CN': '对应关系重复', en: 'says what another row says' },
} as const satisfies Record<string, Titles>

export type IssueCode = keyof typeof messages

/** What may stand in a message: names and limits of a schema. */
export type Params = Readonly<Record<string, unknown>>

export function issueOf(pointer: string, code: IssueCode, language: Language, params: Params = {}): Issue {
  const message = messages[code][language].replace(/\{(\w+)\}/g, (_, name: string) => write(params[name], language))
  return { pointer, code, message }
}

function write(param: unknown, language: Language): string {
  if (Array.isArray(param)) return param.map(item => write(item, language)).join(language === 'en' ? ', ' : '、')
  return typeof param === 'string' ? param : JSON.stringify(param)
}

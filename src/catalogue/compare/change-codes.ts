/**
 * Every kind of change between two versions: what it weighs, who does not survive it, and the words for it.
 *
 * `{field}` is the field's path, `{name}` a member's name. Nothing here can take a value of a record.
 */
import type { Titles } from '../../record.ts'

type Impact = 'patch' | 'minor' | 'major'

type Entry = { readonly impact: Impact; readonly against?: 'records' | 'readers'; readonly words: Titles }

const records = (zh: string, en: string): Entry => ({
  impact: 'major',
  against: 'records',
  words: { 'zh-CN': zh, en },
})
const readers = (zh: string, en: string): Entry => ({
  impact: 'major',
  against: 'readers',
  words: { 'zh-CN': zh, en },
})
const minor = (zh: string, en: string): Entry => ({ impact: 'minor', words: { 'zh-CN': zh, en } })
const patch = (zh: string, en: string): Entry => ({ impact: 'patch', words: { 'zh-CN': zh, en } })

export const changeCodes = {
  // fields
  'field-added': minor('新增可选字段 {field}', 'adds {field}, which may be absent'),
  'field-added-within': minor(
    '新增必填字段 {field}：它所在的结构是新的',
    'adds {field} as required, in what is new itself',
  ),
  'required-field-added': records(
    '新增必填字段 {field}：没有它的旧记录被拒绝',
    'adds {field} as required: old records without it are refused',
  ),
  'field-made-required': records(
    '{field} 改为必填：没有它的旧记录被拒绝',
    'requires {field}: old records without it are refused',
  ),
  'field-made-optional': readers(
    '{field} 不再必填：依赖它的使用方可能取不到',
    'no longer requires {field}: a reader that counts on it may find it absent',
  ),
  'field-removed': records(
    '删除字段 {field}：含有它的旧记录被拒绝',
    'removes {field}: old records that have it are refused',
  ),
  'field-lost': readers(
    '必填字段 {field} 已删除：依赖它的使用方取不到',
    'removes {field}, which was always there: a reader that counts on it does not find it',
  ),
  'requirement-moved': minor(
    '{field} 的必填要求换了写法',
    'says otherwise that {field} is required; nothing else changes',
  ),
  // types
  'type-narrowed': records(
    '{field} 的类型收窄：其他类型的旧记录被拒绝',
    'narrows the type of {field}: old records with another type are refused',
  ),
  'type-widened': readers(
    '{field} 的类型放宽：使用方可能遇到未知类型',
    'widens the type of {field}: a reader may meet a type that it does not expect',
  ),
  'null-refused': records(
    '{field} 不再允许为空：为空的旧记录被拒绝',
    'no longer allows null in {field}: old records with null are refused',
  ),
  'null-allowed': readers('{field} 允许为空：使用方可能遇到空值', 'allows null in {field}: a reader may meet null'),
  'type-moved': minor('{field} 的类型换了写法', 'says the type of {field} otherwise; nothing else changes'),
  // values
  'values-narrowed': records(
    '{field} 允许的值减少：含有其他值的旧记录被拒绝',
    'allows fewer values in {field}: old records with the others are refused',
  ),
  'values-widened': readers(
    '{field} 允许的值增加：使用方可能遇到未知的值',
    'allows more values in {field}: a reader may meet one that it does not know',
  ),
  'values-moved': minor('{field} 允许的值换了写法', 'lists the values of {field} otherwise; nothing else changes'),
  'codes-narrowed': records(
    '{field} 的代码减少：含有其他代码的旧记录被拒绝',
    'allows fewer codes in {field}: old records with the others are refused',
  ),
  'codes-widened': readers(
    '{field} 的封闭代码表增加了代码：使用方可能遇到未知代码',
    'allows more codes than the closed list of {field} had: a reader may meet one that it does not know',
  ),
  'codes-added': minor('{field} 的代码增加', 'allows more codes in {field}'),
  'code-list-opened': readers(
    '{field} 的代码表不再封闭：使用方以后可能遇到未知代码',
    'opens the code list of {field}: a reader that knows every code may meet others from now on',
  ),
  'code-list-closed': minor(
    '{field} 的代码表改为封闭',
    'closes the code list of {field}: its codes will not grow within this major',
  ),
  // texts and numbers
  'format-narrowed': records(
    '{field} 的格式要求加严：不合格式的旧记录被拒绝',
    'demands another format of {field}: old records of other forms are refused',
  ),
  'format-relaxed': minor('{field} 的格式要求放宽', 'relaxes the format of {field}'),
  'pattern-narrowed': records(
    '{field} 的正则要求改变：不匹配的旧记录被拒绝',
    'demands another pattern of {field}: old records that do not match are refused',
  ),
  'pattern-relaxed': minor('{field} 的正则要求放宽', 'relaxes the pattern of {field}'),
  'length-narrowed': records(
    '{field} 的长度限制收紧：超出的旧记录被拒绝',
    'narrows the length of {field}: old records outside it are refused',
  ),
  'length-widened': minor('{field} 的长度限制放宽', 'widens the length of {field}'),
  'range-narrowed': records(
    '{field} 的取值范围收窄：超出的旧记录被拒绝',
    'narrows the range of {field}: old records outside it are refused',
  ),
  'range-widened': minor('{field} 的取值范围放宽', 'widens the range of {field}'),
  'step-narrowed': records(
    '{field} 的步长改变：不是其倍数的旧记录被拒绝',
    'demands multiples in {field}: old records with other numbers are refused',
  ),
  'step-relaxed': minor('{field} 的步长放宽', 'relaxes the multiples demanded of {field}'),
  // arrays and objects
  'count-narrowed': records(
    '{field} 的项数限制收紧：超出的旧记录被拒绝',
    'narrows how many {field} may hold: old records outside it are refused',
  ),
  'count-widened': minor('{field} 的项数限制放宽', 'widens how many {field} may hold'),
  'uniqueness-demanded': records(
    '{field} 不再允许重复项：有重复的旧记录被拒绝',
    'allows no repeats in {field}: old records with repeats are refused',
  ),
  'uniqueness-dropped': minor('{field} 允许重复项', 'allows repeats in {field}'),
  'content-demanded': records(
    '{field} 必须含有特定的项：没有的旧记录被拒绝',
    'demands an item of a kind in {field}: old records without one are refused',
  ),
  'content-relaxed': minor('{field} 必须含有的项放宽', 'relaxes which items {field} must hold'),
  'names-narrowed': records(
    '{field} 允许的名称减少：含有其他名称的旧记录被拒绝',
    'allows fewer names in {field}: old records with others are refused',
  ),
  'names-widened': minor('{field} 允许的名称增加', 'allows more names in {field}'),
  'members-narrowed': records(
    '{field} 中自由名称的值要求加严：旧记录可能被拒绝',
    'narrows the values under free names in {field}: old records with others are refused',
  ),
  // conditions
  'dependency-added': records(
    '{field} 新增连带必填 {name}：缺少它的旧记录被拒绝',
    'requires {name} beside another name in {field}: old records without it are refused',
  ),
  'dependency-relaxed': minor('{field} 的连带必填放宽', 'relaxes which names are required beside others in {field}'),
  'condition-narrowed': records(
    '{field} 的条件加严：不满足的旧记录被拒绝',
    'narrows a condition on {field}: old records that do not meet it are refused',
  ),
  'condition-widened': readers(
    '{field} 的条件放宽：使用方可能遇到未知的形式',
    'widens a condition on {field}: a reader may meet a form that it does not expect',
  ),
  'condition-relaxed': minor('{field} 的条件放宽或换了写法', 'relaxes a condition on {field}, or says it otherwise'),
  'alternatives-narrowed': records(
    '{field} 的可选形式减少：其他形式的旧记录被拒绝',
    'allows fewer forms of {field}: old records of the others are refused',
  ),
  'alternatives-widened': readers(
    '{field} 的可选形式增加：使用方可能遇到未知的形式',
    'allows more forms of {field}: a reader may meet one that it does not expect',
  ),
  'alternatives-relaxed': minor('{field} 的可选形式放宽', 'relaxes the forms of {field}'),
  'exclusion-added': records(
    '{field} 新增排除条件：符合它的旧记录被拒绝',
    'excludes more of {field}: old records of that kind are refused',
  ),
  'exclusion-relaxed': minor('{field} 的排除条件放宽', 'excludes less of {field}'),
  'keyword-narrowed': records(
    '{field} 的关键字 {name} 改变：旧记录可能被拒绝',
    'changes {name} of {field}: old records may be refused',
  ),
  'keyword-widened': readers(
    '{field} 的关键字 {name} 改变：使用方可能遇到未知内容',
    'changes {name} of {field}: a reader may meet what it does not expect',
  ),
  'keyword-changed': minor('{field} 的关键字 {name} 改变', 'changes {name} of {field}'),
  // what the schema does not say
  'key-changed': readers('主键改变：同一记录换了标识', 'changes the key: a record is known by another one'),
  'subjects-changed': readers(
    '主体字段改变：记录所述的对象不同',
    'changes the subjects: records speak of others, and are looked up by others',
  ),
  'unit-changed': readers(
    '{field} 的计量单位改变：同样的数值表示不同的量',
    'changes the unit of {field}: the same number means another amount',
  ),
  'index-removed': readers(
    '{field} 不再可检索：按它筛选的使用方被拒绝',
    'takes the index from {field}: readers that filter on it are refused',
  ),
  'index-added': minor('{field} 可以检索', 'lets pages be filtered on {field}'),
  'sealing-changed': records(
    '{field} 的级别跨越密封界线：记录的存储形式改变',
    'moves {field} across the seal (L2, L3): records are stored in another form',
  ),
  'sharing-withdrawn': readers('{field} 改为不予共享：使用方不再取得', 'shares {field} no longer: its readers lose it'),
  'level-raised': minor(
    '{field} 的安全级别提高：重新批准之前，协议暂停提供该字段',
    'raises the level of {field}: agreements hold it back until they are approved again',
  ),
  'level-lowered': minor('{field} 的安全级别降低', 'lowers the level of {field}'),
  'sharing-changed': minor('{field} 的共享方式改变', 'changes how {field} is shared'),
  'openness-changed': minor('开放类型改变', 'changes whether the public gets it'),
  'cycle-changed': minor('更新周期改变', 'changes how often it is updated'),
  'owner-changed': minor('责任部门改变', 'changes the department that answers for it'),
  'resource-code-changed': minor('信息资源代码改变', 'changes the resource code'),
  'authority-changed': minor('{field} 的权威部门改变', 'changes whose word counts for {field}'),
  'entry-changed': minor('目录项 {name} 改变', 'changes {name} of the catalogue entry'),
  'warning-changed': minor('{field} 的警告改变', 'changes what is warned of in {field}'),
  'comparison-undecided': {
    impact: 'major',
    words: {
      'zh-CN': '比较用时过长，未能得出结论，按不兼容处理：请把改动分成几个版本，或简化模式',
      en: 'could not be compared within the time that there is, and counts as breaking: change less at a time, or simplify the schema',
    },
  },
  'words-changed': patch('{field} 的文字说明改变', 'changes the words of {field}'),
  'legal-basis-changed': patch('法律依据改变', 'changes the legal basis'),
  'conversion-changed': patch('到上一主版本的转换改变', 'changes the conversion to the major before'),
} as const satisfies Record<string, Entry>

export type ChangeCode = keyof typeof changeCodes

/** The words of a change, of a field or of the record itself. */
export function wordsOf(code: ChangeCode, field: string | undefined, name = ''): Titles {
  const { words } = changeCodes[code]
  const write = (text: string, record: string): string =>
    text.replace(/\{(\w+)\}/g, (_, slot: string) => (slot === 'name' ? `\`${name}\`` : field ? `\`${field}\`` : record))
  return { 'zh-CN': write(words['zh-CN'], '记录'), en: write(words.en, 'the record') }
}

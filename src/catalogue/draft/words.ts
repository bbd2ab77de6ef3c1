/**
 * The words of names: English ones brought to one form, Chinese ones to pinyin, so that names in either script, in full
 * or abbreviated, can be compared.
 */
import { pinyin } from 'pinyin-pro'

/** The English words of a name or a title, in order: small letters, stems, synonyms as one word; `of` and the like left out. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\d)/gu, ' ')
    .toLowerCase()
    .replaceAll("'s", '')
    .split(/[^a-z0-9]+/)
    .filter(word => word.length > 1 && !empty.has(word))
    .map(canonical)
}

/** Every writing that stands for the same word, itself among them. */
export function writingsOf(word: string): readonly string[] {
  return writings.get(word) ?? [word]
}

/** How much a word says of what a field is: nearly every table has a code, a name and a date, all of one subject. */
export function weightOf(word: string): number {
  return isSubject(word) ? 0.3 : general.has(word) ? 0.5 : 1
}

/** True of what a table is about: BusinessName is its name. */
export function isSubject(word: string): boolean {
  return subjectWords.has(word)
}

/** The syllables of a text's Chinese characters without tones: the same for traditional and simplified writing. */
export function syllablesOf(text: string): string[] {
  const characters = text.normalize('NFKC').match(/\p{Script=Han}/gu)
  if (characters === null) return []
  return pinyin(characters.join(''), { toneType: 'none', type: 'array', v: true })
}

/** A Chinese title and what else it may be called, itself first. */
export function titlesLike(title: string): string[] {
  const plain = title.replace(/[（(].*?[）)]/g, '')
  const like = new Set([plain])
  for (const group of chineseSynonyms) {
    for (const known of Array.from(like)) {
      const word = group.find(candidate => known.includes(candidate))
      if (word === undefined) continue
      for (const other of group) if (like.size < most) like.add(known.replace(word, other))
    }
  }
  return [...like]
}

/** A short Chinese title after the subjects that registers put before it. */
export function titlesOfSubjects(title: string): string[] {
  return title.length > 2 ? [] : subjects.map(subject => subject + title)
}

/** A bound on the writings of one title: beyond it they are combinations that nobody writes. */
const most = 60

const empty = new Set(['of', 'the', 'a', 'an', 'in', 'on', 'or', 'and', 'as', 'by', 's', 'dm', 'data', 'value', 'text'])

const general = new Set(['number', 'code', 'date', 'name', 'type', 'id', 'status', 'unit', 'own'])

const subjectWords = new Set(['company', 'premis', 'record', 'item', 'entry'])

/** The first of each is the word that stands for all; a name may also abbreviate any of them. */
const englishSynonyms: readonly (readonly string[])[] = [
  ['number', 'no', 'num', 'nbr', 'nr'],
  ['id', 'identifier', 'identification', 'identity', 'ident', 'cer', 'cert'],
  ['code', 'cd', 'co'],
  ['date', 'dt', 'day'],
  ['name', 'nm', 'dba'],
  ['type', 'kind', 'typ', 'category', 'class', 'cuisine'],
  ['status', 'state', 'stat'],
  ['address', 'addr', 'adr', 'location', 'site', 'place'],
  ['builder', 'build', 'developer', 'buildunit'],
  ['phone', 'telephone', 'tel', 'mobile'],
  ['postcode', 'zip', 'zipcode', 'postal'],
  ['city', 'town', 'boro', 'borough', 'municipality'],
  ['latitude', 'lat'],
  ['longitude', 'lng', 'lon', 'long'],
  ['amount', 'amt'],
  ['authority', 'org', 'organisation', 'organization', 'agency', 'office'],
  ['company', 'enterprise', 'ent', 'firm', 'corporation', 'corp', 'business', 'op'],
  ['short', 'abbreviation', 'abbr', 'abbreviated'],
  ['english', 'en', 'eng'],
  ['chair', 'chairman', 'chairperson'],
  ['spokesperson', 'spokesman'],
  ['from', 'start', 'begin', 'since'],
  ['to', 'end', 'until', 'expiry', 'expire'],
  ['website', 'web', 'url', 'homepage'],
  ['mail', 'email'],
  ['text', 'description', 'desc'],
  ['severity', 'critical', 'flag'],
  ['outcome', 'result', 'action'],
  ['sex', 'gender'],
  ['birth', 'birthday', 'dob'],
  ['licence', 'license', 'lic'],
  ['permit', 'prmt'],
  ['certificate', 'crt'],
  ['registration', 'reg', 'registered'],
  ['approval', 'approved', 'appr', 'apprval'],
  ['establish', 'est', 'established', 'founded'],
  ['capital', 'cap', 'conam'],
  ['paid', 'ac', 'actual'],
  ['investor', 'inv', 'investors'],
  ['legal', 'le', 'leg'],
  ['representative', 'rep', 'lerep'],
  ['credit', 'cred'],
  ['unified', 'uni'],
  ['social', 'soc'],
  ['domicile', 'dom'],
  ['division', 'district'],
  ['inspection', 'insp'],
  ['violation', 'viol'],
  ['currency', 'cur', 'ccy'],
]

/** Spelt alike or meaning the same in the titles of registers. */
const chineseSynonyms: readonly (readonly string[])[] = [
  ['统一社会信用代码', '社会信用代码', '信用代码'],
  ['不动产', '房地产'],
  ['不动产权证书号', '不动产权证号', '产权证号'],
  ['法定代表人', '法定代表人姓名', '负责人', '法人'],
  ['权利份额', '权利比例'],
  ['名称', '姓名', '简称'],
  ['证件号码', '证件号'],
  ['编号', '号码', '代码', '代号', '序号', '标识'],
  ['日期', '时间'],
  ['机关代码', '机构代码', '科分局代码'],
  ['机关', '机构', '部门', '单位'],
  ['住所', '地址', '住址'],
  ['坐落', '房地坐落'],
  ['状态', '状况'],
  ['类型', '类别', '种类', '别'],
  ['情况', '方式', '情形'],
  ['行业', '产业'],
  ['注册资本', '注册资金'],
  ['成立', '设立'],
  ['登记', '注册'],
  ['期限起', '期限自', '起始时间', '权起始时间'],
  ['期限止', '期限至', '结束时间', '权结束时间'],
  ['使用期限', '土地使用期限', '土地使用权期限'],
  ['房屋用途', '规划用途'],
  ['监管', '主管'],
  ['缴费', '缴纳'],
]

/** What a register puts before the short titles of its subject. */
const subjects = ['企业', '单位', '公司', '机构', '纳税人', '经营者', '项目', '房地', '参保']

/**
 * Names that say nothing, of the national standard for social insurance systems (LD/T 92), by what they stand for.
 */
export const opaqueNames: ReadonlyMap<string, string> = new Map([
  ['AAB001', '单位编号'],
  ['AAB004', '单位名称'],
  ['AAC001', '个人编号'],
  ['AAC002', '公民身份号码'],
  ['AAC003', '姓名'],
  ['AAC004', '性别'],
  ['AAC005', '民族'],
  ['AAC006', '出生日期'],
  ['AAE002', '费款所属期'],
  ['AAE140', '险种类型'],
])

const writings = new Map(englishSynonyms.map(group => [stem(group[0] ?? ''), group]))
const canonicals = new Map(
  englishSynonyms.flatMap(group => group.flatMap(word => [word, stem(word)].map(key => [key, stem(group[0] ?? '')]))),
)

function canonical(word: string): string {
  const stemmed = stem(word)
  return canonicals.get(word) ?? canonicals.get(stemmed) ?? stemmed
}

/** Listing, listed and lists are one word here. */
function stem(word: string): string {
  const stemmed = word.replace(/(?:ations?|ions?|ings?|ated|ed|al|es|s|ment)$/, '')
  return stemmed.length >= 4 ? stemmed : word
}

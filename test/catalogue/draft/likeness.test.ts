import t from 'tap'
import { likeness } from '../../../src/catalogue/draft/likeness.ts'
import { knownName, spellingsOf } from '../../../src/catalogue/draft/names.ts'

const field = (name: string, zh: string, en: string, description = '') =>
  knownName({ names: name.split('.'), titles: { 'zh-CN': zh, en }, description })

const taxpayerId = field('taxpayerId', '纳税人识别号', 'Taxpayer identification number')
const capital = field('registeredCapital', '注册资本', 'Registered capital')
const established = field('establishedOn', '成立日期', 'Date of establishment')
const premisesId = field('premisesId', '场所编号', 'Premises identifier', 'FHRSID of one, CAMIS of another.')

const alike: [source: string, of: ReturnType<typeof field>, why: RegExp][] = [
  ['taxpayer_id', taxpayerId, /same name/],
  ['TAXPAYER-ID', taxpayerId, /same name/],
  ['纳税人识别号', taxpayerId, /same name/],
  ['納稅人識別號', taxpayerId, /called 纳税人识别号/],
  ['NSRSBH', taxpayerId, /pinyin initials of 纳税人识别号/],
  ['nashuirenshibiehao', taxpayerId, /the pinyin of 纳税人识别号/],
  ['注册资金', capital, /called 注册资本/],
  ['ZCZB', capital, /pinyin initials/],
  ['regcap', capital, /short for Registered capital/],
  ['capitalRegistered', capital, /in words like/],
  ['estdate', established, /short for/],
  ['DateOfEstablishment', established, /same name/],
  ['CLRQ', established, /pinyin initials/],
  ['camis', premisesId, /description/],
  ['t:NSRSBH', taxpayerId, /pinyin initials/],
  ['@NSRSBH', taxpayerId, /pinyin initials/],
]

t.test('a name is found by its writing, its words, its Chinese title, its pinyin, its abbreviation', async t => {
  for (const [source, of, why] of alike) {
    const found = likeness(spellingsOf([source]), of)
    t.ok(found.score >= 0.55, `${source}: ${found.score}`)
    t.match(found.why, why, source)
  }
})

t.test('names that only share a general word, or nothing, are not alike', async t => {
  for (const [source, of] of [
    ['Date', established],
    ['updateDate', established],
    ['phone', capital],
    ['name', taxpayerId],
    ['XYZ', taxpayerId],
    ['地址', capital],
  ] as const) {
    t.ok(likeness(spellingsOf([source]), of).score < 0.4, source)
  }
})

t.test('the name of a part counts for less than the name of the whole', async t => {
  const name = field('name', '名称', 'Name')
  const whole = likeness(spellingsOf(['name']), name).score
  t.ok(likeness(spellingsOf(['industry', 'name']), name).score < whole)
  t.ok(likeness(spellingsOf(['builder', 'name']), field('builder.name', '名称', 'Name')).score > 0.9)
})

/** What the texts at a source path say of whether they are a field's values, and how they are brought into its form. */
import { identifierOf } from '../../identifiers/identifiers.ts'
import type { FromRule, Via } from '../../map/document.ts'
import { takes } from '../../map/target.ts'
import { Refusal } from '../../map/transforms/transform.ts'
import { emptyInPlaces, emptyTexts, endlessDays, endlessTexts, missingDays } from './absences.ts'
import { codesIn, type FindCodes, type KnownCodes } from './codes.ts'
import { datesIn } from './dates.ts'
import { kindFit } from './text-kinds.ts'
import type { TargetField } from './target.ts'
import { converter, counted, longest, percent, shareOf, timesOf, widthOf, type Texts } from './texts.ts'

/** How well texts fit a field. */
export type Fit = {
  /** From -1, these are none of its values, to 1, they can hardly be those of any other. */
  readonly score: number
  /** What speaks for it, and what a person has to decide. Holds no text of the sample. */
  readonly why: readonly string[]
  /** What the rule says besides `from`. */
  readonly rule: Omit<FromRule, 'from'>
  /** Texts of a coded field that have no code yet. */
  readonly unresolved?: readonly string[]
}

export function fit(field: TargetField, given: Texts, codes: FindCodes): Fit {
  const { target, schema } = field
  const list = codesOf(field, codes)
  const texts = new Map([...given].filter(([text]) => !emptyTexts.includes(text.trim())))
  if (list !== undefined) return coded(field, texts, list)
  const empty = [...texts.keys()].map(text => text.trim()).filter(text => emptyInPlaces.includes(text))
  const told = new Map([...texts].filter(([text]) => !empty.includes(text.trim())))
  const found = inForm(field, told)
  const absentWhen = [...new Set([...empty, ...(found.rule.absentWhen ?? [])])]
  const isLong = typeof schema['maxLength'] === 'number' && longest(told) > schema['maxLength']
  return {
    ...found,
    score: isLong && target.types.has('string') ? found.score - 0.6 : found.score,
    rule: { ...found.rule, ...(absentWhen.length > 0 && { absentWhen }) },
  }
}

function inForm(field: TargetField, texts: Texts): Fit {
  const { target } = field
  const identifier = identifierOf(target.format ?? '')
  if (identifier !== undefined) return identified(identifier, texts)
  if (target.format === 'date' || target.format === 'year-month' || target.format === 'date-time')
    return dated(field, texts)
  if (target.types.has('boolean')) return bool(texts)
  if (takes(target, { type: 'number' }) || target.types.has('integer')) return numeric(field, texts)
  if (target.format === 'decimal') return numeric(field, texts)
  if (target.types.has('array')) return separated(texts)
  return kindFit(field, texts)
}

function codesOf({ target }: TargetField, find: FindCodes): KnownCodes | undefined {
  const id = target.codes ?? target.items?.codes
  return id === undefined ? undefined : find(id)
}

function coded(field: TargetField, given: Texts, list: KnownCodes): Fit {
  const isList = field.target.types.has('array')
  const { texts, via } = isList ? separate(given) : { texts: given, via: ['trim', ...widthOf(given)] as Via[] }
  const { codes, unresolved, share, isGuessed } = codesIn(texts, list)
  const labels = Object.keys(codes).filter(text => !/^\d+$/.test(text)).length
  const isEveryCode = unresolved.length === 0 && Object.entries(codes).every(([text, code]) => text === code)
  const isMany = texts.size > 20 && texts.size > list.size && texts.size > 0.3 * timesOf(texts)
  // That 1 is a code of the list says little; that 331199 is one, much.
  const isLong = Object.keys(codes).every(text => text.length >= 5)
  const hits = share * (labels > 0 ? 0.8 : isLong ? 1 : 0.3)
  const why = [
    ...(share > 0 ? [`${percent(share)} of the texts are codes or titles of ${list.id}`] : []),
    ...(isGuessed ? ['some only resemble the title of their code'] : []),
    ...(unresolved.length > 0 ? [`${counted(unresolved.length, 'text')} seen without a code yet`] : []),
  ]
  return {
    score: texts.size === 0 ? 0 : isMany && share < 0.5 ? -0.8 : share > 0 ? hits : -0.3,
    why,
    // Of a long list whose codes the source writes itself, the few that were seen would shut out all others.
    rule: { via, ...(!isEveryCode && Object.keys(codes).length > 0 && { codes }) },
    unresolved,
  }
}

function identified(identifier: NonNullable<ReturnType<typeof identifierOf>>, texts: Texts): Fit {
  const share = shareOf(texts, text => identifier.check(identifier.normalise(text)) === undefined)
  const hasCheck = identifier.checkDigit !== 'none'
  const score = texts.size === 0 ? 0 : share >= 0.5 ? (hasCheck ? 1 : 0.7) * share : share === 0 ? -0.6 : -0.2
  const why = share > 0 ? [`${percent(share)} of the texts are a valid ${identifier.titles.en}`] : []
  return { score, why, rule: { via: [{ identifier: identifier.name }] } }
}

const dateKinds = {
  date: { transform: 'date', needed: ['year', 'month', 'day'] },
  'year-month': { transform: 'yearMonth', needed: ['year', 'month'] },
  'date-time': { transform: 'dateTime', needed: ['year', 'month', 'day', 'hour', 'minute'] },
} as const

function dated({ target }: TargetField, texts: Texts): Fit {
  const { transform, needed } = dateKinds[target.format as keyof typeof dateKinds]
  const endless = [...texts.keys()].map(text => text.trim()).filter(text => endlessTexts.includes(text))
  const days = new Map([...texts].filter(([text]) => !endless.includes(text.trim())))
  const { formats, share, isAmbiguous } = datesIn(days, needed)
  const read = converter([{ [transform]: { formats: [...formats] } }])
  const meaning = (list: readonly string[]) =>
    formats.length === 0 || transform !== 'date'
      ? []
      : [...days.keys()].map(text => text.trim()).filter(text => list.includes(String(read(text))))
  const isNullable = target.types.has('null')
  const nullWhen = [...endless, ...meaning(endlessDays)]
  const absentWhen = [...meaning(missingDays), ...(isNullable ? [] : endless)]
  return {
    score: days.size === 0 ? 0 : share >= 0.8 ? 0.6 * share : share < 0.3 ? -1 : -0.2,
    why: [
      ...(share > 0 ? [`${percent(share)} of the texts are dates written ${formats.join(', ')}`] : []),
      ...(isAmbiguous ? ['ambiguous: every date seen can be read day first or month first'] : []),
      ...(nullWhen.length > 0 && isNullable ? [`${nullWhen.join(', ')} taken as open-ended`] : []),
      ...(nullWhen.length > 0 && !isNullable ? [`${nullWhen.join(', ')} seen, but the field is never open-ended`] : []),
      ...(absentWhen.length > 0 ? [`${absentWhen.join(', ')} taken as unknown`] : []),
    ],
    rule: {
      via: [formats.length === 0 ? transform : { [transform]: { formats: [...formats] } }],
      ...(absentWhen.length > 0 && { absentWhen }),
      ...(isNullable && nullWhen.length > 0 && { nullWhen }),
    },
  }
}

const truths: readonly { readonly true: string[]; readonly false: string[] }[] = [
  { true: ['1'], false: ['0'] },
  { true: ['true'], false: ['false'] },
  { true: ['True'], false: ['False'] },
  { true: ['TRUE'], false: ['FALSE'] },
  { true: ['Y'], false: ['N'] },
  { true: ['Yes'], false: ['No'] },
  { true: ['是'], false: ['否'] },
  { true: ['有'], false: ['无'] },
]

function bool(texts: Texts): Fit {
  const seen = [...texts.keys()].map(text => text.trim())
  const used = truths.filter(pair => [...pair.true, ...pair.false].some(text => seen.includes(text)))
  const both = { true: used.flatMap(pair => pair.true), false: used.flatMap(pair => pair.false) }
  const share = shareOf(texts, text => [...both.true, ...both.false].includes(text.trim()))
  if (share < 0.8) {
    const rule = { via: [{ boolean: { true: ['1', 'true'], false: ['0', 'false'] } }] }
    return {
      score: seen.length === 0 ? 0 : -1,
      why: seen.length === 0 ? [] : ['which texts mean true is not known'],
      rule,
    }
  }
  return { score: 0.4, why: ['the texts are a pair that means yes and no'], rule: { via: [{ boolean: both }] } }
}

/** In the order of trying: the plainest writing that reads nearly everything is taken. */
const writings: readonly { readonly parameters?: { grouping?: string; point?: string }; readonly quantity?: true }[] = [
  {},
  { parameters: { grouping: ',' } },
  { parameters: { point: ',' } },
  { parameters: { grouping: '.', point: ',' } },
  { parameters: { grouping: ' ', point: ',' } },
  { quantity: true },
]

function numeric({ target, schema }: TargetField, texts: Texts): Fit {
  const name = target.format === 'decimal' ? 'decimal' : target.types.has('integer') ? 'integer' : 'number'
  const tried = writings.map(({ parameters, quantity }) => {
    const step: Via = parameters === undefined ? name : { [name]: parameters }
    const via = quantity ? ['quantity', step] : [step]
    const read = converter(via)
    return { via, parameters, quantity, share: shareOf(texts, text => inRange(read(text), schema)) }
  })
  const best = tried.reduce((a, b) => (b.share > a.share + 0.02 ? b : a))
  const isEither = best.parameters?.grouping === ',' && tried[2] !== undefined && tried[2].share === best.share
  const unit = typeof schema.unit === 'string' ? schema.unit : undefined
  return {
    score: texts.size === 0 ? 0 : best.share >= 0.8 ? (best.quantity ? 0.1 : 0.25) : -1,
    why: [
      ...(best.share > 0
        ? [`${percent(best.share)} of the texts ${best.quantity ? 'hold one number' : 'are numbers'}`]
        : []),
      ...(isEither ? ['ambiguous: the comma may be a decimal point'] : []),
      ...(name === 'decimal' && unit === undefined ? ['is it in 元, or in 万元 (shift 4)?'] : []),
      ...(unit === undefined ? [] : [`is it in ${unit}?`]),
    ],
    rule: { via: best.share > 0 ? best.via : [name] },
  }
}

function inRange(value: unknown, { minimum, maximum }: TargetField['schema']): boolean {
  if (value instanceof Refusal || value === undefined) return false
  const number = Number(value)
  return !(typeof minimum === 'number' && number < minimum) && !(typeof maximum === 'number' && number > maximum)
}

function separated(texts: Texts): Fit {
  const { via } = separate(texts)
  return { score: 0, why: ['split at what seems to separate'], rule: { via } }
}

/** The texts between separators. */
function separate(texts: Texts): { texts: Texts; via: Via[] } {
  const all = [...texts.keys()].join('\n')
  const separators = ['、', '；', ';', '，', ',', '|'].filter(separator => all.includes(separator))
  const split = separators.length > 0 ? separators : ['、']
  const parts = new Map<string, number>()
  const cut = converter([{ split }])
  for (const [text, times] of texts) {
    const found = cut(text)
    for (const part of Array.isArray(found) ? found : []) parts.set(part, (parts.get(part) ?? 0) + times)
  }
  return { texts: parts, via: [{ split }] }
}

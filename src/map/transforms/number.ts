/** Transforms from text to numbers and to decimal texts. */
import { canonicalDecimal, exactNumber, factorOf, multiplied, wholeNumber } from './decimal.ts'
import { Refusal, transform } from './transform.ts'

export const notDecimal = new Refusal('not-a-decimal', {
  'zh-CN': '不是十进制数',
  en: 'is not a decimal number, written as the adapter says numbers are',
})
export const notInteger = new Refusal('not-an-integer', {
  'zh-CN': '不是整数',
  en: 'is not a whole number of at most 15 digits',
})
export const notNumber = new Refusal('not-a-number', {
  'zh-CN': '不是可精确表示的数（最多 15 位有效数字）',
  en: 'is not a number that can be kept exactly (15 significant digits at most)',
})

type Writing = { grouping?: string; point?: string }

type Decimal = Writing & { shift?: number; times?: string; digits?: number }

const writing = {
  grouping: {
    enum: [',', ' ', "'", '.'],
    description: 'What stands between groups of three digits. Without it a separator is refused.',
  },
  point: { enum: ['.', ','], default: '.', description: 'What stands between the whole number and its fraction.' },
}

export const numberTransforms = {
  decimal: transform<Decimal | undefined>({
    does: 'Gives an exact decimal text: no exponent, no sign of plus, no needless zeros. 2.5E7 becomes 25000000.',
    parameters: {
      type: 'object',
      properties: {
        ...writing,
        shift: {
          type: 'integer',
          minimum: -20,
          maximum: 20,
          description: 'Multiplies by this power of ten: 4 turns 万元 into 元.',
        },
        times: {
          type: 'string',
          examples: ['0.3048', '10000/15'],
          description: 'Multiplies by this decimal, or fraction of two: 10000/15 turns 亩 into m².',
        },
        digits: {
          type: 'integer',
          minimum: 0,
          maximum: 20,
          default: 6,
          description: 'With times: so many digits behind the point are kept, half to even (GB/T 8170).',
        },
      },
      dependentRequired: { digits: ['times'] },
      additionalProperties: false,
    },
    gives: { type: 'text', format: 'decimal' },
    problem: ({ times, ...parameters } = {}) =>
      times !== undefined && factorOf(times) === undefined
        ? 'times is no decimal number, nor a fraction of two'
        : sameSeparators(parameters),
    compile: (parameters = {}) => {
      const plain = plainly(parameters)
      const { shift = 0, times, digits = 6 } = parameters
      const factor = times === undefined ? undefined : factorOf(times)
      if (factor === undefined) return text => canonicalDecimal(plain(text), shift) ?? notDecimal
      return text => {
        const decimal = canonicalDecimal(plain(text), shift)
        return (decimal === undefined ? undefined : multiplied(decimal, factor, digits)) ?? notDecimal
      }
    },
  }),

  integer: transform<Writing | undefined>({
    does: 'Gives a whole number. A fraction of zeros (12.00) is taken, any other is refused.',
    parameters: { type: 'object', properties: writing, additionalProperties: false },
    gives: { type: 'integer' },
    problem: sameSeparators,
    compile: (parameters = {}) => {
      const plain = plainly(parameters)
      return text => wholeNumber(canonicalDecimal(plain(text), 0)) ?? notInteger
    },
  }),

  number: transform<Writing | undefined>({
    does: 'Gives a number, for measures such as a latitude. Refuses what cannot be kept exactly; money is a decimal.',
    parameters: { type: 'object', properties: writing, additionalProperties: false },
    gives: { type: 'number' },
    problem: sameSeparators,
    compile: (parameters = {}) => {
      const plain = plainly(parameters)
      return text => exactNumber(canonicalDecimal(plain(text), 0)) ?? notNumber
    },
  }),

  boolean: transform<{ true: string[]; false: string[] }>({
    does: 'Gives true or false by the texts that mean them; any other text is refused.',
    parameters: {
      type: 'object',
      properties: {
        true: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
        false: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
      },
      required: ['true', 'false'],
      additionalProperties: false,
    },
    needsParameters: true,
    gives: { type: 'boolean' },
    problem: texts =>
      texts.true.some(text => texts.false.includes(text)) ? 'a text means both true and false' : undefined,
    compile: texts => {
      const meanings = new Map<string, boolean>()
      for (const text of texts.true) meanings.set(text, true)
      for (const text of texts.false) meanings.set(text, false)
      const refusal = new Refusal('not-a-boolean', {
        'zh-CN': '不是表示真或假的文字',
        en: 'is none of the texts that mean true or false',
      })
      return text => meanings.get(text.trim()) ?? refusal
    },
  }),
}

/** Rewrites a number to one with a point and no groups; what is written otherwise comes out as a text that is no number. */
function plainly({ grouping, point = '.' }: Writing): (text: string) => string {
  if (grouping === undefined && point === '.') return text => text.trim()
  const between = grouping === undefined ? '' : `\\${grouping}`
  const written = new RegExp(`^[+-]?(?:\\d+|\\d{1,3}(?:${between}\\d{3})+)(?:\\${point}\\d+)?$`)
  return text => {
    const number = text.trim()
    if (!written.test(number)) return ''
    const [whole = '', fraction] = number.split(point)
    const digits = grouping === undefined ? whole : whole.replaceAll(grouping, '')
    return fraction === undefined ? digits : `${digits}.${fraction}`
  }
}

function sameSeparators(parameters: Writing = {}): string | undefined {
  return parameters.grouping === (parameters.point ?? '.') ? 'grouping and point are the same' : undefined
}

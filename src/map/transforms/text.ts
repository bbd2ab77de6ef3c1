/** Transforms from text to text. */
import { alternatives } from './literals.ts'
import { maximumText, Refusal, tooLong, transform } from './transform.ts'

const masked = new Refusal('value-masked', {
  'zh-CN': '值被遮盖（含 *），不能用作标识',
  en: 'is masked (it holds *), and a masked value identifies nothing',
})
const noNumber = new Refusal('not-a-quantity', {
  'zh-CN': '其中没有数字，或不止一个数字，或无法确定正负及大小',
  en: 'does not hold exactly one number, of which nothing next to it leaves a doubt',
})

const literal = { type: 'string', minLength: 1 }

export const textTransforms = {
  trim: transform({
    does: 'Drops white space at both ends, ideographic spaces (U+3000) included.',
    compile: () => text => text.trim(),
  }),

  collapse: transform({
    does: 'Makes one space of every run of white space, line breaks included, and drops it at both ends.',
    compile: () => text => text.replace(/\s+/g, ' ').trim(),
  }),

  upper: transform({
    does: 'Turns letters into capitals.',
    compile: () => text => text.toUpperCase(),
  }),

  lower: transform({
    does: 'Turns letters into small letters.',
    compile: () => text => text.toLowerCase(),
  }),

  width: transform({
    does: 'Turns full-width ASCII (Ａ１（) and the ideographic space into plain ASCII, and nothing else.',
    // Not NFKC, which would also rewrite ㈱ and ①.
    compile: () => text => text.replace(/[\uFF01-\uFF5E\u3000]/g, narrow),
  }),

  dots: transform({
    does: 'Turns every dot that feeds write in names (• ‧ ・ ･ ． ● ∙ ﹒) into U+00B7. Goes before width.',
    compile: () => text => text.replace(/[\u2022\u2027\u30FB\uFF65\uFF0E\u25CF\u2219\uFE52]/g, '\u00B7'),
  }),

  brackets: transform({
    does: 'Turns round brackets into full-width ones, as company names are written. Goes after width.',
    compile: () => text => text.replace(/[(\uFE59]/g, '（').replace(/[)\uFE5A]/g, '）'),
  }),

  nfc: transform({
    does: 'Composes letters and the accents that follow them (Unicode NFC).',
    compile: () => text => text.normalize('NFC'),
  }),

  entities: transform({
    does: 'Reads the five references of XML (&amp; &lt; &gt; &quot; &apos;) and numeric ones (&#233;), once; all others stay.',
    compile: () => text => text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));/g, character),
  }),

  prefix: transform<string>({
    does: 'Puts a text in front.',
    parameters: literal,
    needsParameters: true,
    compile: prefix => text => prefix + text,
  }),

  suffix: transform<string>({
    does: 'Puts a text behind.',
    parameters: literal,
    needsParameters: true,
    compile: suffix => text => text + suffix,
  }),

  pad: transform<{ length: number; with?: string; side?: 'start' | 'end' }>({
    does: 'Fills up to a length, with zeros at the start unless told otherwise.',
    parameters: {
      type: 'object',
      properties: {
        length: { type: 'integer', minimum: 1, maximum: 100, description: 'Length in characters.' },
        with: { type: 'string', minLength: 1, maxLength: 1, default: '0' },
        side: { enum: ['start', 'end'], default: 'start' },
      },
      required: ['length'],
      additionalProperties: false,
    },
    needsParameters: true,
    compile: ({ length, with: filler = '0', side = 'start' }) =>
      side === 'start' ? text => text.padStart(length, filler) : text => text.padEnd(length, filler),
  }),

  substring: transform<{ start: number; end?: number }>({
    does: 'Keeps the characters from start (counting from 0) up to, not including, end.',
    parameters: {
      type: 'object',
      properties: {
        start: { type: 'integer', minimum: 0 },
        end: { type: 'integer', minimum: 1, description: 'Up to the last character where it is missing.' },
      },
      required: ['start'],
      additionalProperties: false,
    },
    needsParameters: true,
    // By code points: rare characters in names take two code units and must not be cut in half.
    compile:
      ({ start, end }) =>
      text =>
        Array.from(text).slice(start, end).join(''),
  }),

  replace: transform<{ [from: string]: string }>({
    does: 'Replaces literal texts by others wherever they stand, the longest first, in one pass.',
    parameters: {
      type: 'object',
      propertyNames: { minLength: 1 },
      additionalProperties: { type: 'string' },
      minProperties: 1,
    },
    needsParameters: true,
    compile: replacements => {
      const byText = new Map(Object.entries(replacements))
      const found = new RegExp(alternatives([...byText.keys()]), 'gu')
      return text => {
        let length = text.length
        for (const [part] of text.matchAll(found)) length += (byText.get(part) ?? part).length - part.length
        return length > maximumText ? tooLong : text.replace(found, part => byText.get(part) ?? part)
      }
    },
  }),

  quantity: transform({
    does: 'Keeps the number of a text like 新台幣 10.0000元; a text without a number, with two, or with a sign or a bracket that is not clear, is refused.',
    compile: () => text => {
      return onlyNumber(text)?.number ?? noNumber
    },
  }),

  unit: transform({
    does: 'Keeps what stands before the number of a text like 新台幣 10.0000元, or behind it where nothing stands before.',
    compile: () => text => {
      const found = onlyNumber(text)
      return found === undefined ? noNumber : found.before.trim() || found.after.trim()
    },
  }),

  unmasked: transform({
    does: 'Refuses a text with * in it: a masked value identifies nothing.',
    compile: () => text => (text.includes('*') || text.includes('＊') ? masked : text),
  }),
}

/**
 * The only number of a text, and what stands around it. Undefined where there is none or more than one, and where what
 * stands next to it may change it: a point, a bracket (which may mean less than zero), a dash that is not clearly a
 * sign, as one at the start or after a blank is.
 */
function onlyNumber(text: string): { before: string; number: string; after: string } | undefined {
  const [match, another] = text.matchAll(/\d[\d,]*(?:\.\d+)?/g)
  if (match === undefined || another !== undefined) return undefined
  const ahead = text.slice(0, match.index)
  const sign = /(?:^|\s)([+-])$/.exec(ahead)?.[1] ?? ''
  const before = ahead.slice(0, ahead.length - sign.length)
  const after = text.slice(match.index + match[0].length)
  if (doubtfulBefore.test(before) || doubtfulAfter.test(after)) return undefined
  return { before, number: sign + match[0], after }
}

const doubtfulBefore = /(?:[.,．·(（﹙[［]\p{Sc}?|[\p{Pd}−＋±△▲▼+]\s*)$/u
const doubtfulAfter = /^\s*[\p{Pd}−]/u

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function character(reference: string, name?: string, decimal?: string, hexadecimal?: string): string {
  if (name !== undefined) return entities[name] ?? reference
  const point = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  // U+0000 is refused at the door, and surrogates are no characters.
  const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
  return isCharacter ? String.fromCodePoint(point) : reference
}

function narrow(character: string): string {
  return character === '\u3000' ? ' ' : String.fromCharCode(character.charCodeAt(0) - 0xfee0)
}

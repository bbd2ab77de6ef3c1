/** How long a text may be, as far as its codes, its format and its pattern tell: in characters, as `minLength` counts. */
import { readExpression, UnreadExpression, type Expression } from '../../validate/expression.ts'
import type { Facet } from './facet.ts'
import { leastOf, mostOf, type Left } from './known.ts'
import { remembered } from './remember.ts'

export type Lengths = { readonly least: number; readonly most: number }

const any: Lengths = { least: 0, most: Infinity }

export function lengthsOf(left: Left): Lengths {
  const told = left.map(facet => lengthsIn(facet))
  return {
    least: Math.max(0, leastOf(left, 'minLength'), ...told.map(({ least }) => least)),
    most: Math.min(mostOf(left, 'maxLength'), ...told.map(({ most }) => most)),
  }
}

const lengthsIn = remembered(({ side, schema }: Facet): Lengths => {
  const told = [schema.format === undefined ? any : (lengthsOfFormat[schema.format] ?? any)]
  const list = schema.codes === undefined ? undefined : side.codeList(schema.codes)
  if (list !== undefined) {
    const lengths = [...list.codes.map(({ code }) => Array.from(code).length), ...(list.refined?.lengths ?? [])]
    told.push({ least: Math.min(...lengths), most: Math.max(...lengths) })
  }
  if (typeof schema['pattern'] === 'string') told.push(lengthsOfPattern(schema['pattern']))
  return { least: Math.max(...told.map(({ least }) => least)), most: Math.min(...told.map(({ most }) => most)) }
})

/** Formats that say how long they are. */
const lengthsOfFormat: Readonly<Record<string, Lengths>> = {
  date: { least: 10, most: 10 },
  'year-month': { least: 7, most: 7 },
  'date-time': { least: 15, most: Infinity },
  decimal: { least: 1, most: Infinity },
  email: { least: 3, most: Infinity },
  uri: { least: 2, most: Infinity },
  uscc: { least: 18, most: 18 },
  'resident-id': { least: 18, most: 18 },
  'resident-id-15': { least: 15, most: 15 },
  'construction-permit': { least: 18, most: 18 },
  'business-registration': { least: 15, most: 15 },
  'food-licence': { least: 16, most: 16 },
  'organisation-code': { least: 9, most: 10 },
  'investment-project-code': { least: 23, most: 24 },
  'real-estate-unit': { least: 28, most: 28 },
  'tw-business-number': { least: 8, most: 8 },
}

function lengthsOfPattern(pattern: string): Lengths {
  try {
    const tree = readExpression(pattern)
    const { least, most } = lengthsOfTree(tree)
    return { least, most: isWhole(tree) ? most : Infinity }
  } catch (error) {
    if (error instanceof UnreadExpression) return any
    throw error
  }
}

/** Whether it matches from the beginning of a text to its end, and no part of one. */
function isWhole(tree: Expression): boolean {
  if (tree.kind !== 'sequence') return false
  const [first, last] = [tree.parts[0], tree.parts.at(-1)]
  return first?.kind === 'assertion' && first.sign === '^' && last?.kind === 'assertion' && last.sign === '$'
}

function lengthsOfTree(tree: Expression): Lengths {
  switch (tree.kind) {
    case 'characters':
      return { least: 1, most: 1 }
    case 'assertion':
    case 'look':
      return { least: 0, most: 0 }
    case 'sequence':
      return tree.parts
        .map(lengthsOfTree)
        .reduce((sum, { least, most }) => ({ least: sum.least + least, most: sum.most + most }), { least: 0, most: 0 })
    case 'alternatives': {
      const ways = tree.parts.map(lengthsOfTree)
      return { least: Math.min(...ways.map(({ least }) => least)), most: Math.max(...ways.map(({ most }) => most)) }
    }
    case 'repeat': {
      const { least, most } = lengthsOfTree(tree.part)
      // Nothing repeated for ever is nothing: 0 times Infinity is no number.
      return { least: least * tree.least, most: most === 0 || tree.most === 0 ? 0 : most * tree.most }
    }
  }
}

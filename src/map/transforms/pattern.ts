/** Transforms by patterns, which match in time linear in the text. */
import type { Match, Pattern } from '../pattern.ts'
import { compilePattern, patternProblem } from '../pattern.ts'
import { maximumText, Refusal, tooLong, transform } from './transform.ts'

const unmatched = new Refusal('pattern-unmatched', {
  'zh-CN': '其中没有与模式匹配的部分',
  en: 'does not match the pattern',
})

type Extraction = string | { pattern: string; group?: number | string }

const pattern = {
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  description: 'In the syntax of RE2, without backreferences and lookaround.',
}

export const patternTransforms = {
  extract: transform<Extraction>({
    does: 'Keeps what the first group of a pattern matches, or all of the first match where it has none; no match is refused.',
    parameters: {
      type: ['string', 'object'],
      minLength: 1,
      maxLength: 1000,
      properties: {
        pattern,
        group: { type: ['integer', 'string'], minimum: 0, description: 'The number of the group, or its name.' },
      },
      required: ['pattern'],
      additionalProperties: false,
    },
    needsParameters: true,
    problem: parameters => {
      const { pattern, group } = extraction(parameters)
      return patternProblem(pattern) ?? groupProblem(compilePattern(pattern), group)
    },
    compile: parameters => {
      const { pattern, group } = extraction(parameters)
      const compiled = compilePattern(pattern)
      const wanted = numberOf(compiled, group)
      return text => compiled.first(text)?.[wanted] ?? unmatched
    },
  }),

  rewrite: transform<{ pattern: string; with: string }>({
    does: 'Replaces all that a pattern matches; $1 stands for its first group, ${name} for a named one, $0 for the whole, $$ for a dollar.',
    parameters: {
      type: 'object',
      properties: { pattern, with: { type: 'string', maxLength: 1000 } },
      required: ['pattern', 'with'],
      additionalProperties: false,
    },
    needsParameters: true,
    problem: ({ pattern, with: replacement }) => {
      const problem = patternProblem(pattern)
      if (problem !== undefined) return problem
      const compiled = compilePattern(pattern)
      const references = partsOf(replacement).filter(part => typeof part === 'object')
      return references.map(({ group }) => groupProblem(compiled, group)).find(found => found !== undefined)
    },
    compile: ({ pattern, with: replacement }) => {
      const compiled = compilePattern(pattern)
      const parts = partsOf(replacement).map(part => (typeof part === 'string' ? part : numberOf(compiled, part.group)))
      const write = (match: Match) => {
        const texts = parts.map(part => (typeof part === 'string' ? part : (match[part] ?? '')))
        return texts.reduce((sum, { length }) => sum + length, 0) > maximumText ? undefined : texts.join('')
      }
      return text => compiled.replaceAll(text, write) ?? tooLong
    },
  }),
}

function extraction(parameters: Extraction): { pattern: string; group: number | string | undefined } {
  if (typeof parameters === 'string') return { pattern: parameters, group: undefined }
  return { pattern: parameters.pattern, group: parameters.group }
}

/** Of none that is named, the first, or the whole where the pattern has no groups. */
function numberOf({ groups, names }: Pattern, group: number | string | undefined): number {
  if (typeof group === 'string') return names[group] ?? 0
  return group ?? Math.min(groups, 1)
}

function groupProblem({ groups, names }: Pattern, group: number | string | undefined): string | undefined {
  const isKnown = typeof group === 'string' ? Object.hasOwn(names, group) : (group ?? 0) <= groups
  return isKnown ? undefined : `the pattern has no group ${group}`
}

/** Literal texts and references to groups, in turn. */
function partsOf(replacement: string): (string | { group: number | string })[] {
  return replacement.split(/(\$\$|\$\d{1,3}|\$\{\w+\})/).map((part, index) => {
    if (index % 2 === 0) return part
    if (part === '$$') return '$'
    return { group: part.startsWith('${') ? part.slice(2, -1) : Number(part.slice(1)) }
  })
}

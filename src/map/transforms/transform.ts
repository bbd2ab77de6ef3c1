/**
 * What a named transform is: a small definition that the document's schema, the type check at load and the compiled
 * adapter are all made from.
 *
 * Adding one means adding an entry to one of the families beside this file (`npm run types` then writes it into
 * `schemas/meta/adapter.json`).
 */
import type { Titles } from '../../record.ts'

/** A value between two transforms. Everything starts as text. */
export type Value = string | string[] | number | boolean

/** The type of such a value; `format` narrows a text to what JSON Schema's `format` would say of it. */
export type Kind = {
  readonly type: 'text' | 'texts' | 'integer' | 'number' | 'boolean'
  readonly format?: 'date' | 'date-time' | 'year-month' | 'decimal'
}

/** What an adapter as a whole says and a transform may need. */
export type Setting = { readonly timezone?: string | undefined }

/** A transform with its parameters built in. */
export type Step = (value: Value) => Value | Refusal

export type Transform = {
  /** One sentence for the steward, shown by the editor. */
  readonly does: string
  /** JSON Schema of the parameters; missing where there are none. */
  readonly parameters?: object
  /** True where the transform cannot be written as a bare name. */
  readonly needsParameters: boolean
  readonly takes: 'text' | 'texts'
  readonly gives: Kind
  /** What is wrong with parameters that their schema lets pass; undefined where they can be used. */
  problem(parameters: unknown, setting: Setting): string | undefined
  compile(parameters: unknown, setting: Setting): Step
}

/** Why a value is not taken, in words that do not repeat it. Made once per adapter, so that refusing costs nothing. */
export class Refusal {
  readonly code: string
  readonly titles: Titles

  constructor(code: string, titles: Titles) {
    this.code = code
    this.titles = titles
  }
}

/** The most characters (UTF-16 units) that a step may give: what a whole record may have. */
export const maximumText = 4 * 2 ** 20

export const tooLong = new Refusal('text-too-long', {
  'zh-CN': '文本过长，或其中可替换之处过多',
  en: 'is too long, or has too many places in which it would be rewritten',
})

/** The definition of a transform that takes `In` and has parameters `P` (undefined where it is written as a bare name). */
export type Definition<P, In extends string | string[]> = {
  readonly does: string
  readonly parameters?: object
  readonly needsParameters?: boolean
  readonly takes?: 'texts'
  readonly gives?: Kind
  problem?(parameters: P, setting: Setting): string | undefined
  compile(parameters: P, setting: Setting): (value: In) => Value | Refusal
}

export function transform<P = undefined, In extends string | string[] = string>(
  definition: Definition<P, In>,
): Transform {
  const { does, parameters, needsParameters = false, takes = 'text', gives = { type: 'text' } } = definition
  return {
    does,
    ...(parameters === undefined ? {} : { parameters }),
    needsParameters,
    takes,
    gives,
    // The document's schema has checked the parameters, and the type check at load what the step is given.
    problem: (given, setting) => definition.problem?.(given as P, setting),
    compile: (given, setting) => definition.compile(given as P, setting) as Step,
  }
}

/** Transforms between a text and a list of texts, and on lists. */
import { splitter } from './literals.ts'
import { maximumText, tooLong, transform } from './transform.ts'

export const listTransforms = {
  split: transform<string | string[]>({
    does: 'Splits a text at every separator into a list of texts, trimmed, blank ones dropped.',
    parameters: {
      type: ['string', 'array'],
      minLength: 1,
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      description: 'One separator, or several.',
    },
    needsParameters: true,
    gives: { type: 'texts' },
    compile: splitter,
  }),

  join: transform<string, string[]>({
    does: 'Joins a list of texts into one.',
    parameters: { type: 'string' },
    needsParameters: true,
    takes: 'texts',
    compile: separator => texts => {
      const length = texts.reduce((sum, text) => sum + text.length, separator.length * texts.length)
      return length > maximumText ? tooLong : texts.join(separator)
    },
  }),

  item: transform<number, string[]>({
    does: 'Keeps one text of a list, counting from 0, or from the end with -1 for the last; empty where there is none.',
    parameters: { type: 'integer', minimum: -1000, maximum: 1000 },
    needsParameters: true,
    takes: 'texts',
    compile: position => texts => texts.at(position) ?? '',
  }),

  unique: transform<undefined, string[]>({
    does: 'Keeps the first of equal texts of a list.',
    takes: 'texts',
    gives: { type: 'texts' },
    compile: () => texts => [...new Set(texts)],
  }),
}

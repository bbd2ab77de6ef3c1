/**
 * What a search of the catalogue looks through: a standard's id, titles and abstract, and the titles of its fields.
 *
 * Texts and words are folded alike (NFKC, lower case), so that neither full-width letters nor capitals matter. Words are
 * found anywhere inside a text, since Chinese puts no spaces between them.
 */
import type { StandardDocument } from '../standard.ts'
import { visitSchemas } from '../validate/subschemas.ts'

export function searchedText(document: StandardDocument): string {
  const { id, titles, abstract } = document.standard
  const texts = new Set<string>([id, ...Object.values(titles), ...Object.values(abstract ?? {})])
  visitSchemas(document, node => {
    for (const title of Object.values(node.titles ?? {})) texts.add(title)
    for (const name of Object.keys(node.properties ?? {})) texts.add(name)
  })
  return fold([...texts].join('\n'))
}

/** The words of a question, each once; all of them must be found. */
export function searchedWords(question: string): string[] {
  return [...new Set(fold(question).split(/\s+/u))].filter(word => word !== '')
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

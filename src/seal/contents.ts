/**
 * What the store keeps of a record: its text, and the keyed hashes that are computed once, at delivery.
 *
 * Compiled once for a standard's version.
 */
import { hash } from 'node:crypto'
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Json, JsonObject, RecordKey } from '../record.ts'
import { textWriter, type RecordText } from '../record-text.ts'
import { keyOf, type Standard } from '../standard.ts'
import { equalityHash, recordPseudonym, subjectPseudonym } from './pseudonym.ts'

export type Contents = {
  /** The key as stored: of a standard whose key is sealed, its keyed hash. */
  readonly key: RecordKey
  readonly text: RecordText
  /** SHA-256 over open text and the keyed hashes of sealed texts: it tells nothing of a sealed value. */
  readonly digest: string
  /** Values that the record is found by, for each indexed field; of sealed fields their keyed hashes. */
  readonly terms: readonly Term[]
  readonly pseudonym: string
  /** Pseudonyms of the subjects, the first one being whose data key seals. */
  readonly subjects: readonly string[]
}

export type Term = readonly [field: FieldPath, value: string]

/** @returns a function that throws where the record has no key: only valid records have contents */
export function contentsWriter(standard: Standard, pseudonymKey: Buffer): (record: JsonObject) => Contents {
  const write = textWriter(standard)
  const indexed = standard.fields.filter(field => field.indexed)
  return record => {
    const plainKey = keyOf(standard, record)
    if (plainKey === undefined) throw new Error('bug: a valid record has no key')
    const text = write(record)
    return {
      key: storedKey(standard, pseudonymKey, plainKey),
      text,
      digest: digestOf(standard, pseudonymKey, text),
      terms: indexed.flatMap(field =>
        valuesAt(record, field.path).map(
          value => [field.path, termOf(standard, pseudonymKey, field.path, value)] satisfies Term,
        ),
      ),
      pseudonym: recordPseudonym(pseudonymKey, standard.id, plainKey),
      subjects: [...new Set(standard.subjects.flatMap(path => valuesAt(record, path)))].map(identifier =>
        subjectPseudonym(pseudonymKey, textOf(identifier)),
      ),
    }
  }
}

export function storedKey(standard: Standard, pseudonymKey: Buffer, key: RecordKey): RecordKey {
  return standard.keySealed ? equalityHash(pseudonymKey, standard.id, 'key', key) : key
}

/** The value by which a record is found in an indexed field. */
export function termOf(standard: Standard, pseudonymKey: Buffer, path: FieldPath, value: Json): string {
  const field = standard.fields.find(candidate => candidate.path === path)
  const text = textOf(value)
  return field?.sealed ? equalityHash(pseudonymKey, standard.id, path, text) : text
}

function digestOf(standard: Standard, pseudonymKey: Buffer, { open, sealed }: RecordText): string {
  let text = open
  for (const { field, text: value } of sealed) {
    text += `\n${field}=${equalityHash(pseudonymKey, standard.id, field, value)}`
  }
  return hash('sha256', text, 'base64url')
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : canonicalise(value)
}

/** The present values at a path, arrays passed through. */
function valuesAt(record: JsonObject, path: FieldPath): Json[] {
  if (!path.includes('.')) return record[path] === undefined || record[path] === null ? [] : [record[path]]
  let nodes: Json[] = [record]
  for (const name of path.split('.')) {
    nodes = nodes
      .flatMap(node => (Array.isArray(node) ? node : [node]))
      .map(node => (node as JsonObject | null)?.[name] ?? null)
      .filter(node => node !== null)
  }
  return nodes
}

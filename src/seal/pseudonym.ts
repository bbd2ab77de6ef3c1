/**
 * Keyed hashes that stand for values which must not be seen: pseudonyms in the log, equality of sealed fields.
 *
 * HMAC-SHA-256 under the pseudonym key, cut to 132 bits: 22 characters of base64url. The first part of what is hashed
 * says what for, so that one kind never equals another.
 */
import { createHmac } from 'node:crypto'
import type { FieldPath, RecordKey } from '../record.ts'

/** Stands for a record in the log. */
export function recordPseudonym(key: Buffer, standard: string, recordKey: RecordKey): string {
  return keyedHash(key, ['record', standard, recordKey])
}

/** Stands for a person or an organisation in the log: the same in every standard. */
export function subjectPseudonym(key: Buffer, identifier: string): string {
  return keyedHash(key, ['subject', identifier])
}

/** Stands for a sealed field's value where values are compared: filters, digests, sealed keys. */
export function equalityHash(key: Buffer, standard: string, field: FieldPath, text: string): string {
  return keyedHash(key, ['equal', standard, field, text])
}

/**
 * Stands for the value of a field of one record, where it is only to be known whether it changes: of two records with the
 * same value it differs.
 */
export function valueMark(
  key: Buffer,
  of: { readonly standard: string; readonly record: RecordKey; readonly field: FieldPath },
  text: string,
): string {
  return keyedHash(key, ['value', of.standard, of.record, of.field, text])
}

/** Stands for what was written under a change number of a standard: it tells one history from another, and not which. */
export function historyMark(key: Buffer, standard: string, written: string): string {
  return keyedHash(key, ['history', standard, written])
}

/** Stands for a source record among the rejects of an adapter. */
export function sourceFingerprint(key: Buffer, adapter: string, text: string): string {
  return keyedHash(key, ['source', adapter, text])
}

function keyedHash(key: Buffer, parts: readonly string[]): string {
  // U+0000 cannot occur in a part: it is refused at the door.
  return createHmac('sha256', key).update(parts.join('\0')).digest('base64url').slice(0, 22)
}

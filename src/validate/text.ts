/// <reference lib="es2024.string" />
/**
 * Text that the hub cannot keep: U+0000, which PostgreSQL does not store, and lone surrogates, which have no UTF-8.
 */
import type { Json } from '../record.ts'
import { escapeName } from './subschemas.ts'

/** Pointers to the strings, and to the members whose names, hold such text; of a good record at the cost of one scan. */
export function unrepresentableText(record: Json): string[] {
  return isRepresentable(record) ? [] : pointersTo(record, '')
}

function isRepresentable(value: Json): boolean {
  if (typeof value === 'string') return !isUnrepresentable(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isRepresentable)
  for (const name in value) {
    if (isUnrepresentable(name) || !isRepresentable(value[name] ?? null)) return false
  }
  return true
}

function pointersTo(value: Json, pointer: string): string[] {
  if (typeof value === 'string') return isUnrepresentable(value) ? [pointer] : []
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, i) => pointersTo(item, `${pointer}/${i}`))
  // Where a name is bad, the pointer to its member would be too: it stays with the object.
  return Object.entries(value).flatMap(([name, member]) =>
    isUnrepresentable(name) ? [pointer] : pointersTo(member, `${pointer}/${escapeName(name)}`),
  )
}

function isUnrepresentable(text: string): boolean {
  return !text.isWellFormed() || text.includes('\0')
}

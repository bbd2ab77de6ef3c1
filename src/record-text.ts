/**
 * A record's stored text: open text apart from the texts to seal, and a line for each top-level field.
 *
 * The open text is a JSON object whose members are canonical JSON (RFC 8785), each on a line of its own: canonical
 * JSON holds no line feed, so a field is cut out without parsing the rest, and all fields together are the text as it is.
 */
import { canonicalise } from './canonical.ts'
import type { FieldPath, Json, JsonObject } from './record.ts'
import type { Field, Standard } from './standard.ts'

export type RecordText = {
  /** `{"a":1,⏎"b":"x"}`, in the order of the standard; neither absent fields nor sealed ones are in it. */
  readonly open: string
  /** The texts of the sealed fields that the record has. */
  readonly sealed: readonly SealedText[]
}

/**
 * A sealed field's text before sealing. Of a top-level field it is the value; of a nested one an object that gives each
 * value by its pointer below the top-level field: `{"/0/idNumber":"…"}`.
 */
export type SealedText = { readonly field: FieldPath; readonly text: string }

/** What stands between two members. */
export const memberEnd = ',\n'

/** Writes records of one standard as text. {@link readText} is its inverse. */
export function textWriter(standard: Standard): (record: JsonObject) => RecordText {
  const sealedBelow = sealedByName(standard)
  const members = standard.names.map(name => ({
    name,
    label: `${JSON.stringify(name)}:`,
    below: sealedBelow.get(name),
  }))
  return record => {
    const sealed: SealedText[] = []
    let open = ''
    for (const { name, label, below } of members) {
      let value = record[name]
      if (value === undefined) continue
      if (below !== undefined) {
        if (below[0]?.path === name) {
          sealed.push({ field: name, text: canonicalise(value) })
          continue
        }
        value = takeOut(value, below, sealed)
      }
      open += (open === '' ? '{' : memberEnd) + label + canonicalise(value)
    }
    return { open: open === '' ? '{}' : `${open}}`, sealed }
  }
}

/** The record of a text: the inverse of {@link textWriter}. */
export function readText({ open, sealed }: RecordText): JsonObject {
  const record = JSON.parse(open) as JsonObject
  for (const { field, text } of sealed) {
    const top = field.split('.', 1)[0] ?? field
    if (field === top) record[top] = JSON.parse(text) as Json
    else putBack(record[top] as Json, text)
  }
  return record
}

/** Puts a nested sealed field's values back where they were taken from. */
export function putBack(value: Json, sealedText: string): void {
  for (const [pointer, inner] of Object.entries(JSON.parse(sealedText) as JsonObject)) {
    const steps = pointer.slice(1).split('/')
    const last = steps.pop() as string
    let node = value as JsonObject
    for (const step of steps) node = node[step] as JsonObject
    node[last] = inner
  }
}

/** The sealed fields of a standard by the top-level field they stand in. */
function sealedByName(standard: Standard): Map<string, Field[]> {
  const byName = new Map<string, Field[]>()
  for (const field of standard.fields) {
    if (field.sealed) byName.set(field.top, [...(byName.get(field.top) ?? []), field])
  }
  return byName
}

/** A copy of a value without its sealed fields, whose values are added to `sealed` by pointer. */
function takeOut(value: Json, fields: readonly Field[], sealed: SealedText[]): Json {
  const rest = structuredClone(value)
  for (const field of fields) {
    const found: JsonObject = {}
    take(rest, field.path.split('.').slice(1), '', found)
    if (Object.keys(found).length > 0) sealed.push({ field: field.path, text: canonicalise(found) })
  }
  return rest
}

function take(node: Json | undefined, steps: readonly string[], pointer: string, found: JsonObject): void {
  if (Array.isArray(node)) {
    for (const [index, element] of node.entries()) take(element, steps, `${pointer}/${index}`, found)
    return
  }
  if (node === null || typeof node !== 'object') return
  const [step, ...below] = steps as [string, ...string[]]
  const inner = node[step]
  if (inner === undefined) return
  if (below.length > 0) return take(inner, below, `${pointer}/${step}`, found)
  found[`${pointer}/${step}`] = inner
  delete node[step]
}

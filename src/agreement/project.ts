/**
 * Cuts a record's stored text to the fields that a call may see.
 *
 * Compiled once for a standard and a set of fields. What only passes through is never parsed: a field granted whole is
 * its line, copied. Law: projecting onto all fields gives the record's text back.
 */
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Json, JsonObject } from '../record.ts'
import { memberEnd, putBack } from '../record-text.ts'
import type { Field, Standard } from '../standard.ts'
import { decodeUtf8, encodeUtf8, type Utf8Text } from '../utf8-text.ts'

export type Projection = {
  /** The leaves that are shown, in the order of the standard. */
  readonly fields: readonly FieldPath[]
  /** The leaves that were asked for and are held back. */
  readonly withheld: readonly FieldPath[]
  /** The sealed leaves among those shown: what must be unsealed before, and nothing else. */
  readonly sealed: readonly FieldPath[]
  /** Whether the text is shown as it is. */
  readonly isWhole: boolean
  /** The text of a JSON object. `unsealed` gives the text of a sealed leaf that the record has. */
  project(open: Utf8Text, unsealed: Unsealed): Utf8Text
}

type Unsealed = (field: FieldPath) => string | undefined

/**
 * @param standard the newest version of the record's major: a minor only adds fields
 * @param granted the leaves that the agreement grants
 * @param asked the leaves that the call asks for; a leaf not granted among them is held back
 */
export function compileProjection(
  standard: Standard,
  granted: ReadonlySet<FieldPath>,
  asked?: ReadonlySet<FieldPath>,
): Projection {
  const wanted = standard.fields.filter(field => asked === undefined || asked.has(field.path))
  const shown = wanted.filter(field => granted.has(field.path))
  const sealed = shown.filter(field => field.sealed).map(field => field.path)
  const cuts = new Map(standard.names.map(name => [name, cutOf(standard, name, shown)]))
  const isWhole = sealed.length === 0 && [...cuts.values()].every(cut => cut === 'whole')
  // Sealed top-level fields have no line of their own.
  const alone = sealed.filter(path => !path.includes('.'))
  return {
    fields: shown.map(field => field.path),
    withheld: wanted.filter(field => !granted.has(field.path)).map(field => field.path),
    sealed,
    isWhole,
    project: isWhole ? open => open : (open, unsealed) => cutText(open, { cuts, alone }, unsealed),
  }
}

/** How a line is shown: as it is, not at all, or by a function that gives its value anew. */
type Cut = 'whole' | 'none' | Pick

type Pick = {
  readonly pick: (value: Json, unsealed: Unsealed) => Json
  /** A line that holds none of these is shown as it is, unparsed; where this is undefined, every line is picked from. */
  readonly hiddenLabels?: readonly string[]
}

function cutOf(standard: Standard, name: string, shown: readonly Field[]): Cut {
  const leaves = standard.fields.filter(field => field.top === name)
  const visible = shown.filter(field => field.top === name)
  if (visible.length === 0) return 'none'
  // A sealed top-level field has no line, save in a record from before its level was raised.
  if (visible[0]?.path === name) return 'whole'
  const sealed = visible.filter(field => field.sealed).map(field => field.path)
  const hidden = leaves.filter(field => !visible.includes(field))
  if (sealed.length === 0 && hidden.length === 0) return 'whole'
  const paths = visible.map(field => field.path)
  const picking = (value: Json, unsealed: Unsealed): Json => {
    const picked = pick(value, name, paths)
    for (const field of sealed) {
      const text = unsealed(field)
      if (text !== undefined) putBack(picked, text)
    }
    return picked
  }
  if (sealed.length > 0 || hidden.some(field => !field.sealed)) return { pick: picking }
  // What is hidden is sealed and stands elsewhere, save in a record from before its level was raised.
  return { pick: picking, hiddenLabels: hidden.map(({ path }) => `"${path.slice(path.lastIndexOf('.') + 1)}":`) }
}

function cutText(
  open: Utf8Text,
  { cuts, alone }: { readonly cuts: ReadonlyMap<string, Cut>; readonly alone: readonly FieldPath[] },
  unsealed: Unsealed,
): Utf8Text {
  let data = ''
  const add = (member: string): void => void (data += (data === '' ? '{' : ',') + member)
  // Within braces, a member a line: `"name":value`. A name has no character that JSON would escape.
  for (let start = 1; start < open.length - 1;) {
    const end = open.indexOf(memberEnd, start)
    const line = open.slice(start, end === -1 ? open.length - 1 : end)
    const quote = line.indexOf('"', 1)
    const cut = cuts.get(line.slice(1, quote))
    if (cut === 'whole' || (cut !== 'none' && cut?.hiddenLabels?.every(label => !line.includes(label)))) add(line)
    else if (cut !== 'none' && cut !== undefined) {
      const value = cut.pick(JSON.parse(decodeUtf8(line.slice(quote + 2))) as Json, unsealed)
      add(line.slice(0, quote + 2) + encodeUtf8(canonicalise(value)))
    }
    start = end === -1 ? open.length : end + memberEnd.length
  }
  for (const field of alone) {
    const text = unsealed(field)
    if (text !== undefined) add(`"${field}":${encodeUtf8(text)}`)
  }
  return data === '' ? '{}' : `${data}}`
}

/** A copy of a value with the leaves shown and the branches that lead to them; other leaves are left out. */
function pick(value: Json, path: FieldPath, shown: readonly FieldPath[]): Json {
  if (shown.includes(path)) return value
  if (Array.isArray(value)) return value.map(element => pick(element, path, shown))
  if (value === null || typeof value !== 'object') return value
  const picked: JsonObject = {}
  for (const [name, inner] of Object.entries(value)) {
    const below = `${path}.${name}`
    if (shown.some(field => field === below || field.startsWith(`${below}.`))) picked[name] = pick(inner, below, shown)
  }
  return picked
}

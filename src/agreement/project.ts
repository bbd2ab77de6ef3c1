/**
 * Cuts a record's stored text to the fields that a call may see.
 *
 * Compiled once for a standard's version and a set of fields. What only passes through is never parsed: a field
 * granted whole is its line, copied. Law: projecting onto all fields gives the record's text back.
 */
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Json, JsonObject } from '../record.ts'
import { putBack } from '../record-text.ts'
import type { Standard } from '../standard.ts'

export type Projection = {
  /** The leaves that are shown, in the order of the standard. */
  readonly fields: readonly FieldPath[]
  /** The leaves that were asked for and are held back. */
  readonly withheld: readonly FieldPath[]
  /** The sealed leaves among those shown: what must be unsealed before, and nothing else. */
  readonly sealed: readonly FieldPath[]
  /** The text of the `data` member: a JSON object. `unsealed` gives the text of a sealed leaf that the record has. */
  project(open: string, unsealed: (field: FieldPath) => string | undefined): string
}

/**
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
  const visible = new Set(shown.map(field => field.path))
  const cuts = standard.names.map(name => cutOf(standard, name, visible))
  return {
    fields: shown.map(field => field.path),
    withheld: wanted.filter(field => !granted.has(field.path)).map(field => field.path),
    sealed: shown.filter(field => field.sealed).map(field => field.path),
    project(open, unsealed) {
      let data = ''
      let start = 0
      for (const cut of cuts) {
        let end = open.indexOf('\n', start)
        if (end === -1) end = open.length
        if (cut !== undefined) {
          const text = cut.whole ? open.slice(start, end) : cut.text(open.slice(start, end), unsealed)
          if (text !== '') data += `${data === '' ? '' : ','}${cut.label}${text}`
        }
        start = end + 1
      }
      return `{${data}}`
    },
  }
}

/** How a line becomes a member: as it is, or by a function that gives '' where nothing is there to show. */
type Cut = { readonly label: string } & (
  | { readonly whole: true }
  | { readonly whole: false; text(line: string, unsealed: (field: FieldPath) => string | undefined): string }
)

function cutOf(standard: Standard, name: string, visible: ReadonlySet<FieldPath>): Cut | undefined {
  const leaves = standard.fields.filter(field => field.top === name)
  const shown = leaves.filter(field => visible.has(field.path))
  if (shown.length === 0) return undefined
  const label = `${JSON.stringify(name)}:`
  const sealed = shown.filter(field => field.sealed).map(field => field.path)
  const open = shown.filter(field => !field.sealed).map(field => field.path)
  if (sealed.length === 0 && leaves.every(field => field.sealed || visible.has(field.path))) {
    return { label, whole: true }
  }
  if (sealed[0] === name) return { label, whole: false, text: (_line, unsealed) => unsealed(name) ?? '' }
  return { label, whole: false, text: (line, unsealed) => cutNested(line, { name, open, sealed }, unsealed) }
}

/** A line of which some leaves only are shown, or into which sealed leaves go back. */
function cutNested(
  line: string,
  shown: { name: string; open: readonly FieldPath[]; sealed: readonly FieldPath[] },
  unsealed: (field: FieldPath) => string | undefined,
): string {
  if (line === '') return ''
  const value = pick(JSON.parse(line) as Json, shown.name, [...shown.open, ...shown.sealed])
  for (const field of shown.sealed) {
    const text = unsealed(field)
    if (text !== undefined) putBack(value, text)
  }
  return canonicalise(value)
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

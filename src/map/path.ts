/**
 * Paths into a source record, as texts and as names; walk.ts goes along them.
 *
 * `a/b/@c`: names below the node, `@c` an attribute, `~1` a slash and `~0` a tilde inside a name; `.` the node itself;
 * `../x` from its parent; `/Head/Date` from the root of the document, a text that the parser kept on its way there.
 * `a/0` the first of a list, `a/*` every member or child, `a/#name` the name under which the node stands.
 * A list (a repeated element, a JSON array) is not a level of its own: a path goes through it to all its members, of
 * which one that is a list again is a node.
 */
export type Path = {
  readonly text: string
  readonly absolute: boolean
  /** How many levels up it begins. */
  readonly up: number
  readonly names: readonly string[]
}

/** The path that a text writes; undefined where it writes none. */
export function parsePath(text: string): Path | undefined {
  if (text === '.') return { text, absolute: false, up: 0, names: [] }
  const absolute = text.startsWith('/')
  const steps = (absolute ? text.slice(1) : text).split('/')
  const down = steps.findIndex(step => step !== '..')
  const up = down === -1 ? steps.length : down
  const names = steps.slice(up)
  if (names.some(name => name === '' || name === '.' || name === '..' || /~(?![01])/.test(name))) return undefined
  if (names.slice(0, -1).includes('#name')) return undefined
  if (absolute && (up > 0 || names.some(isAnyOrName))) return undefined
  return { text, absolute, up, names: names.map(name => name.replaceAll('~1', '/').replaceAll('~0', '~')) }
}

/** The path from the record that begins with `outer` and goes on with `inner`; the inverse of parsing, on names. */
export function joinPaths(outer: readonly string[], inner: Path): readonly string[] {
  return [...outer.slice(0, outer.length - inner.up), ...inner.names]
}

export function pathText(names: readonly string[]): string {
  return names.map(name => name.replaceAll('~', '~0').replaceAll('/', '~1')).join('/') || '.'
}

/**
 * Whether a path may lead to what the other leads to, or to what that stands in. A position may be the name of a
 * member, or pick from a list, through which a path without one passes too.
 */
export function mayEnclose(outer: readonly string[], inner: readonly string[]): boolean {
  const [step, ...rest] = outer
  const [name, ...below] = inner
  if (step === undefined) return true
  if (name !== undefined && (step === name || step === '*' || name === '*') && mayEnclose(rest, below)) return true
  if (isPosition(step) && mayEnclose(rest, inner)) return true
  return name !== undefined && isPosition(name) && mayEnclose(outer, below)
}

/** True of steps that are no names of members. */
export function isStep(name: string): boolean {
  return isAnyOrName(name) || isPosition(name)
}

/** True of a step that picks from a list, from 0. */
export function isPosition(name: string): boolean {
  return /^(?:0|[1-9]\d{0,8})$/.test(name)
}

/** True of `*` and `#name`. */
export function isAnyOrName(name: string): boolean {
  return name === '*' || name === '#name'
}

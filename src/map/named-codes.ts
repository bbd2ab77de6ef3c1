/** Which code lists and crosswalks an adapter's document refers to, before it is checked, so that they can be read before it is compiled. */

/** May name some that it does not refer to: what looks like a reference counts as one. */
export function codesNamedIn(document: unknown): {
  readonly lists: ReadonlySet<string>
  readonly crosswalks: ReadonlySet<string>
} {
  const lists = new Set<string>()
  const crosswalks = new Set<string>()
  // Level by level, for a document may be nested deeper than the stack is.
  for (let values: unknown[] = [document]; values.length > 0;) {
    const objects = values.filter(isObject)
    for (const { list, crosswalk } of objects) {
      if (typeof list === 'string') lists.add(list)
      if (typeof crosswalk === 'string') crosswalks.add(crosswalk)
    }
    values = objects.flatMap(Object.values)
  }
  return { lists, crosswalks }
}

/** True of arrays too. */
function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null
}

/** Which standards a document refers to, before it is checked, so that they can be read before it is compiled. */

export type NamedStandard = { readonly id: string; readonly major: number }

/**
 * The standard that an adapter's document is about, and those that its rules resolve fields of. What is no reference is
 * passed over: compiling says what is wrong with it.
 */
export function standardsNamedIn(document: unknown): {
  readonly own: NamedStandard | undefined
  readonly resolved: readonly NamedStandard[]
} {
  const own = isObject(document) && isObject(document['standard']) ? document['standard'] : {}
  const resolved = resolvesIn([document]).map(rule => reference(rule['standard'], rule))
  return { own: reference(own['id'], own), resolved: resolved.filter(standard => standard !== undefined) }
}

type Members = { readonly [name: string]: unknown }

/** Level by level, for a document may be nested deeper than the stack is. */
function resolvesIn(level: readonly unknown[]): Members[] {
  const found: Members[] = []
  for (let values = level; values.length > 0;) {
    const objects = values.filter(isObject)
    found.push(...objects.map(object => object['resolve']).filter(isObject))
    values = objects.flatMap(Object.values)
  }
  return found
}

function reference(id: unknown, { major }: Members): NamedStandard | undefined {
  return typeof id === 'string' && typeof major === 'number' ? { id, major } : undefined
}

/** True of arrays too. */
function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

/** The issues of one record, from conversion and from validation, as one list. */
import type { Issue } from '../record.ts'

/**
 * All that conversion found, and of what validation found all that does not merely follow from it: a field that could
 * not be converted is missing from the record, which its standard then finds missing, or finds wrong around it.
 */
export function withoutConsequences(conversion: readonly Issue[], validation: readonly Issue[]): Issue[] {
  const explained = (pointer: string) => conversion.some(noted => contains(pointer, noted.pointer))
  return [...conversion, ...validation.filter(({ pointer }) => !explained(pointer))]
}

/** True of the place itself and of all that it stands in, the record as a whole aside. */
function contains(outer: string, inner: string): boolean {
  return outer === inner || (outer !== '' && inner.startsWith(`${outer}/`))
}

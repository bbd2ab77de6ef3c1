/**
 * Settles what to say where none of several alternatives fits: Ajv reports the errors of all of them, and then that
 * none fits; a reader wants the one thing to mend.
 */
import type { ErrorObject } from 'ajv'

/**
 * The errors with those inside `anyOf`, `oneOf` and `contains` settled, innermost first, in one pass:
 *
 * - where type or constant rule out all alternatives but one, the errors of that one;
 * - where every alternative only lacks members, one error `requiredOneOf` with their names;
 * - where several fit and one may, one error `severalOneOf`;
 * - otherwise that none fits.
 */
export function settleAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  const settled: ErrorObject[] = []
  for (const error of errors) {
    if (!composite.has(error.keyword)) {
      settled.push(error)
      continue
    }
    // Ajv adds the error of such a keyword right after those inside it.
    let begin = settled.length
    while (isInside(settled[begin - 1], error)) begin--
    for (const said of sayOf(error, settled.splice(begin))) settled.push(said)
  }
  return settled
}

const composite = new Set(['anyOf', 'oneOf', 'contains'])

/** The schema's path alone would not do: all items of an array share it. */
function isInside(error: ErrorObject | undefined, whole: ErrorObject): boolean {
  return (
    error !== undefined &&
    error.schemaPath.startsWith(`${whole.schemaPath}/`) &&
    `${error.instancePath}/`.startsWith(`${whole.instancePath}/`)
  )
}

function sayOf(whole: ErrorObject, inside: readonly ErrorObject[]): readonly ErrorObject[] {
  if (whole.keyword === 'contains') return [whole]
  if (Array.isArray(whole.params['passingSchemas'])) return [{ ...whole, keyword: 'severalOneOf' }]
  const fitting = alternatives(whole, inside).filter(
    errors => !errors.some(error => isAbout(whole, error, 'type') || isAbout(whole, error, 'const')),
  )
  if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0]
  if (inside.length > 0 && inside.every(error => isAbout(whole, error, 'required'))) {
    const names = inside.map(error => String(error.params['missingProperty']))
    return [{ ...whole, keyword: 'requiredOneOf', params: { names: [...new Set(names)] } }]
  }
  return [whole]
}

/** The errors of each alternative: its number stands in the path after the keyword's. */
function alternatives(whole: ErrorObject, inside: readonly ErrorObject[]): ErrorObject[][] {
  const groups: ErrorObject[][] = []
  for (const error of inside) {
    const number = Number.parseInt(error.schemaPath.slice(whole.schemaPath.length + 1), 10)
    ;(groups[number] ??= []).push(error)
  }
  return Object.values(groups)
}

function isAbout(whole: ErrorObject, error: ErrorObject, keyword: string): boolean {
  return error.keyword === keyword && error.instancePath === whole.instancePath
}

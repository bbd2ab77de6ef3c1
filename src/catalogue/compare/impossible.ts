/** Whether schemas that hold of one value at once leave no value of a kind: limits that cross, names that cannot be. */
import {
  allowedNames,
  elementOf,
  isAbsent,
  leastOf,
  memberOf,
  mostOf,
  requiredNames,
  type Kind,
  type Left,
} from './known.ts'
import { lengthsOf } from './lengths.ts'
import type { Proof } from './proof.ts'

export function isImpossible(proof: Proof, left: Left, kind: Kind): boolean {
  switch (kind) {
    case 'null':
    case 'boolean':
      return false
    case 'string': {
      const { least, most } = lengthsOf(left)
      return least > most
    }
    case 'integer':
    case 'fraction':
      return (
        leastOf(left, 'minimum') > mostOf(left, 'maximum') ||
        leastOf(left, 'exclusiveMinimum') >= Math.min(mostOf(left, 'exclusiveMaximum'), mostOf(left, 'maximum')) ||
        leastOf(left, 'minimum') >= mostOf(left, 'exclusiveMaximum')
      )
    case 'array':
      return isArrayImpossible(proof, left)
    case 'object':
      return isObjectImpossible(proof, left)
  }
}

function isArrayImpossible(proof: Proof, left: Left): boolean {
  const least = leastOf(left, 'minItems')
  return least > mostOf(left, 'maxItems') || (least > 0 && isElementImpossible(proof, left))
}

export function isElementImpossible(proof: Proof, left: Left): boolean {
  const element = elementOf(left)
  return element.length > 0 && proof.isEmpty(proof.expand(element))
}

function isObjectImpossible(proof: Proof, left: Left): boolean {
  const least = leastOf(left, 'minProperties')
  if (least > Math.min(mostOf(left, 'maxProperties'), allowedNames(left)?.length ?? Infinity)) return true
  return [...requiredNames(left)].some(name => isMemberImpossible(proof, left, name))
}

/** True if no object that the left allows has the member. */
export function isMemberImpossible(proof: Proof, left: Left, name: string): boolean {
  if (isAbsent(left, name)) return true
  const member = memberOf(left, name)
  return member.length > 0 && proof.isEmpty(proof.expand(member))
}

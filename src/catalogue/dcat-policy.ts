/** Under which rules a standard's records may be used, in ODRL 2.2. */
import type { Node } from './dcat-vocabularies.ts'
import { namespace } from './dcat-context.ts'
import type { StandardDocument } from '../standard.ts'

type Access = {
  /** The dataset. */
  readonly target: string
  /** The owner, who gives the agreement. */
  readonly owner: string
  readonly sharing: StandardDocument['standard']['sharing']
}

/** What a department may do: use for a named matter once the owner has agreed, or nothing. */
export function sharingPolicy({ target, owner, sharing }: Access): Node {
  const about = { '@id': `${target}-sharing-policy`, '@type': ['odrl:Policy', 'odrl:Set'] }
  const rule = { target, action: 'odrl:use' }
  if (sharing === 'not-shared') return { ...about, prohibition: [{ '@type': 'odrl:Prohibition', ...rule }] }
  const matter = {
    '@type': 'odrl:Constraint',
    leftOperand: 'odrl:purpose',
    operator: 'odrl:isA',
    rightOperand: `${namespace}Matter`,
  }
  const consent = { '@type': 'odrl:Duty', action: 'odrl:obtainConsent', consentedParty: owner }
  return { ...about, permission: [{ '@type': 'odrl:Permission', ...rule, constraint: [matter], duty: [consent] }] }
}

/** What anybody may do with what is open; the licence says the rest. */
export function openPolicy(target: string): Node {
  return {
    '@id': `${target}-open-policy`,
    '@type': ['odrl:Policy', 'odrl:Set'],
    permission: [{ '@type': 'odrl:Permission', target, action: 'odrl:use' }],
  }
}

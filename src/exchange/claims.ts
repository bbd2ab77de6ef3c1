/** What a client may claim of a record: leaves of its standard that the agreement grants, in the form of their schemas. */
import { verdictOn } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, Issue, Json, Language } from '../record.ts'
import type { Standard } from '../standard.ts'
import { compileClaims } from '../validate/claims.ts'
import { issueOf } from '../validate/messages.ts'
import { escapeName } from '../validate/subschemas.ts'
import type { Validator } from '../validate/validator.ts'
import { refuse, type Call } from './access-entry.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import type { Hub } from './hub.ts'
import type { Grant } from './served-text.ts'

/** Values by leaf, as JSON has them. */
export type Claims = Readonly<Record<FieldPath, Json>>

/**
 * The fields that are claimed, where each is a leaf that there is and that is granted, and could have such a value.
 *
 * @throws {HubError} with its entry durable: `field-not-granted`; `request-invalid` with issues below `/claims`
 */
export async function requireComparable(
  hub: Hub,
  call: Call,
  { standard, agreement }: Grant,
  { claims, language = 'en' }: { readonly claims: Claims; readonly language?: Language | undefined },
): Promise<ReadonlySet<FieldPath>> {
  const claimed = Object.keys(claims)
  const fields = standard.fields.filter(({ path }) => Object.hasOwn(claims, path))
  const unknown = claimed.filter(path => !fields.some(field => field.path === path))
  if (unknown.length > 0) throw invalid(unknown.map(path => issueOf(pointerOf(path), 'field-unknown', language)))
  const held = fields.filter(field => verdictOn(agreement, field) !== 'granted')
  if (held.length > 0) {
    const names = held.map(({ path }) => path).join(', ')
    const detail = `The agreement does not grant ${names}, so that nothing can be compared with it.`
    throw await refuse(hub, { call, operation: 'verify', agreement }, 'field-not-granted', detail)
  }
  const deep = claimed.filter(path => isDeep(claims[path] as Json))
  if (deep.length > 0) throw invalid(deep.map(path => issueOf(pointerOf(path), 'not-allowed', language)))
  const { validate } = await claimsOf(hub, standard)
  const { issues } = validate(claims, language)
  if (issues.length > 0) throw invalid(issues.map(issue => ({ ...issue, pointer: `/claims${issue.pointer}` })))
  return new Set(fields.map(({ path }) => path))
}

function pointerOf(path: string): string {
  return `/claims/${escapeName(path)}`
}

function invalid(issues: readonly Issue[]): HubError {
  const detail = 'A claim names a leaf of the standard and has the form of its schema: mend what the issues name.'
  return new HubError('request-invalid', detail, { issues })
}

/** No leaf is nested like that; what comes after goes down by recursion. */
function isDeep(claim: Json): boolean {
  let level: Json[] = [claim]
  for (let depth = 0; depth < 16 && level.length > 0; depth++) {
    level = level.flatMap(value => (value === null || typeof value !== 'object' ? [] : Object.values(value)))
  }
  return level.length > 0
}

/** What finds out whether values could be those of leaves; made once for each state of the standard and its lists. */
export function claimsOf(hub: Hub, standard: Standard): Promise<Validator> {
  let validator = compiled.get(standard)
  if (validator === undefined) {
    validator = hub.published
      .codeLists(codeListsNamedIn(standard.document))
      .then(lists => compileClaims(standard, lists))
    compiled.set(standard, validator)
    validator.catch(() => compiled.delete(standard))
  }
  return validator
}

/** By the compiled standard, which is another object when code lists were published since. */
const compiled = new WeakMap<Standard, Promise<Validator>>()

/** Rules that give an object: `fields`, of the record itself and of what stands in it. */
import type { FieldPath, Json, JsonObject } from '../record.ts'
import { checkType } from './constant.ts'
import type { FieldsRule, Rule, Rules } from './document.ts'
import type { Loading, Site, Trace } from './loading.ts'
import { decide, fieldOf, find, inside, refused } from './loading.ts'
import type { Compiled } from './rule.ts'
import { compileRule, readsNothing } from './rule.ts'
import type { Run } from './run.ts'
import { anything } from './target.ts'
import type { Place } from './walk.ts'

export function compileObject({ fields, needs = [] }: FieldsRule, site: Site, loading: Loading): Compiled {
  checkType('object', site, loading)
  const outer = loading.traces.length
  const compiled = compileFields(fields, inside(site, 'fields'), loading)
  const { names, members } = compiled
  if (loading.ofRecord !== undefined) addDeciding(loading, outer, { site, needs, compiled })
  for (const [index, name] of needs.entries()) {
    if (Object.hasOwn(fields, name)) continue
    find(loading, inside(site, 'needs', index).pointer, 'target-unknown', `no rule gives ${name} here`)
  }
  if (members.every(({ read }) => read === readsNothing)) {
    const constants = names.map((name, index): [string, Json] => [name, members[index]?.otherwise ?? null])
    return { read: readsNothing, otherwise: Object.fromEntries(constants) }
  }
  const readObject = objectReader(compiled)
  return {
    read: (place, run) => {
      const issues = run.issues.length
      const { object, isPresent } = readObject(place, run)
      if (!isPresent) return undefined
      // With an issue noted, the member may be the one that could not be read: that is no absence.
      return needs.every(name => Object.hasOwn(object, name)) || run.issues.length > issues ? object : undefined
    },
    otherwise: undefined,
  }
}

/**
 * Says of what stands in an object that the members which it needs decide on it too; and of what stands there where nothing
 * was read for it, a constant, that it tells whether anything in the object was.
 */
function addDeciding(
  loading: Loading,
  outer: number,
  { site, needs, compiled }: { readonly site: Site; readonly needs: readonly string[]; readonly compiled: Members },
): void {
  const own = loading.traces.slice(outer)
  const isAmong =
    (names: readonly string[]) =>
    ({ field }: Trace): boolean =>
      names.map(name => fieldOf({ ...site, field: [...site.field, name] })).some(at => isWithin(field, at))
  const constant = compiled.names.filter((_, index) => compiled.members[index]?.otherwise !== undefined)
  if (needs.length > 0) decide(loading, outer, own.filter(isAmong(needs)))
  if (constant.length > 0) decide(loading, outer, own, isAmong(constant))
}

function isWithin(field: FieldPath, outer: FieldPath): boolean {
  return field === outer || field.startsWith(`${outer}.`)
}

/** The rules of an object's members, in the order of the standard, whatever the order of the document. */
export type Members = { readonly names: readonly string[]; readonly members: readonly Compiled[] }

export function compileFields(rules: Rules, site: Site, loading: Loading): Members {
  const { target, pointer } = site
  const known = Object.keys(rules).filter(name => {
    const isKnown = target.property(name) !== undefined
    if (!isKnown) find(loading, inside(site, name).pointer, 'target-unknown', `the standard has no ${name} here`)
    return isKnown
  })
  for (const name of target.required) {
    if (Object.hasOwn(rules, name)) continue
    find(loading, pointer, 'required-unmapped', `the standard requires ${name}, and no rule gives it`)
  }
  const rank = (name: string) => (target.names.includes(name) ? target.names.indexOf(name) : target.names.length)
  const names = known.toSorted((a, b) => rank(a) - rank(b))
  const members = names.map(name => {
    const below = { ...inside(site, name), target: target.property(name) ?? anything, field: [...site.field, name] }
    return compileRule(rules[name] as Rule, below, loading)
  })
  return { names, members }
}

/** Reads an object; it is present where any member was read, be it refused. */
export function objectReader({
  names,
  members,
}: Members): (place: Place, run: Run) => { object: JsonObject; isPresent: boolean } {
  const EmptyObject = newObjects()
  return (place, run) => {
    const object = new EmptyObject()
    let isPresent = false
    for (let index = 0; index < names.length; index += 1) {
      const { read, otherwise } = members[index] as Compiled
      const value = read(place, run)
      if (value !== undefined) isPresent = true
      const written = value === undefined ? otherwise : value
      if (written !== undefined && written !== refused) object[names[index] as string] = written
    }
    return { object, isPresent }
  }
}

/**
 * A maker of empty objects, which are as plain as `{}`. V8 keeps the layouts of one maker's objects together, and finds
 * the next layout when a field is added in half the time that it takes among those of all literals.
 */
function newObjects(): new () => JsonObject {
  const EmptyObject: new () => JsonObject = function () {} as never
  EmptyObject.prototype = Object.prototype
  return EmptyObject
}

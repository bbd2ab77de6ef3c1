/**
 * Rules, compiled to closures that read a value out of a source record.
 *
 * What a rule `otherwise` gives, a constant or a default, stands where nothing was read, and does not make the object
 * or the list that it stands in present: a currency of CNY without an amount is no capital.
 */
import type { Json } from '../record.ts'
import { compileAggregate } from './aggregate-rule.ts'
import { compileConcat } from './concat-rule.ts'
import { compileCondition } from './condition.ts'
import { checkConstant } from './constant.ts'
import { compileDigest } from './digest-rule.ts'
import type { FirstOfRule, Rule } from './document.ts'
import { compileListOf, compileNodes } from './list-rule.ts'
import type { Loading, Read, Site } from './loading.ts'
import { decide, fieldOf, find, inside } from './loading.ts'
import { compileObject } from './object-rule.ts'
import { compileResolve } from './resolve-rule.ts'
import { compileFrom } from './text-rule.ts'

export type Compiled = { readonly read: Read<Json>; readonly otherwise: Json | undefined }

export function compileRule(rule: Rule, site: Site, loading: Loading): Compiled {
  if (rule.when === undefined) return compileUnconditional(rule, site, loading)
  const { holds, paths } = compileCondition(rule.when, inside(site, 'when'), loading)
  const decided = { ...site, decidedBy: [...site.decidedBy, ...paths] }
  const { read, otherwise } = compileUnconditional(rule, decided, loading)
  return {
    read: (place, run) => {
      if (!holds(place, run)) return undefined
      const value = read(place, run)
      return value === undefined ? otherwise : value
    },
    otherwise: undefined,
  }
}

function compileUnconditional(rule: Rule, site: Site, loading: Loading): Compiled {
  if (rule.default !== undefined) checkConstant(rule.default, inside(site, 'default'), loading)
  const { read, otherwise = rule.default } = compileKind(rule, site, loading)
  return { read, otherwise }
}

function compileKind(rule: Rule, site: Site, loading: Loading): Compiled {
  if ('from' in rule) return reading(compileFrom(rule, site, loading))
  if ('value' in rule) return compileValue(rule.value, site, loading)
  if ('firstOf' in rule) return compileFirstOf(rule, site, loading)
  if ('listOf' in rule) return reading(compileListOf(rule, site, loading))
  if ('concat' in rule) return reading(compileConcat(rule, site, loading))
  if ('each' in rule || 'one' in rule) return reading(compileNodes(rule, site, loading))
  if ('digestOf' in rule) return reading(compileDigest(rule, site, loading))
  if ('resolve' in rule) return reading(compileResolve(rule, site, loading))
  if ('fields' in rule) return compileObject(rule, site, loading)
  return compileAggregate(rule, site, loading)
}

function reading(read: Read<Json>): Compiled {
  return { read, otherwise: undefined }
}

/** What constants read. */
export const readsNothing: Read<Json> = () => undefined

function compileValue(value: Json, site: Site, loading: Loading): Compiled {
  checkConstant(value, inside(site, 'value'), loading)
  loading.traces.push({ field: fieldOf(site), sources: [], decidedBy: site.decidedBy, nodes: site.nodes, via: [] })
  return { read: readsNothing, otherwise: value }
}

function compileFirstOf({ firstOf }: FirstOfRule, site: Site, loading: Loading): Compiled {
  const outer = loading.traces.length
  const rules = firstOf.map((rule, index) => {
    const before = loading.traces.slice(outer)
    const own = loading.traces.length
    const compiled = compileRule(rule, inside(site, 'firstOf', index), loading)
    // Of a conversion: that it came to this rule tells that those before gave nothing.
    if (loading.ofRecord !== undefined) decide(loading, own, before)
    return compiled
  })
  const last = rules.findIndex(({ otherwise }) => otherwise !== undefined)
  if (last !== -1 && last < rules.length - 1) {
    const { pointer } = inside(site, 'firstOf', last + 1)
    find(loading, pointer, 'rule-unreachable', 'never comes into play: the rule before it always gives a value')
  }
  const reads = rules.map(({ read }) => read)
  return {
    read: (place, run) => {
      for (const read of reads) {
        const value = read(place, run)
        if (value !== undefined) return value
      }
      return undefined
    },
    otherwise: rules[last]?.otherwise,
  }
}

/** Writes what was matched as the rules of an adapter document, each to be confirmed. */
import type { FromRule, Rule, Rules } from '../../map/document.ts'
import type { Target } from '../../map/target.ts'
import type { Titles } from '../../record.ts'
import { sureness, type ListMatch, type Match, type Pair } from './match.ts'
import { pathOf } from './profile.ts'

/** A rule with a remark for whoever confirms it. */
type Remarked = Rule & { readonly $comment?: string }

export function rulesOf({ pairs, lists }: Match): Rules {
  const rules: Tree = {}
  for (const pair of pairs) put(rules, pair.field.names, fieldRule(pair))
  for (const list of lists) put(rules, list.match.scope.names, listRule(list))
  return withFields(rules)
}

/** A required field that no rule gives, by its path with lists passed through. */
export type Missing = { readonly field: string; readonly titles: Titles }

/**
 * What the standard requires and the rules do not give, of every object that they make: what a check of the document
 * refuses it for.
 */
export function missingIn(rules: Rules, target: Target, titlesOf: (field: string) => Titles, above = ''): Missing[] {
  const own = target.required.filter(name => !Object.hasOwn(rules, name)).map(name => above + name)
  const inner = Object.entries(rules).flatMap(([name, rule]) => {
    const below = target.property(name)
    return below === undefined
      ? []
      : objectsIn(rule, below).flatMap(([fields, object]) => missingIn(fields, object, titlesOf, `${above}${name}.`))
  })
  return [...own.map(field => ({ field, titles: titlesOf(field) })), ...inner]
}

type Tree = { [name: string]: Remarked | Tree }

function put(tree: Tree, names: readonly string[], rule: Remarked): void {
  const [name = '', ...rest] = names
  if (rest.length === 0) tree[name] = rule
  else put((tree[name] ??= {}) as Tree, rest, rule)
}

/** Objects of the standard become rules with `fields`. */
function withFields(tree: Tree): Rules {
  return Object.fromEntries(
    Object.entries(tree).map(([name, rule]) => [name, isRule(rule) ? rule : { fields: withFields(rule) }]),
  )
}

/** No name of a standard begins with a dollar sign. */
function isRule(rule: Remarked | Tree): rule is Remarked {
  return '$comment' in rule
}

function fieldRule(pair: Pair): Remarked {
  const $comment = comment(pair)
  const { field, source, fit } = pair
  if (source.parts !== undefined) {
    const listOf = source.parts.map(names => ({ from: pathOf(names), ...fit.rule }))
    return { $comment, listOf, via: [{ join: ', ' }] }
  }
  if (field.target.types.has('object')) {
    return { $comment, fields: { [languageOf(source.texts)]: { from: pathOf(source.names), ...fit.rule } } }
  }
  if (source.isList) return { $comment, each: pathOf(source.names), item: { from: '.', ...withoutSplit(fit.rule) } }
  return { $comment, from: pathOf(source.names), ...fit.rule }
}

function listRule(list: ListMatch): Remarked {
  if (list.kind === 'each') {
    const $comment = `confirm: one element for every ${pathOf(list.names)}; ${list.why}`
    return { $comment, each: pathOf(list.names), fields: rulesOf(list.match) }
  }
  if (list.kind === 'columns') {
    const $comment = 'confirm: one element for every column; the columns are called as the codes are'
    const listOf = list.columns.map(({ code, pair }) => ({
      fields: { [list.codeField]: { value: code }, ...rulesOf({ ...list.match, pairs: [pair] }) },
    }))
    return { $comment, listOf }
  }
  const $comment = 'confirm: one element only; the source has no nodes for more'
  return { $comment, listOf: [{ fields: rulesOf(list.match) }] }
}

function comment({ score, why, fit }: Pair): string {
  return [`confirm: ${sureness(score)}`, ...why, ...(fit.why.length + why.length === 0 ? ['by its name'] : [])].join(
    '; ',
  )
}

/** The texts of a list stand apart already. */
function withoutSplit({ via = [], ...rule }: Omit<FromRule, 'from'>): Omit<FromRule, 'from'> {
  return { via: via.filter(step => typeof step === 'string' || !('split' in step)), ...rule }
}

/** For fields that are written by language. */
function languageOf(texts: ReadonlyMap<string, number>): string {
  const all = [...texts.keys()].join('')
  if (!/\p{Script=Han}/u.test(all)) return 'en'
  return /[國灣電業實產發區縣號關總會學陽龍東車門馬開長]/.test(all) ? 'zh-Hant' : 'zh-Hans'
}

/** The objects that a rule makes, with what the standard takes there. */
function objectsIn(rule: Rule, target: Target): [Rules, Target][] {
  if ('listOf' in rule) return rule.listOf.flatMap(part => objectsIn(part, target.items ?? target))
  if (!('fields' in rule)) return []
  return [[rule.fields, 'each' in rule ? (target.items ?? target) : target]]
}

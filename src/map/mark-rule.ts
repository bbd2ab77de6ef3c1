/** `order`: the mark of a record, which decides among records of one key. */
import type { Rule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { noteAt, refused, traced } from './loading.ts'
import { compileRule } from './rule.ts'
import { Refusal } from './transforms/transform.ts'

/** Reads a record's mark, which it must have: nothing else says which of two records is the newer. */
export function compileMark(rule: Rule, site: Site, loading: Loading): Read<string> {
  const { compiled, sources } = traced(loading, [], () => compileRule(rule, site, loading))
  const note = noteAt(site, sources.join(', '))
  return (place, run) => {
    const value = compiled.read(place, run)
    if (value === refused) return refused
    const mark = value === undefined ? compiled.otherwise : value
    return typeof mark === 'string' && mark.trim() !== '' ? mark.trim() : note(run, missing)
  }
}

const missing = new Refusal('order-missing', {
  'zh-CN': '没有决定先后的值',
  en: 'is missing, and it decides which of two records with the same key is the newer',
})

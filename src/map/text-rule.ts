/** Rules that turn texts into a value: `from`, and what `via` and `codes` do to it. */
import type { Json } from '../record.ts'
import { absence, listing } from './absence.ts'
import { checkCodes } from './constant.ts'
import type { Codes, FromRule, Via } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { fieldOf, find, inside, noteAt, shownPath, usePath } from './loading.ts'
import { textReader } from './path.ts'
import { takes } from './target.ts'
import { transforms } from './transforms/table.ts'
import type { Kind, Step } from './transforms/transform.ts'
import { Refusal } from './transforms/transform.ts'

export function compileFrom(rule: FromRule, site: Site, loading: Loading): Read<Json> {
  const path = usePath(rule.from, inside(site, 'from'), loading)
  const source = shownPath(path, site)
  const read = textReader(path)
  const note = noteAt(site, source)
  const isAbsent = absence(loading.document, rule.absentWhen)
  const isNull = listing(rule.nullWhen)
  const convert = inTurn(compileVia(rule.via ?? [], { type: 'text' }, site, loading))
  const translate = rule.codes === undefined ? untouched : codesStep(rule.codes, site, loading)
  if (rule.nullWhen !== undefined && !site.target.types.has('null')) {
    find(loading, `${site.pointer}/nullWhen`, 'type-mismatch', 'the standard takes no null here')
  }
  const via = [...transformNames(rule.via), ...(rule.codes === undefined ? [] : ['codes'])]
  loading.traces.push({ field: fieldOf(site), sources: [source], decidedBy: site.decidedBy, via })

  return (place, run) => {
    const text = read(place, run)
    if (typeof text !== 'string') return text === undefined ? undefined : note(run, text)
    const trimmed = text.trim()
    if (isAbsent(trimmed)) return undefined
    if (isNull(trimmed)) return null
    const value = convert(text)
    if (value instanceof Refusal) return note(run, value)
    if (typeof value === 'string' ? isAbsent(value) : Array.isArray(value) && value.length === 0) return undefined
    const translated = translate(value)
    return translated instanceof Refusal ? note(run, translated) : translated
  }
}

/** The steps of `via`, after a check that each takes what comes to it and that the standard takes what comes out. */
export function compileVia(via: readonly Via[], from: Kind, site: Site, loading: Loading): Step[] {
  let kind = from
  const steps = via.map((entry, index) => {
    const [name, parameters] = typeof entry === 'string' ? [entry] : (Object.entries(entry)[0] ?? [])
    const transform = transforms[name ?? '']
    if (transform === undefined) throw new Error('bug: the schema let an unknown transform pass')
    const { pointer } = inside(site, 'via', index)
    if (kind.type !== transform.takes) {
      find(loading, pointer, 'type-mismatch', `takes ${transform.takes}, but gets ${kind.type}`)
    }
    const problem = transform.problem(parameters, { timezone: loading.document.timezone })
    if (problem !== undefined) find(loading, pointer, 'parameters-invalid', problem)
    kind = transform.gives
    return problem === undefined ? transform.compile(parameters, { timezone: loading.document.timezone }) : untouched
  })
  if (!takes(site.target, kind)) {
    const place = via.length === 0 ? site.pointer : `${site.pointer}/via`
    const given = kind.format ?? kind.type
    find(loading, place, 'type-mismatch', `gives ${given}, but the standard takes ${takenBy(site)}`)
  }
  return steps
}

/** The steps as one; without any, the identity. */
export function inTurn(steps: readonly Step[]): Step {
  return steps.reduce<Step>((before, step) => {
    if (before === untouched) return step
    return value => {
      const given = before(value)
      return given instanceof Refusal ? given : step(given)
    }
  }, untouched)
}

export function transformNames(via: readonly Via[] = []): string[] {
  return via.map(entry => (typeof entry === 'string' ? entry : (Object.keys(entry)[0] ?? '')))
}

const untouched: Step = value => value

const unmapped = new Refusal('code-unmapped', {
  'zh-CN': '适配器没有为源数据的此代码或文字指定对应代码',
  en: 'is a code or text of the source that the adapter maps to none of the standard',
})

function codesStep(codes: Codes, site: Site, loading: Loading): Step {
  checkCodes(codes, inside(site, 'codes'), loading)
  const byText = new Map(Object.entries(codes))
  return value => {
    if (!Array.isArray(value)) return byText.get(String(value)) ?? unmapped
    const found = value.map(text => byText.get(text))
    return found.every(code => code !== undefined) ? found : unmapped
  }
}

function takenBy({ target }: Site): string {
  return target.format ?? [...target.types].join(' or ')
}

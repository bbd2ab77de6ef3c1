/** The transforms of `via`, checked at load and made one step. */
import type { Via } from './document.ts'
import type { Loading, Site } from './loading.ts'
import { find, inside } from './loading.ts'
import { takes } from './target.ts'
import { transforms } from './transforms/table.ts'
import type { Kind, Step } from './transforms/transform.ts'
import { maximumText, Refusal, tooLong } from './transforms/transform.ts'

export type CompiledVia = {
  readonly convert: Step
  /** What comes out of it. */
  readonly kind: Kind
}

/** The transforms in turn, after a check that each takes what comes to it. Without any, the identity. */
export function compileVia(via: readonly Via[], from: Kind, site: Site, loading: Loading): CompiledVia {
  const setting = { timezone: loading.document.timezone }
  let kind = from
  const steps = via.map((entry, index) => {
    const [name, parameters] = typeof entry === 'string' ? [entry] : (Object.entries(entry)[0] ?? [])
    const transform = transforms[name ?? '']
    if (transform === undefined) throw new Error('bug: the schema let an unknown transform pass')
    const { pointer } = inside(site, 'via', index)
    if (kind.type !== transform.takes) {
      find(loading, pointer, 'type-mismatch', `takes ${transform.takes}, but gets ${kind.type}`)
    }
    const problem = transform.problem(parameters, setting)
    if (problem !== undefined) find(loading, pointer, 'parameters-invalid', problem)
    kind = transform.gives
    return problem === undefined ? transform.compile(parameters, setting) : untouched
  })
  return { convert: inTurn(steps), kind }
}

/** That the standard takes what a rule gives; what it does not take, the member at `place` is the reason for. */
export function checkKind(kind: Kind, place: 'via' | undefined, site: Site, loading: Loading): void {
  const { target, pointer } = site
  if (takes(target, kind)) return
  const taken = target.format ?? [...target.types].join(' or ')
  const at = place === undefined ? pointer : `${pointer}/${place}`
  find(loading, at, 'type-mismatch', `gives ${kind.format ?? kind.type}, but the standard takes ${taken}`)
}

export function transformNames(via: readonly Via[] = []): string[] {
  return via.map(entry => (typeof entry === 'string' ? entry : (Object.keys(entry)[0] ?? '')))
}

/** A text of which a step leaves nothing is absent: the steps after it have nothing to read. */
function inTurn(steps: readonly Step[]): Step {
  return steps.map(bounded).reduce<Step>((before, step) => {
    if (before === untouched) return step
    return value => {
      const given = before(value)
      return given instanceof Refusal || given === '' ? given : step(given)
    }
  }, untouched)
}

/** Steps in turn may each make a text many times as long: the next one gets none that no record could have. */
function bounded(step: Step): Step {
  return value => {
    const given = step(value)
    return typeof given === 'string' && given.length > maximumText ? tooLong : given
  }
}

const untouched: Step = value => value

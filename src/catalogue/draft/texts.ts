/** The texts seen at one path of a sample, each with how often it occurs, and what is asked of them. */
import type { Via } from '../../map/document.ts'
import { transforms } from '../../map/transforms/table.ts'
import { Refusal } from '../../map/transforms/transform.ts'

export type Texts = ReadonlyMap<string, number>

/** What a chain of transforms makes of a text; undefined where one refuses. */
export function converter(via: readonly Via[]): (text: string) => unknown {
  const steps = via.map(entry => {
    const [name = '', parameters] = typeof entry === 'string' ? [entry] : (Object.entries(entry)[0] ?? [])
    const transform = transforms[name]
    if (transform === undefined) throw new Error(`bug: there is no transform ${name}`)
    return transform.compile(parameters, {})
  })
  return text => {
    let value: ReturnType<(typeof steps)[number]> = text
    for (const step of steps) if (!(value instanceof Refusal)) value = step(value)
    return value instanceof Refusal ? undefined : value
  }
}

export function widthOf(texts: Texts): Via[] {
  return [...texts.keys()].some(text => /[\uFF01-\uFF5E\u3000]/.test(text.trim())) ? ['width'] : []
}

export function shareOf(texts: Texts, test: (text: string) => boolean): number {
  let found = 0
  for (const [text, times] of texts) if (test(text)) found += times
  return texts.size === 0 ? 0 : found / timesOf(texts)
}

export function timesOf(texts: Texts): number {
  return [...texts.values()].reduce((sum, times) => sum + times, 0)
}

export function longest(texts: Texts): number {
  return Math.max(0, ...[...texts.keys()].map(text => text.trim().length))
}

/** For a comment. */
export function percent(share: number): string {
  return share === 1 ? 'all' : `${Math.max(1, Math.floor(share * 100))} %`
}

export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

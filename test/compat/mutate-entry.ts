/** Changes of what the catalogue says of a standard, and of code lists. */
import { between, chance, type Random } from '../../src/catalogue/records/random.ts'
import type { CodeList } from '../../src/code-list.ts'
import { pick, titles, type Draft } from './random-schema.ts'
import type { Plain } from './random-side.ts'

type Mutable<T> = { -readonly [name in keyof T]: T[name] }

export function mutateEntry({ document }: Plain, random: Random): void {
  const { standard } = document
  const names = Object.keys(document.properties)
  const [name, value] = pick<[string, unknown]>(random, [
    ['titles', { 'zh-CN': '新名称', en: 'New name' }],
    ['legalBasis', 'another law'],
    ['updateCycle', 'weekly'],
    ['openness', 'on-request'],
    ['sharing', pick(random, ['unconditional', 'not-shared'])],
    ['key', chance(random, 0.5) ? ['id', pick(random, names)] : [pick(random, names)]],
    ['subjects', [pick(random, names)]],
  ])
  standard[name] = value
  if (chance(random, 0.2)) {
    const field = document.properties[pick(random, names)] as Draft
    field['sharing'] = pick(random, ['conditional', 'not-shared', 'unconditional'])
  }
}

export function mutateList(list: Mutable<CodeList>, random: Random): void {
  const change = between(random, 0, 5)
  if (change <= 1) list.codes = [...list.codes, { code: `9${list.codes.length}`, titles }]
  else if (change === 2 && list.codes.length > 1) list.codes = list.codes.slice(0, -1)
  else if (change === 3) list.closed = !list.closed
  else if (change === 4) list.codes = list.codes.toReversed()
  else if (list.refined === undefined) list.refined = { prefix: 2, lengths: [4, 5] }
  else if (chance(random, 0.5)) delete list.refined
  else list.refined = { prefix: between(random, 1, 2), lengths: [between(random, 3, 5)] }
}

/** `digestOf`: a stable identifier for what has none in its source, made of what identifies it. */
import { createHash } from 'node:crypto'
import { canonicalise } from '../canonical.ts'
import type { Json } from '../record.ts'
import type { DigestRule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { inside, refused, traced } from './loading.ts'
import { compileRule } from './rule.ts'
import { anything } from './target.ts'
import { checkKind } from './via.ts'

export function compileDigest({ digestOf }: DigestRule, site: Site, loading: Loading): Read<Json> {
  checkKind({ type: 'text' }, undefined, site, loading)
  const part = { ...site, target: anything }
  const { compiled } = traced(loading, ['digest'], () =>
    digestOf.map((rule, index) => compileRule(rule, inside(part, 'digestOf', index), loading)),
  )
  return (place, run) => {
    const parts: Json[] = []
    let isPresent = false
    let hasRefused = false
    for (const { read, otherwise } of compiled) {
      const value = read(place, run)
      if (value === refused) hasRefused = true
      if (value !== undefined) isPresent = true
      const given = value === undefined ? otherwise : value
      // A part that is absent is not the same as none, nor as an empty one.
      parts.push(given === undefined || given === refused ? [] : [given])
    }
    if (hasRefused) return refused
    return isPresent ? digest(parts) : undefined
  }
}

/** Half of a SHA-256: two different things get the same only among more than 10^19 of them. */
function digest(parts: Json[]): string {
  return createHash('sha256').update(canonicalise(parts)).digest('hex').slice(0, 32)
}

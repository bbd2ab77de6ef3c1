/**
 * The cases by which Apicurio Registry tests its own check of JSON Schemas: nobody here wrote them.
 *
 * `backward` there means that the updated schema reads all data of the original and not the other way round; `both` that
 * each reads the other's; `none` that neither does. That is our direction of records, asked twice. What our comparison
 * says of readers they do not ask.
 */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { compareStandards } from '../../src/catalogue/compare/compare.ts'
import type { Side } from '../../src/catalogue/compare/side.ts'
import { expressed } from './draft-07.ts'

type Case = {
  readonly id: string
  readonly compatibility: 'backward' | 'forward' | 'both' | 'none'
  readonly original: unknown
  readonly updated: unknown
}

const data = new URL('../../../shared/data/schema-compat/apicurio-compatibility-test-data.json', import.meta.url)

/** Where we say otherwise, by the case's place and name, and why. */
const otherwise: Readonly<Record<string, string>> = {
  '18 Number: multipleOf 2':
    'numbers have no bounds here, and the validator takes none from 1e21 steps on: 8e21 is a multiple of 10 to it, and not of 5',
  '96 Const':
    'the constants are arrays and the type is string: no value is valid under either, so each reads all of the other’s',
  '108 Complex: anyOf 1':
    'a string meets the first alternative and anything else the second, whatever its maxLength: both allow every value',
  '117 Complex: oneOf 1':
    'a text of 6 to 10 characters met one alternative before and meets both now: it is refused, and nothing new is allowed',
  '119 Complex: oneOf 3':
    'a text of up to 5 characters meets both alternatives now and is refused; a number is allowed now and was not before',
  '124 Conditional: if':
    '`lowerCase` is no value that `case` may have, so the condition holds of the same records in both',
}

t.test('Apicurio’s cases', existsSync(data) ? {} : { skip: '../shared/data/schema-compat is not here' }, async t => {
  const { tests } = JSON.parse(readFileSync(data, 'utf8')) as { tests: readonly Case[] }
  t.equal(tests.length, 145, 'the cases that were read when this was written')
  const inexpressible = new Map<string, number>()
  const documented = new Set<string>()
  let agreed = 0
  for (const [i, each] of tests.entries()) {
    const name = `${i} ${each.id}`
    const [original, updated] = [expressed(each.original), expressed(each.updated)]
    const reason = [original, updated]
      .map(side => ('inexpressible' in side ? side.inexpressible : undefined))
      .find(Boolean)
    if (!('side' in original) || !('side' in updated)) {
      inexpressible.set(String(reason), (inexpressible.get(String(reason)) ?? 0) + 1)
      continue
    }
    const said = relation(survives(original.side, updated.side), survives(updated.side, original.side))
    if (said === each.compatibility) agreed++
    else if (otherwise[name] === undefined) t.fail(`${name}: ${each.compatibility} there, ${said} here`)
    else documented.add(name)
  }
  t.strictSame(
    [...documented].sort(),
    Object.keys(otherwise).sort(),
    'what is documented as another answer still is one',
  )
  const kinds = [...inexpressible].map(([reason, count]) => `${reason} ${count}`).join('; ')
  t.comment(`agree ${agreed}, another answer for a reason ${documented.size}, not expressible: ${kinds}`)
})

/** Whether every record of the one is valid under the other. */
function survives(before: Side, after: Side): boolean {
  return !compareStandards(before, after).changes.some(
    ({ impact, against }) => impact === 'major' && against !== 'readers',
  )
}

function relation(isBackward: boolean, isForward: boolean): string {
  if (isBackward) return isForward ? 'both' : 'backward'
  return isForward ? 'forward' : 'none'
}

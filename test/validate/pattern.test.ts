import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { SchemaNode } from '../../src/standard.ts'
import { checkStandardDocument } from '../../src/validate/standard-document.ts'
import { linearMatcher } from '../../src/validate/pattern.ts'
import { visitSchemas } from '../../src/validate/subschemas.ts'
import { compileValidator } from '../../src/validate/validator.ts'
import { codeListOf, documentOf, standardOf, titles } from './fixture.ts'

/** By pattern, what matches it: the engine of JavaScript, RE2, or nothing. */
const engines: Record<string, 'own' | 're2' | 'none'> = {
  '^\\d{4}-(0[1-9]|1[0-2])$': 'own',
  '^[1-9]\\d*/[1-9]\\d*$': 'own',
  '^[a-z][a-z0-9]*(-[a-z0-9]+)*$': 'own',
  '^\\d+(\\.\\d+)?$': 'own',
  '^.*x': 'own',
  '^\\p{Script=Han}+$': 'own',
  '^(?!0000)\\d{4}$': 'own',
  '^(?=.*\\d).{8,}$': 'own',
  '[\\s\\S]': 'own',
  '^(a+)+b$': 're2',
  '^(a|aa)*$': 're2',
  '^(a|b|ab)*c$': 're2',
  '^a*[ab]*c$': 're2',
  '\\s+$': 're2',
  '(?:a?){30}a{30}': 're2',
  '^(?:a{0,30}){0,30}b': 're2',
  '^(\\u{1F600}|\\ud83d\\ude00)+$': 're2',
  '(a)\\1': 'none',
  '^(?:(?=a+b)a)*$': 'none',
  '(?<=a+)b': 'none',
  '((a{1000}){1000}){1000}b': 'none',
}

t.test('a pattern is matched by the own engine only where that is proved to be linear', async t => {
  for (const [pattern, engine] of Object.entries(engines)) {
    const matcher = linearMatcher(pattern)
    t.equal(matcher === undefined ? 'none' : matcher instanceof RegExp ? 'own' : 're2', engine, pattern)
  }
})

t.test('every engine gives what the pattern means in JavaScript', async t => {
  const texts = ['', 'ab', 'aab', 'a\u00a0', 'a \u2028', '\v', '😀😀', '-', 'b-', 'é', '\u3000', '\n', 'aaac', '{', ']']
  const patterns = [
    '\\s+$',
    '\\S+\\s*$',
    '(.+)+$',
    '(a|ab)*c?$',
    '[^\\sa]+-?$',
    '(?:😀|\\u{1F600})+$',
    '(\\b\\w+)+$',
    '(\\W|[\\]{}])+$',
  ]
  for (const pattern of patterns) {
    const matcher = linearMatcher(pattern)
    t.notOk(matcher === undefined || matcher instanceof RegExp, `${pattern} is one of RE2`)
    const plain = new RegExp(pattern, 'u')
    t.same(
      texts.filter(text => matcher?.test(text)),
      texts.filter(text => plain.test(text)),
      pattern,
    )
  }
})

t.test('the starter standards all have patterns of the own engine', async t => {
  const folder = 'schemas/standards'
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.json'))
  let patterns = 0
  for (const file of files) {
    visitSchemas(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as SchemaNode, ({ pattern }) => {
      if (typeof pattern !== 'string') return
      patterns++
      t.ok(linearMatcher(pattern) instanceof RegExp, `${file} ${pattern}`)
    })
  }
  t.ok(patterns > 20, `${patterns} patterns`)
})

t.test('a record cannot stop the hub by a pattern that backtracks', async t => {
  // By the own engine it would take longer than there has been a universe.
  const value = { type: 'string', pattern: '^(a+)+b$' }
  const { validate } = compileValidator(standardOf({ properties: { value } }), codeListOf)
  const codes = (text: string) => validate({ id: '1', value: text }).issues.map(({ code }) => code)
  t.same(codes('a'.repeat(200)), ['pattern'])
  t.same(codes(`${'a'.repeat(200)}b`), [])
})

t.test('a pattern that nothing matches in linear time is refused, with what to do', async t => {
  const value = { titles, level: 'L1', type: 'string', pattern: '^(a+)\\1$' } as const
  const at = { pointer: '/properties/value/pattern', code: 'pattern-unsafe', message: /leave out look-around/ }
  t.throws(() => checkStandardDocument(documentOf({ properties: { value } })), { issues: [at] } as unknown as Error)
})

t.test('references that multiply are refused before anything follows them', async t => {
  const field = (name: string): SchemaNode => ({ titles, level: 'L1', $ref: `#/$defs/${name}` })
  const $defs: Record<string, SchemaNode> = { d0: { type: 'string' } }
  for (let i = 1; i <= 60; i++) {
    const below = field(`d${i - 1}`)
    $defs[`d${i}`] = { type: 'object', properties: { a: below, b: below }, additionalProperties: false }
  }
  const issues = [{ pointer: '/$defs', code: 'reference-expands' }]
  const refused = documentOf({ properties: { value: field('d60') }, $defs })
  t.throws(() => checkStandardDocument(refused), { issues } as unknown as Error)
  t.ok(checkStandardDocument(documentOf({ properties: { value: field('d3') }, $defs: some($defs, 4) })))
})

function some(definitions: Record<string, SchemaNode>, count: number): Record<string, SchemaNode> {
  return Object.fromEntries(Object.entries(definitions).slice(0, count))
}

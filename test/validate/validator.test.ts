import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from '../properties.ts'
import t from 'tap'
import { HubError } from '../../src/errors.ts'
import type { Issue, Json, JsonObject } from '../../src/record.ts'
import type { CodeList } from '../../src/code-list.ts'
import type { SchemaNode } from '../../src/standard.ts'
import { keywordCodes } from '../../src/validate/issues.ts'
import { compileValidator } from '../../src/validate/validator.ts'
import { codeListOf, colours, findingsIn, standardOf, titles } from './fixture.ts'

const text = { type: 'string' }
const object = { type: 'object' }

/** Of each keyword: a schema, a value it refuses, and what is said: pointer, code, Chinese, English. */
const refusals: Record<
  string,
  [schema: SchemaNode, value: Json, pointer: string, code: string, zh: string, en: string]
> = {
  type: [text, 7, '/value', 'type', '类型应为 string', 'must be of type string'],
  'type, of several': [
    { type: ['string', 'null'] },
    true,
    '/value',
    'type',
    '类型应为 string、null',
    'must be of type string, null',
  ],
  required: [
    { ...object, properties: { a: text }, required: ['a'] },
    {},
    '/value/a',
    'required',
    '必填',
    'is required',
  ],
  dependentRequired: [
    { ...object, dependentRequired: { a: ['b'] } },
    { a: 1 },
    '/value/b',
    'required-with',
    '填写 a 时必填',
    'is required where a is present',
  ],
  additionalProperties: [
    { ...object, additionalProperties: false },
    { 'a/b~': 1 },
    '/value/a~1b~0',
    'field-unknown',
    '此处没有该名称，请改正或删除',
    'is not known here: mend the name or leave it out',
  ],
  unevaluatedProperties: [
    { ...object, unevaluatedProperties: false },
    { a: 1 },
    '/value/a',
    'field-unknown',
    '此处没有该名称，请改正或删除',
    'is not known here: mend the name or leave it out',
  ],
  propertyNames: [
    { ...object, propertyNames: { type: 'string', maxLength: 2 } },
    { abc: 1 },
    '/value/abc',
    'name-invalid',
    '字段名不符合要求',
    'has a name that is not allowed here',
  ],
  codes: [
    { ...text, codes: 'colours' },
    '1',
    '/value',
    'code-unknown',
    '不在代码表 colours 中',
    'is not a code of the list colours',
  ],
  enum: [{ enum: ['A', 1] }, 'B', '/value', 'not-listed', '应为以下之一：A、1', 'must be one of: A, 1'],
  const: [{ const: 'A' }, 'B', '/value', 'not-constant', '应为 A', 'must be A'],
  pattern: [{ ...text, pattern: '^a$' }, 'b', '/value', 'pattern', '应匹配 ^a$', 'must match ^a$'],
  maxLength: [
    { ...text, maxLength: 2 },
    '三个字',
    '/value',
    'too-long',
    '最多 2 个字符',
    'must have at most 2 characters',
  ],
  minLength: [{ ...text, minLength: 1 }, '', '/value', 'too-short', '最少 1 个字符', 'must have at least 1 characters'],
  maximum: [{ type: 'number', maximum: 2 }, 3, '/value', 'out-of-range', '应 <= 2', 'must be <= 2'],
  minimum: [{ type: 'number', minimum: 2 }, 1, '/value', 'out-of-range', '应 >= 2', 'must be >= 2'],
  exclusiveMaximum: [{ type: 'number', exclusiveMaximum: 2 }, 2, '/value', 'out-of-range', '应 < 2', 'must be < 2'],
  exclusiveMinimum: [{ type: 'number', exclusiveMinimum: 2 }, 2, '/value', 'out-of-range', '应 > 2', 'must be > 2'],
  multipleOf: [
    { type: 'number', multipleOf: 5 },
    7,
    '/value',
    'not-multiple',
    '应为 5 的整数倍',
    'must be a multiple of 5',
  ],
  maxItems: [{ type: 'array', maxItems: 1 }, [1, 2], '/value', 'too-many', '最多 1 项', 'must have at most 1 items'],
  minItems: [{ type: 'array', minItems: 1 }, [], '/value', 'too-few', '最少 1 项', 'must have at least 1 items'],
  maxProperties: [
    { ...object, maxProperties: 0 },
    { a: 1 },
    '/value',
    'too-many',
    '最多 0 项',
    'must have at most 0 items',
  ],
  minProperties: [{ ...object, minProperties: 1 }, {}, '/value', 'too-few', '最少 1 项', 'must have at least 1 items'],
  items: [
    { type: 'array', minItems: 1, prefixItems: [text], items: false } as unknown as SchemaNode,
    ['a', 'b'],
    '/value',
    'too-many',
    '最多 1 项',
    'must have at most 1 items',
  ],
  unevaluatedItems: [
    { type: 'array', unevaluatedItems: false },
    ['a'],
    '/value',
    'too-many',
    '最多 0 项',
    'must have at most 0 items',
  ],
  uniqueItems: [
    { type: 'array', uniqueItems: true },
    ['a', 'b', 'a'],
    '/value',
    'repeated',
    '第 0 项与第 2 项重复（从 0 起）',
    'repeats: items 0 and 2, from 0, are equal',
  ],
  contains: [
    { type: 'array', contains: { const: 'a' } },
    ['b', 'c'],
    '/value',
    'item-missing',
    '缺少符合要求的项',
    'lacks an item of the kind that must be there',
  ],
  not: [{ not: { const: 'a' } }, 'a', '/value', 'not-allowed', '此处不允许', 'is not allowed here'],
  'false schema': [
    { ...object, properties: { a: false } } as unknown as SchemaNode,
    { a: 1 },
    '/value/a',
    'not-allowed',
    '此处不允许',
    'is not allowed here',
  ],
  anyOf: [
    {
      anyOf: [
        { ...text, maxLength: 1 },
        { ...text, pattern: '^a' },
      ],
    },
    'bb',
    '/value',
    'no-alternative',
    '不符合任何一种允许的形式',
    'fits none of the forms that are allowed',
  ],
  'anyOf, only one alternative of the right type': [
    { anyOf: [{ type: 'null' }, { ...text, maxLength: 1 }] },
    'bb',
    '/value',
    'too-long',
    '最多 1 个字符',
    'must have at most 1 characters',
  ],
  'anyOf, of names': [
    { ...object, properties: { a: text, b: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    {},
    '/value',
    'required-one-of',
    '至少填写其中一项：a、b',
    'needs at least one of: a, b',
  ],
  oneOf: [
    {
      oneOf: [
        { ...text, maxLength: 1 },
        { ...text, pattern: '^a' },
      ],
    },
    'a',
    '/value',
    'several-alternatives',
    '同时符合多种互斥的形式',
    'fits several forms of which only one is allowed',
  ],
  'oneOf, a constant or an object': [
    { oneOf: [{ ...object, properties: { a: text }, required: ['a'] }, { const: 'none' }] },
    {},
    '/value/a',
    'required',
    '必填',
    'is required',
  ],
  discriminator: [
    {
      ...object,
      discriminator: { propertyName: 'kind' },
      required: ['kind'],
      oneOf: [{ properties: { kind: { const: 'a' } } }, { properties: { kind: { const: 'b' } } }],
    },
    { kind: 'c' },
    '/value/kind',
    'no-alternative',
    '不符合任何一种允许的形式',
    'fits none of the forms that are allowed',
  ],
  'if and then': [
    { ...object, properties: { a: text, b: text }, if: { required: ['a'] }, then: { required: ['b'] } },
    { a: '' },
    '/value/b',
    'required',
    '必填',
    'is required',
  ],
  dependencies: [
    { ...object, dependencies: { a: ['b'] } },
    { a: 1 },
    '/value/b',
    'required-with',
    '填写 a 时必填',
    'is required where a is present',
  ],
  'format date': [
    { ...text, format: 'date' },
    '2023-02-29',
    '/value',
    'format',
    '不是有效的日期（真实存在，YYYY-MM-DD）',
    'is not valid as date (a day that exists, YYYY-MM-DD)',
  ],
  'an identifier': [
    { ...text, format: 'uscc' },
    '9133',
    '/value',
    'format',
    '不是有效的统一社会信用代码',
    'is not valid as unified social credit code',
  ],
  'a masked identifier': [
    { ...text, format: 'resident-id' },
    '331199****',
    '/value',
    'masked',
    '已脱敏的内容不能作为公民身份号码',
    'is masked, so is not valid as resident identity number',
  ],
  'a date in an identifier': [
    { ...text, format: 'resident-id' },
    '331199190002290027',
    '/value',
    'date',
    '公民身份号码中的日期不存在',
    'holds a date that does not exist, so is not valid as resident identity number',
  ],
  'a check digit': [
    { ...text, format: 'uscc' },
    '91331199MAXT000112',
    '/value',
    'check-digit',
    '统一社会信用代码的校验码不符',
    'has a check digit that does not fit unified social credit code',
  ],
  'a check digit inside': [
    { ...text, format: 'uscc' },
    '91331199MAXT000124',
    '/value',
    'inner-check-digit',
    '统一社会信用代码中组织机构代码的校验码不符',
    'holds an organisation code whose check digit does not fit, so is not valid as unified social credit code',
  ],
  'U+0000': [
    text,
    'a\0b',
    '/value',
    'text-unrepresentable',
    '含有无法保存的字符（U+0000 或不成对的代理项）',
    'holds a character that cannot be kept: U+0000 or a lone surrogate',
  ],
}

t.test('every keyword has its issue: one, at its pointer, with a stable code, in both languages', async t => {
  for (const [name, [schema, value, pointer, code, zh, en]] of Object.entries(refusals)) {
    t.same(findingsIn(schema, { value }).issues, [{ pointer, code, message: en }], name)
    t.same(findingsIn(schema, { value }, 'zh-CN').issues, [{ pointer, code, message: zh }], `${name}, zh-CN`)
  }
})

t.test('every keyword of JSON Schema that can refuse has a code', async t => {
  const ajv = new Ajv2020({ discriminator: true })
  const refusing = [...ajv.RULES.rules, ajv.RULES.post]
    .flatMap(group => group.rules)
    .filter(({ definition }) => definition.error !== undefined)
    .map(({ keyword }) => keyword)
  t.ok(refusing.length > 25)
  // `if` only says that `then` or `else` has refused.
  t.same(
    refusing.filter(keyword => keywordCodes[keyword] === undefined),
    ['if'],
  )
})

t.test('lengths count code points', async () => {
  const validators = [0, 1, 2, 3, 4, 5].map(limit => {
    const properties = { most: { ...text, maxLength: limit }, least: { ...text, minLength: limit } }
    return compileValidator(standardOf({ properties }), codeListOf)
  })
  const texts = fc.string({ unit: fc.constantFrom('a', '字', '𠮷', '😀'), maxLength: 6 })
  fc.assert(
    fc.property(texts, fc.constantFrom(...validators.entries()), (value, [limit, { validate }]) => {
      const count = Array.from(value).length
      const expected = [...(count > limit ? ['too-long'] : []), ...(count < limit ? ['too-short'] : [])]
      assert.deepEqual(
        validate({ id: '1', most: value, least: value }).issues.map(issue => issue.code),
        expected,
      )
    }),
  )
})

const formats: Record<string, { good: string[]; bad: string[] }> = {
  date: { good: ['2024-02-29'], bad: ['2023-02-29', '2024-2-9', '20240229', '9999-13-01'] },
  'year-month': { good: ['2012-11', '1901-01'], bad: ['2012-13', '2012-00', '201211', '2012-1', '2012-11-01'] },
  'date-time': {
    good: ['2024-02-29T08:00:00+08:00', '2024-02-29T00:00:00Z'],
    bad: ['2024-02-29T08:00:00', '2024-02-29'],
  },
  decimal: {
    good: ['0', '10', '-3.50', '0.000001', '34377.91', '123456789012345678901234567890'],
    bad: ['', '007', '1e3', '+1', '.5', '5.', '1,000', '--1', ' 1', '１', 'NaN', '0x10'],
  },
  uri: { good: ['https://example.org/a?b'], bad: ['example', 'a b'] },
  email: { good: ['a@example.org'], bad: ['a@', 'a b@example.org'] },
}

t.test('every format takes what it should and no more', async t => {
  for (const [format, { good, bad }] of Object.entries(formats)) {
    for (const value of good) t.same(findingsIn({ ...text, format }, { value }).issues, [], `${format} ${value}`)
    for (const value of bad) {
      t.match(
        findingsIn({ ...text, format }, { value }).issues,
        [{ pointer: '/value', code: 'format' }],
        `${format} ${value}`,
      )
    }
  }
})

t.test('a check digit that the source leaves in doubt is a warning, unless the standard rejects it', async t => {
  const wrong = { value: '2401-331199-04-01-000016' }
  const project = { ...text, format: 'investment-project-code' }
  const warning = {
    pointer: '/value',
    code: 'check-digit',
    message: 'has a check digit that does not fit investment project code',
  }
  t.same(findingsIn(project, wrong), { issues: [], warnings: [warning] })
  t.same(findingsIn({ ...project, checkDigit: 'reject' }, wrong), { issues: [warning], warnings: [] })
  const uscc = { ...text, format: 'uscc', checkDigit: 'warn' }
  t.match(findingsIn(uscc, { value: '91331199MAXT000112' }), { issues: [], warnings: [{ code: 'check-digit' }] })
  t.match(findingsIn(uscc, { value: '91331199MAXT00011' }), { issues: [{ code: 'format' }], warnings: [] })
})

t.test('warnings are of the record they were found in, at their pointers below arrays and references', async t => {
  const schema: SchemaNode = {
    properties: { list: { type: 'array', items: { $ref: '#/$defs/project' } } },
    $defs: { project: { type: 'object', properties: { 'a/b': { ...text, format: 'investment-project-code' } } } },
  }
  const { validate } = compileValidator(standardOf(schema), codeListOf)
  const wrong = { id: '1', list: [{}, { 'a/b': '2401-331199-04-01-000016' }] }
  t.same(
    validate(wrong).warnings.map(({ pointer }) => pointer),
    ['/list/1/a~1b'],
  )
  t.same(validate({ id: '1' }), { issues: [], warnings: [] })

  const project = { ...text, format: 'investment-project-code' }
  const tried = {
    type: 'object',
    properties: { p: project },
    if: { properties: { p: project } },
    then: { minProperties: 1 },
  }
  t.equal(
    findingsIn(tried, { value: { p: '2401-331199-04-01-000016' } }).warnings.length,
    1,
    'once, though it is tried twice',
  )
})

t.test('a code that was not in force on the day of the field beside it is a warning', async t => {
  const places: CodeList = {
    ...colours,
    id: 'places',
    refined: { prefix: 6, lengths: [9, 12] },
    codes: [
      { code: '331199', titles },
      { code: '331198', titles, from: '1990-01-01', to: '2019-12-31', former: [{ titles, to: '1980-12-31' }] },
    ],
  }
  const schema: SchemaNode = {
    properties: {
      list: {
        type: 'array',
        items: {
          type: 'object',
          properties: { place: { ...text, codes: 'places', codesOn: 'day' }, day: { $ref: '#/$defs/day' } },
        },
      },
    },
    $defs: { day: { ...text, format: 'date' } },
  }
  const { validate } = compileValidator(standardOf(schema), id => (id === 'places' ? places : undefined))
  const cases: [place: string, day: string | undefined, found: 'issue' | 'warning' | undefined][] = [
    ['331199', '1949-10-01', undefined],
    ['331198', '2019-12-31', undefined],
    ['331198', '2020-01-01', 'warning'],
    ['331198', '1985-01-01', 'warning'],
    ['331198', '1980-12-31', undefined],
    ['331198', undefined, undefined],
    ['331198004', '2020-01-01', 'warning'],
    ['331198004201', '2019-12-31', undefined],
    ['331197', '2020-01-01', 'issue'],
    ['331197004', '2020-01-01', 'issue'],
    ['3311990', '2020-01-01', 'issue'],
    ['33119900X', '2020-01-01', 'issue'],
  ]
  for (const [place, day, found] of cases) {
    const { issues, warnings } = validate({ id: '1', list: [{ place, ...(day !== undefined && { day }) }] })
    const what = `${place} on ${day}`
    t.same(issues.map(({ code }) => code), found === 'issue' ? ['code-unknown'] : [], what) // prettier-ignore
    t.same(warnings.map(({ code }) => code), found === 'warning' ? ['code-not-in-force'] : [], what) // prettier-ignore
  }
  t.same(validate({ id: '1', list: [{}, { place: '331198', day: '2020-01-01' }] }, 'zh-CN').warnings, [
    {
      pointer: '/list/1/place',
      code: 'code-not-in-force',
      message: '代码在 day 当日不在有效期内（代码表 places）',
    },
  ])
})

t.test('all that is wrong is found at once', async t => {
  const person: SchemaNode = {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'idNumber'],
    properties: { name: { ...text, minLength: 1 }, idNumber: { ...text, format: 'resident-id' } },
  }
  const { issues } = findingsIn(
    { type: 'array', items: person },
    { value: [{ name: '', extra: 1 }, { idNumber: '1' }, 5], more: 1 },
  )
  t.same(issues.map(({ pointer, code }) => `${pointer} ${code}`).sort(), [
    '/more field-unknown',
    '/value/0/extra field-unknown',
    '/value/0/idNumber required',
    '/value/0/name too-short',
    '/value/1/idNumber format',
    '/value/1/name required',
    '/value/2 type',
  ])
})

t.test('alternatives in two items of one array are settled apart', async t => {
  const either = { anyOf: [{ type: 'null' }, { ...text, format: 'date' }] }
  const { issues } = findingsIn({ type: 'array', items: either }, { value: ['x', null, 5, '2024-01-01'] })
  t.same(
    issues.map(({ pointer, code }) => `${pointer} ${code}`),
    ['/value/0 format', '/value/2 no-alternative'],
  )
})

t.test('a record of which everything is wrong costs no more than its length', async t => {
  const either = { anyOf: [{ type: 'null' }, { ...text, format: 'date' }, { ...text, pattern: '^a$' }] }
  const value = Array.from({ length: 50_000 }, () => 'x')
  const begun = performance.now()
  t.equal(findingsIn({ type: 'array', items: either }, { value }).issues.length, value.length)
  t.ok(performance.now() - begun < 5_000)
})

t.test('text that cannot be kept is refused wherever it stands, in names too', async t => {
  const anything = { type: ['object', 'null'] }
  const unkept = (value: Json): string[] =>
    findingsIn(anything, { value })
      .issues.filter(({ code }) => code === 'text-unrepresentable')
      .map(issue => issue.pointer)
  t.same(unkept({ a: [{ b: 'x\0' }, 'x\udc00', 'ok'] }), ['/value/a/0/b', '/value/a/1'])
  t.same(unkept({ a: { 'b\ud800': 1 } }), ['/value/a'])
  t.same(unkept({ a: '𠮷 and 😀', b: '\u0001' }), [])
})

t.test('no message holds a value of the record', async () => {
  const marker = 'MARKER'
  const values = fc.letrec<{ json: Json }>(tie => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(marker, `${marker}****`, `${marker}\0`, 8_571_423_690, -8_571_423_690.5, null, true),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'kind', 'extra'), tie('json'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).json
  const validators = Object.values(refusals).map(([value]) =>
    compileValidator(standardOf({ properties: { value } }), codeListOf),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...validators),
      values,
      fc.constantFrom('zh-CN', 'en'),
      ({ validate }, value, language) => {
        const { issues, warnings } = validate({ id: marker, value }, language)
        for (const { message } of [...issues, ...warnings]) assert.doesNotMatch(message, /MARKER|8571423690/)
      },
    ),
    { numRuns: 3_000 },
  )
})

t.test('a record is left as it is', async t => {
  const record: JsonObject = Object.freeze({ id: '1', extra: '7' })
  compileValidator(standardOf({ properties: { extra: { type: 'integer', default: 1 } } }), codeListOf).validate(record)
  t.same(record, { id: '1', extra: '7' })
})

t.test('a schema that names what is not known is refused, with the place', async t => {
  const refused = (value: SchemaNode, more: SchemaNode = {}): readonly Issue[] => {
    try {
      compileValidator(standardOf({ properties: { value }, ...more }), codeListOf)
    } catch (error) {
      if (error instanceof HubError && error.code === 'standard-invalid') return error.issues
      throw error
    }
    return []
  }
  const places = (issues: readonly Issue[]): string[] => issues.map(({ pointer, code }) => `${pointer} ${code}`)

  t.same(places(refused({ ...text, maxlength: 3 })), ['/properties/value/maxlength keyword-unknown'])
  t.same(places(refused({ ...text, format: 'dat' })), ['/properties/value/format format-unknown'])
  t.same(places(refused({ ...text, codes: 'tastes' })), ['/properties/value/codes code-list-unknown'])
  for (const codesOn of ['id', 'nothing']) {
    t.same(places(refused({ ...text, codes: 'colours', codesOn })), ['/properties/value/codesOn codes-on-misplaced'])
  }
  t.same(places(refused({ ...text, format: 'date', checkDigit: 'warn' })), [
    '/properties/value/checkDigit check-digit-misplaced',
  ])
  t.same(places(refused({ ...text, format: 'construction-permit', checkDigit: 'warn' })), [
    '/properties/value/checkDigit check-digit-misplaced',
  ])
  t.same(places(refused(text, { $defs: { a: { anyOf: [{ not: { nix: 1 } }] } } })), [
    '/$defs/a/anyOf/0/not/nix keyword-unknown',
  ])
  t.same(places(refused({ maxLength: 3 })), [' schema-invalid'], 'strict types')
  t.same(refused(text), [])
})

t.test('keywords named like fields are fields, where fields stand', async t => {
  const schema = { properties: { codes: text, format: text, $ref: text, enum: text } }
  t.same(compileValidator(standardOf(schema), codeListOf).validate({ id: '1', codes: 'a', format: 'b' }).issues, [])
})

import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import ts from 'typescript'
import { generate } from '../../src/catalogue/generate.ts'
import { typesOf } from '../../src/catalogue/types.ts'
import type { StandardDocument } from '../../src/standard.ts'

const root = new URL('../../', import.meta.url)

const small: StandardDocument = {
  $id: 'https://concord.example/schemas/standards/small-thing/v1.json',
  standard: {
    id: 'small-thing',
    version: '1.2.3',
    owner: 'data-bureau',
    titles: { 'zh-CN': '小物', en: 'Small thing' },
    key: ['id'],
    subjects: ['id'],
    sharing: 'conditional',
    openness: 'closed',
    updateCycle: 'never',
    legalBasis: 'none',
    resourceCode: '301001331199/000001',
  },
  type: 'object',
  properties: {
    id: { titles: { 'zh-CN': '编号', en: 'Identifier' }, level: 'L3', indexed: true, $ref: '#/$defs/text' },
    until: { titles: { 'zh-CN': '至', en: 'Until' }, level: 'L1', type: ['string', 'null'], format: 'date' },
    parts: {
      titles: { 'zh-CN': '部件', en: 'Parts' },
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          kind: {
            titles: { 'zh-CN': '种类', en: 'Kind' },
            level: 'L1',
            sharing: 'not-shared',
            codes: 'kind',
            type: 'string',
          },
        },
        required: ['kind'],
        additionalProperties: false,
      },
    },
    size: {
      titles: { 'zh-CN': '大小', en: 'Size' },
      level: 'L1',
      unit: 'm',
      oneOf: [{ type: 'integer', minimum: 0 }, { const: 'none' }],
    },
    names: {
      titles: { 'zh-CN': '名称', en: 'Names' },
      level: 'L1',
      type: 'object',
      additionalProperties: { type: 'string' },
    },
  },
  required: ['id', 'parts'],
  additionalProperties: false,
  anyOf: [{ required: ['until'] }, { required: ['size'] }],
  if: { required: ['size'] },
  then: { required: ['names'] },
  $defs: { text: { description: 'As it was given.', type: 'string', minLength: 1 } },
}

t.test(
  'the types of a standard say its fields, what is always there and what people call them, and nothing else',
  async t => {
    t.equal(
      await typesOf(small),
      `/**
 * 小物 · Small thing, 1.2.3
 */
export interface SmallThing {
  /**
   * 编号 · Identifier
   *
   * As it was given.
   */
  id: string
  /**
   * 至 · Until
   */
  until?: string | null
  /**
   * 部件 · Parts
   */
  parts: {
    /**
     * 种类 · Kind
     *
     * Code list: kind
     */
    kind: string
  }[]
  /**
   * 大小 · Size
   */
  size?: number | 'none'
  /**
   * 名称 · Names
   */
  names?: {
    [k: string]: string
  }
}
`,
    )
  },
)

t.test('titles that would end their comment stay in it', async t => {
  const titles = { 'zh-CN': '*/ export const a = 1 /*', en: '*/ export const b = 2 //' }
  const hostile = {
    ...small,
    standard: { ...small.standard, titles },
    properties: { id: { titles, level: 'L1', type: 'string' } },
  }
  const file = ts.createSourceFile('types.ts', await typesOf(hostile as StandardDocument), ts.ScriptTarget.ES2023)
  t.same(
    file.statements.map(({ kind }) => ts.SyntaxKind[kind]),
    ['InterfaceDeclaration'],
  )
})

t.test('src/generated is what npm run types makes of schemas/, byte for byte', async t => {
  const folder = new URL('src/generated/', root)
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))
  const written = paths.map(path => [path, readFileSync(new URL(path, folder), 'utf8')] as const)
  t.same(new Map(written.toSorted()), new Map([...(await generate(new URL('schemas/', root)))].toSorted()))
})

t.test('the generated types compile', async t => {
  t.same(faultsOf(await generate(new URL('schemas/', root))), [])
})

/** What the TypeScript compiler says, in strict mode, of modules given by path. */
function faultsOf(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2023, types: [] }
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, version) => {
    const text = files.get(name)
    return text === undefined ? getSourceFile(name, version) : ts.createSourceFile(name, text, version)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { Side } from '../../../src/catalogue/compare/compare.ts'
import type { CodeList } from '../../../src/code-list.ts'
import { readStandard, type SchemaNode, type StandardDocument } from '../../../src/standard.ts'
import { compared, witnessFault } from './sides.ts'

const schemas = new URL('../../../schemas/', import.meta.url)

const lists = new Map(
  readdirSync(new URL('code-lists/', schemas)).map((file): [string, CodeList] => {
    const list = read<CodeList>(`code-lists/${file}`)
    return [list.id, list]
  }),
)

const documents = readdirSync(new URL('standards/', schemas)).map(id =>
  read<StandardDocument>(`standards/${id}/v1.json`),
)

function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, schemas), 'utf8')) as T
}

function sideOf(document: StandardDocument): Side {
  return { document, codeList: id => lists.get(id) }
}

type Properties = { readonly [name: string]: SchemaNode }

const titles = { 'zh-CN': '新', en: 'New' }

/** What a steward does on a Tuesday, to the standard's first field that it can be done to; undefined where there is none. */
const changes: Readonly<
  Record<string, readonly [verdict: string, change: (document: StandardDocument) => StandardDocument | undefined]>
> = {
  'an optional field added': [
    'minor',
    document => ({
      ...document,
      properties: { ...document.properties, added: { titles, level: 'L1', type: 'string' } },
    }),
  ],
  'an optional field removed': [
    'major',
    document => {
      const name = Object.keys(document.properties ?? {}).find(each => isOptional(document, each))
      if (name === undefined) return undefined
      const { [name]: _, ...properties } = document.properties ?? {}
      return { ...document, properties }
    },
  ],
  'an optional field made required': [
    'major',
    document => {
      const name = Object.keys(document.properties ?? {}).find(each => isOptional(document, each))
      return name === undefined ? undefined : { ...document, required: [...(document.required ?? []), name] }
    },
  ],
  'a required field made optional': [
    'major',
    document => {
      const [, ...required] = document.required?.filter(name => !document.standard.key.includes(name)) ?? []
      return { ...document, required: [...document.standard.key, ...required] }
    },
  ],
  'a text made longer': ['minor', document => changed(document, 'maxLength', most => most + 1)],
  'a text made shorter': ['major', document => changed(document, 'maxLength', most => most - 1)],
  'null allowed': ['major', document => changedType(document, ['string', 'null'])],
  'a title mended': [
    'patch',
    document => ({ ...document, standard: { ...document.standard, titles: { ...titles, en: 'Mended' } } }),
  ],
}

/** Neither required nor spoken of by a condition. */
function isOptional(
  { required = [], properties, standard, $defs, ...conditions }: StandardDocument,
  name: string,
): boolean {
  const spoken = JSON.stringify(conditions).includes(`"${name}"`) || standard.subjects.includes(name)
  const isNamed = Object.values(properties ?? {}).some(({ codesOn }) => codesOn === name)
  return !required.includes(name) && !spoken && !isNamed
}

function changed(document: StandardDocument, keyword: string, change: (limit: number) => number) {
  const found = Object.entries(document.properties ?? {}).find(([, schema]) => Number(schema[keyword]) > 1)
  return found && withProperty(document, found[0], { [keyword]: change(Number(found[1][keyword])) })
}

function changedType(document: StandardDocument, type: readonly string[]) {
  const found = Object.entries(document.properties ?? {}).find(
    ([name, schema]) => schema.type === 'string' && schema.codes === undefined && !document.standard.key.includes(name),
  )
  return found && withProperty(document, found[0], { type })
}

function withProperty(document: StandardDocument, name: string, part: SchemaNode): StandardDocument {
  const properties: Properties = { ...document.properties, [name]: { ...document.properties?.[name], ...part } }
  return { ...document, properties }
}

for (const document of documents) {
  const { id } = document.standard
  t.test(`${id}: compared with itself it is the same, and everyday changes are decided and shown`, async t => {
    const before = sideOf(document)
    t.equal(compared(before, sideOf(structuredClone(document))).verdict, 'same')
    for (const [name, [verdict, change]] of Object.entries(changes)) {
      const newer = change(document)
      if (newer === undefined) continue
      const after = sideOf(newer)
      const found = compared(before, after)
      t.equal(found.verdict, verdict, name)
      for (const each of found.changes.filter(({ impact }) => impact === 'major')) {
        t.equal(witnessFault(each, before, after), undefined, `${name}: ${each.code} ${each.field ?? ''} is shown`)
      }
    }
  })
}

t.test('every starter standard was compared', async t => {
  t.equal(documents.length, 13)
  t.ok(documents.every(document => readStandard(document).fields.length > 0))
})

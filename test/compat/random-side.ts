/** Random standards with their code lists. */
import type { Side } from '../../src/catalogue/compare/side.ts'
import { between, chance, type Random } from '../../src/catalogue/records/random.ts'
import type { CodeList } from '../../src/code-list.ts'
import { readStandard, type StandardDocument } from '../../src/standard.ts'
import { HubError } from '../../src/errors.ts'
import { checkCodeList } from '../../src/validate/code-list.ts'
import { checkStandardDocument } from '../../src/validate/standard-document.ts'
import { compileValidator, type Validator } from '../../src/validate/validator.ts'
import { addCondition, addDependency } from './mutate-conditions.ts'
import { pick, randomField, titles, type Draft } from './random-schema.ts'

/** A standard and its code lists as plain JSON: what is mutated, shrunk and written down. */
export type Plain = { document: Draft & { properties: Draft; required: string[]; standard: Draft }; lists: CodeList[] }

export function randomPlain(random: Random): Plain {
  const names = ['amount', 'kind', 'name', 'parts', 'from'].slice(0, between(random, 1, 5))
  const properties = Object.fromEntries(names.map(name => [name, randomField(random)]))
  const plain: Plain = {
    document: {
      $schema: '../../meta/standard.json',
      $id: 'https://concord.example/schemas/standards/fuzzed/v1.json',
      standard: {
        id: 'fuzzed',
        version: '1.0.0',
        owner: 'data-bureau',
        titles,
        key: ['id'],
        subjects: ['id'],
        sharing: 'conditional',
        openness: 'closed',
        updateCycle: 'daily',
        legalBasis: 'none',
        resourceCode: '307001331199/000001',
      },
      type: 'object',
      properties: { id: { titles, level: 'L1', type: 'string', minLength: 1, maxLength: 20 }, ...properties },
      required: ['id', ...names.filter(() => chance(random, 0.5))],
      additionalProperties: false,
    },
    lists: ['colours', 'places', 'sizes'].map(id => randomList(id, random)),
  }
  if (chance(random, 0.2)) moveToDefinition(plain, pick(random, names))
  if (chance(random, 0.3)) addCondition(plain.document, random)
  if (chance(random, 0.2)) addDependency(plain.document, random)
  return plain
}

function randomList(id: string, random: Random): CodeList {
  const codes = ['01', '02', '03', '331199'].slice(0, between(random, 2, 4)).map(code => ({ code, titles }))
  return {
    $schema: '../meta/code-list.json',
    id,
    version: '1.0.0',
    titles,
    closed: chance(random, 0.4),
    source: 'made up',
    ...(id === 'places' && { refined: { prefix: 2, lengths: [4] } }),
    codes,
  } as CodeList
}

/** Says the same: the schema of a field by reference. */
export function moveToDefinition({ document }: Plain, name: string): void {
  const field = document.properties[name] as Draft | undefined
  if (field === undefined || '$ref' in field || 'properties' in field) return
  const { titles: words, level, indexed, unit, codesOn: _, ...schema } = field
  const own = { titles: words, level, indexed, unit }
  const kept = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  document['$defs'] = { ...(document['$defs'] as Draft | undefined), [name]: schema }
  document.properties[name] = { ...kept, $ref: `#/$defs/${name}` }
}

/** A side that the hub would take, with its validator: compiling takes the longest of all. */
export type Taken = Side & { readonly validator: Validator }

/** Undefined where the hub would not take it. */
export function takenFrom(plain: Plain): Taken | undefined {
  try {
    const document: StandardDocument = checkStandardDocument(plain.document)
    const lists = new Map(plain.lists.map(list => [list.id, checkCodeList(list)]))
    const codeList = (id: string): CodeList | undefined => lists.get(id)
    return { document, codeList, validator: compileValidator(readStandard(document), codeList) }
  } catch (error) {
    if (error instanceof HubError) return undefined
    throw error
  }
}

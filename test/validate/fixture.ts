import type { CodeList } from '../../src/code-list.ts'
import { readStandard, type SchemaNode, type Standard, type StandardDocument } from '../../src/standard.ts'
import { compileValidator, type Findings } from '../../src/validate/validator.ts'
import type { JsonObject, Language, Titles } from '../../src/record.ts'

export const titles: Titles = { 'zh-CN': '名称', en: 'name' }

export const colours: CodeList = {
  id: 'colours',
  version: '1.0.0',
  titles,
  closed: true,
  codes: [
    { code: '01', titles },
    { code: '02', titles },
  ],
}

/** A standard's document whose records are described by this schema, with the key `id`. */
export function documentOf(schema: SchemaNode): StandardDocument {
  return {
    $schema: '../../meta/standard.json',
    $id: 'https://concord.example/schemas/standards/sample/v1.json',
    standard: {
      id: 'sample',
      version: '1.0.0',
      owner: 'market-regulation',
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
    required: ['id'],
    additionalProperties: false,
    ...schema,
    properties: { id: { titles, level: 'L1', type: 'string' }, ...schema.properties },
  }
}

export function standardOf(schema: SchemaNode): Standard {
  return readStandard(documentOf(schema))
}

/** What is found in a record of one field `value`, described by this schema. */
export function findingsIn(value: SchemaNode, record: JsonObject, language?: Language): Findings {
  const { validate } = compileValidator(standardOf({ properties: { value } }), codeListOf)
  return validate({ id: '1', ...record }, language)
}

export function codeListOf(id: string): CodeList | undefined {
  return id === colours.id ? colours : undefined
}

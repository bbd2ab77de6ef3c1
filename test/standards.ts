/** Small standards for tests. */
import type { StandardDocument, Standard } from '../src/standard.ts'
import { readStandard } from '../src/standard.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }

export function documentWith(parts: {
  readonly key: readonly string[]
  readonly properties: object
  readonly required?: readonly string[]
  readonly id?: string
  readonly version?: string
  readonly subjects?: readonly string[]
}): StandardDocument {
  const { id = 'test', version = '1.0.0', key, subjects = [], properties, required = key } = parts
  return {
    $schema: '../../meta/standard.json',
    $id: `https://concord.example/schemas/standards/${id}/v1.json`,
    standard: {
      id,
      version,
      owner: 'data-bureau',
      titles,
      key,
      subjects,
      sharing: 'conditional',
      openness: 'closed',
      updateCycle: 'daily',
      legalBasis: 'none',
      resourceCode: '307001331199/000001',
    },
    type: 'object',
    additionalProperties: false,
    required,
    properties: withTitles(properties),
  } as StandardDocument
}

export function standardWith(parts: Parameters<typeof documentWith>[0]): Standard {
  return readStandard(documentWith(parts))
}

/** Every property gets titles, and a level where it has none. */
function withTitles(properties: object): object {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]: [string, Record<string, unknown>]) => [
      name,
      { titles, ...('properties' in schema || 'items' in schema ? {} : { level: 'L1' }), ...schema },
    ]),
  )
}

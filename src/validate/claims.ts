/** Validates what is claimed of single fields, each by its own schema and without the record around it. */
import type { CodeList } from '../code-list.ts'
import type { SchemaNode, Standard, StandardDocument } from '../standard.ts'
import { compileValidator, type Validator } from './validator.ts'

/**
 * A validator of objects whose members are leaves by their paths (`{"investors.name": "…"}`), none of them required.
 *
 * What a record's fields say of each other is left out. About 10 ms for 25 fields; make it once for each version.
 */
export function compileClaims(standard: Standard, codeLists: (id: string) => CodeList | undefined): Validator {
  const { $schema, $id, $defs, standard: head } = standard.document as StandardDocument & { $schema?: string }
  const document = {
    ...($schema !== undefined && { $schema }),
    $id,
    standard: head,
    ...($defs !== undefined && { $defs }),
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(standard.fields.map(({ path, schema }) => [path, alone(schema)])),
  }
  return compileValidator({ ...standard, document }, codeLists)
}

/** Without the keyword that looks at another field. */
function alone({ codesOn: _, ...schema }: SchemaNode): SchemaNode {
  return schema
}

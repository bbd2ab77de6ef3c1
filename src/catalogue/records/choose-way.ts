/** Chooses a way through the alternatives and conditions of a schema. */
import type { SchemaNode } from '../../standard.ts'
import { chance, oneOf, type Random } from './random.ts'
import { namesAt, schemaAt, schemasAt } from './schema.ts'

/**
 * The schemas that hold together on one way: those given, and of what stands in them an alternative each, the condition
 * with its `then`, or its `else`. A way may contradict itself; then another is asked for.
 */
export function chooseWay(random: Random, schemas: readonly SchemaNode[]): SchemaNode[] {
  const way: SchemaNode[] = []
  const take = (schema: SchemaNode | undefined): void => {
    if (schema === undefined) return
    way.push(schema)
    schemasAt(schema, 'allOf').forEach(take)
    take(oneOf(random, schemasAt(schema, 'anyOf')))
    take(oneOf(random, schemasAt(schema, 'oneOf')))
    const not = schemaAt(schema, 'not')
    if (not !== undefined) way.push(opposite(random, not))
    const condition = schemaAt(schema, 'if')
    if (condition === undefined) return
    if (chance(random, 0.5)) {
      take(condition)
      take(schemaAt(schema, 'then'))
    } else {
      way.push(opposite(random, condition))
      take(schemaAt(schema, 'else'))
    }
  }
  schemas.forEach(take)
  return way
}

/** Whether there may be several ways through the schema itself. */
export function hasChoice(schema: SchemaNode): boolean {
  return choices.some(keyword => keyword in schema)
}

const choices = ['anyOf', 'oneOf', 'if', 'not', 'allOf']

/** Leads away from a schema where that is simple: lacking a name that it requires, being what it forbids. */
function opposite(random: Random, schema: SchemaNode): SchemaNode {
  const required = oneOf(random, namesAt(schema, 'required'))
  if (required !== undefined && (schema.properties === undefined || chance(random, 0.3))) return { absent: [required] }
  return schemaAt(schema, 'not') ?? {}
}

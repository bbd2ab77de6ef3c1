/** Conditions that an object gets, by which its members ask something of each other. */
import { chance, type Random } from '../../src/catalogue/records/random.ts'
import { pick, randomShape, type Draft } from './random-schema.ts'

/** `allOf` with one more condition: what one member is decides what another must be, or that it must be there. */
export function addCondition(object: Draft, random: Random): void {
  const properties = (object['properties'] ?? {}) as Draft
  const names = Object.keys(properties)
  const [asked, told] = [pick(random, names), pick(random, names)]
  const condition = chance(random, 0.5) ? { required: [asked] } : conditionOn(asked, properties, random)
  const demand = chance(random, 0.5)
    ? { required: [told] }
    : { properties: { [told]: shapeOf(properties[told], random) } }
  const made = pick<() => Draft>(random, [
    () => ({ if: condition, then: demand }),
    () => ({ if: condition, then: demand }),
    () => ({ if: condition, else: demand }),
    () => ({ anyOf: [{ not: condition }, demand] }),
    () => ({ not: { required: [asked, told] } }),
    () => ({ oneOf: [{ required: [asked] }, { required: [told] }] }),
    () => ({ anyOf: [{ required: [asked] }, { required: [told] }] }),
    () => demand,
  ])()
  object['allOf'] = [...((object['allOf'] ?? []) as Draft[]), made]
}

function conditionOn(name: string, properties: Draft, random: Random): Draft {
  return { properties: { [name]: shapeOf(properties[name], random) }, required: [name] }
}

function shapeOf(field: unknown, random: Random): Draft {
  const schema = (field ?? {}) as Draft
  const values = schema['enum']
  if (Array.isArray(values) && chance(random, 0.7)) return { const: pick<unknown>(random, values) }
  const type = [schema['type'] ?? 'string'].flat()[0]
  return chance(random, 0.3) && type === 'string' ? { enum: ['a', '01'] } : randomShape(random, String(type))
}

/** `dependentRequired` with one more entry. */
export function addDependency(object: Draft, random: Random): void {
  const names = Object.keys((object['properties'] ?? {}) as Draft)
  const dependent = (object['dependentRequired'] ?? {}) as Draft
  object['dependentRequired'] = { ...dependent, [pick(random, names)]: [pick(random, names)] }
}

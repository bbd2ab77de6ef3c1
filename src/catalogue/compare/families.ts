/** Keywords that a steward thinks of as one thing, and the codes of their changes: for records, for readers, for neither. */
import type { ChangeCode } from './change-codes.ts'

type Family = {
  readonly keywords: readonly string[]
  readonly narrowed: ChangeCode
  readonly widened: ChangeCode
  readonly otherwise: ChangeCode
}

export const families: readonly Family[] = [
  family(['required'], 'field-made-required', 'field-made-optional', 'requirement-moved'),
  family(['type'], 'type-narrowed', 'type-widened', 'type-moved'),
  family(['enum', 'const'], 'values-narrowed', 'values-widened', 'values-moved'),
  family(['codes'], 'codes-narrowed', 'codes-widened', 'codes-added'),
  family(['format', 'checkDigit'], 'format-narrowed', 'keyword-widened', 'format-relaxed'),
  family(['pattern'], 'pattern-narrowed', 'keyword-widened', 'pattern-relaxed'),
  family(['minLength', 'maxLength'], 'length-narrowed', 'keyword-widened', 'length-widened'),
  family(
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
    'range-narrowed',
    'keyword-widened',
    'range-widened',
  ),
  family(['multipleOf'], 'step-narrowed', 'keyword-widened', 'step-relaxed'),
  family(['minItems', 'maxItems'], 'count-narrowed', 'keyword-widened', 'count-widened'),
  family(['minProperties', 'maxProperties'], 'count-narrowed', 'keyword-widened', 'count-widened'),
  family(['uniqueItems'], 'uniqueness-demanded', 'keyword-widened', 'uniqueness-dropped'),
  family(['contains', 'minContains', 'maxContains'], 'content-demanded', 'keyword-widened', 'content-relaxed'),
  family(['propertyNames'], 'names-narrowed', 'keyword-widened', 'names-widened'),
  family(['additionalProperties'], 'names-narrowed', 'condition-widened', 'names-widened'),
  family(['dependentRequired'], 'dependency-added', 'keyword-widened', 'dependency-relaxed'),
  family(['allOf'], 'condition-narrowed', 'condition-widened', 'condition-relaxed'),
  family(['if', 'then', 'else'], 'condition-narrowed', 'condition-widened', 'condition-relaxed'),
  family(['anyOf', 'oneOf'], 'alternatives-narrowed', 'alternatives-widened', 'alternatives-relaxed'),
  family(['not'], 'exclusion-added', 'keyword-widened', 'exclusion-relaxed'),
]

function family(keywords: readonly string[], narrowed: ChangeCode, widened: ChangeCode, otherwise: ChangeCode): Family {
  return { keywords, narrowed, widened, otherwise }
}

/** The family of a keyword; one without a family is a family of its own. */
export function familyOf(keyword: string): Family {
  return (
    families.find(({ keywords }) => keywords.includes(keyword)) ??
    family([keyword], 'keyword-narrowed', 'keyword-widened', 'keyword-changed')
  )
}

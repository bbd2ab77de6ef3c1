/** Looks for a record that a conversion between majors fails on, among made-up ones. Pure; the same ends give the same record. */
import { seededRandom } from '../catalogue/records/random.ts'
import { recordGenerator } from '../catalogue/records/record-generator.ts'
import type { Side } from '../catalogue/compare/side.ts'
import type { BetweenMajors } from '../map/between-majors.ts'
import type { Issue, JsonObject } from '../record.ts'
import type { CodeList } from '../code-list.ts'
import { keyOf, type Standard } from '../standard.ts'
import type { Validator } from '../validate/validator.ts'
import { faultsOf } from './shown-records.ts'

/** Valid under the newer major, and what is wrong with what it becomes; pointers lead into that. */
export type Witness = { readonly record: JsonObject; readonly issues: readonly Issue[] }

/** Enough to meet each optional field absent and present, and each alternative, many times; half a second for thirty fields. */
const generatedRecords = 200

/** The shortest record that was found; undefined where none was. */
export function proveOnGenerated(
  between: BetweenMajors,
  validator: Validator,
  codeList: (id: string) => CodeList | undefined,
): Witness | undefined {
  const side = (standard: Standard): Side => ({ document: standard.document, codeList })
  const generate = recordGenerator(side(between.from), side(between.to))
  const random = seededRandom(between.from.major)
  let witness: Witness | undefined
  for (let tries = 0; tries < generatedRecords; tries++) {
    const record = generate(random)
    if (record === undefined) continue
    const issues = faultsOfOne(between, validator, record)
    // The shortest shows it best.
    if (issues.length > 0 && (witness === undefined || lengthOf(record) < lengthOf(witness.record))) {
      witness = { record, issues }
    }
  }
  return witness
}

/** What is wrong with what a record becomes; pointers lead into that. */
export function faultsOfOne(between: BetweenMajors, validator: Validator, record: JsonObject): readonly Issue[] {
  const converted = between.convert(record)
  const issues = faultsOf({ validator }, converted, [])
  if (issues.length > 0) return issues
  if (keyOf(between.to, converted.record) === keyOf(between.from, record)) return []
  const message = 'the key is another one than that of the record: it is what a record is known by in every major'
  return [{ pointer: `/${between.to.key[0]}`, code: 'key-changed', message }]
}

function lengthOf(record: JsonObject): number {
  return JSON.stringify(record).length
}

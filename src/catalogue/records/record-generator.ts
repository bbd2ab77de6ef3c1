/**
 * Random records that are valid under a standard: what compatibility, conversions and other promises about all records
 * are tried on.
 *
 * They stand at the limits by preference: all optional fields or none, the shortest and the longest, null. Identifiers
 * are valid and nobody's (identifier-texts.ts).
 */
import type { JsonObject } from '../../record.ts'
import { readStandard } from '../../standard.ts'
import { inlineSchema } from '../../validate/inline.ts'
import { compileValidator, type Validator } from '../../validate/validator.ts'
import type { Side } from '../compare/side.ts'
import { codeBook } from './code-book.ts'
import { grow } from './grow.ts'
import type { Growing } from './growing.ts'
import { hintsOf } from './hints.ts'
import { oneOf, type Random } from './random.ts'
import { isObject } from './schema.ts'

const triesOfRecord = 10

/** Values tried for one record before it is given up; a record of thirty fields takes about fifty. */
const fuelOfRecord = 1_500

/**
 * A function from chances to a record that is valid under the side's document, by its own validator; it gives undefined
 * where it finds none in some tries. The same chances give the same record.
 *
 * Values stand around the limits and constants of `other` too, so that the records tell the two versions apart. Whoever
 * has compiled the side's validator gives it along: compiling takes longer than ten records.
 *
 * @throws {HubError} standard-invalid, for a document that does not compile
 */
export function recordGenerator(
  side: Side,
  other: Side = side,
  { validate }: Validator = compileValidator(readStandard(side.document), side.codeList),
): (random: Random) => JsonObject | undefined {
  const schema = inlineSchema(side.document)
  const hints = hintsOf(other === side ? [schema] : [schema, inlineSchema(other.document)])
  const codes = codeBook(side.codeList)
  return random => {
    for (let tries = 0; tries < triesOfRecord; tries++) {
      const growing: Growing = {
        random,
        codes,
        hints,
        fill: oneOf(random, [0, 0.3, 0.7, 1]) ?? 1,
        edge: oneOf(random, [0.2, 0.8]) ?? 0.5,
        fuel: fuelOfRecord,
      }
      const record = grow(growing, [schema], '')
      if (isObject(record) && validate(record).issues.length === 0) return record
    }
    return undefined
  }
}

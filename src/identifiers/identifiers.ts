/**
 * Every identifier that a standard may ask for by `format`, in one table.
 */
import { businessRegistration } from './business-registration.ts'
import { constructionPermit } from './construction-permit.ts'
import { electronicLicence } from './electronic-licence.ts'
import { foodLicence } from './food-licence.ts'
import type { Identifier } from './identifier.ts'
import { investmentProjectCode } from './investment-project-code.ts'
import { organisationCode } from './organisation-code.ts'
import { realEstateUnit } from './real-estate-unit.ts'
import { oldResidentId, residentId } from './resident-id.ts'
import { twBusinessNumber } from './tw-business-number.ts'
import { uscc } from './uscc.ts'

export const identifiers: readonly Identifier[] = [
  uscc,
  organisationCode,
  residentId,
  oldResidentId,
  businessRegistration,
  investmentProjectCode,
  realEstateUnit,
  electronicLicence,
  foodLicence,
  constructionPermit,
  twBusinessNumber,
]

export function identifierOf(format: string): Identifier | undefined {
  return identifiers.find(identifier => identifier.name === format)
}

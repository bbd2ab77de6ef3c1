/** The transform that brings identifiers into their canonical writing. Whether they are valid the standard says. */
import { identifierOf, identifiers } from '../../identifiers/identifiers.ts'
import { upgradeResidentId } from '../../identifiers/resident-id.ts'
import { transform } from './transform.ts'

export const identifierTransforms = {
  identifier: transform<string>({
    does: 'Writes an identifier canonically: plain capitals, no separators; a resident number of 15 digits becomes 18.',
    parameters: { enum: identifiers.map(identifier => identifier.name) },
    needsParameters: true,
    compile: name => {
      const identifier = identifierOf(name)
      if (identifier === undefined) throw new Error('bug: the schema let an unknown identifier pass')
      if (name !== 'resident-id') return text => identifier.normalise(text)
      return text => {
        const number = identifier.normalise(text)
        return upgradeResidentId(number) ?? number
      }
    },
  }),
}

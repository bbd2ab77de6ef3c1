/** The next minor of the standard of `things.ts`, in which `name` has a higher level. */
import type { Level } from '../../src/record.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { documentWith } from '../standards.ts'

export function raisedThing(level: Level): StandardDocument {
  const text = { type: 'string', maxLength: 40 }
  return documentWith({
    id: 'thing',
    version: '1.1.0',
    key: ['id'],
    subjects: ['secret'],
    properties: {
      id: text,
      name: { type: 'string', maxLength: 10, indexed: true, level },
      note: text,
      secret: { ...text, level: 'L3', indexed: true },
    },
  })
}

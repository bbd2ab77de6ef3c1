/** The least that a verdict must be, by what the catalogue says beyond the schema: from the definition, field by field. */
import { isDeepStrictEqual } from 'node:util'
import type { Side } from '../../src/catalogue/compare/side.ts'
import { readStandard, type Field } from '../../src/standard.ts'

export type Floor = { readonly least: 'patch' | 'minor' | 'major'; readonly why: string }

export function floorOf({ before, after }: { before: Side; after: Side }): Floor[] {
  const [old, young] = [readStandard(before.document), readStandard(after.document)]
  const floors: Floor[] = []
  if (!isDeepStrictEqual(old.key, young.key)) floors.push({ least: 'major', why: 'another key' })
  if (!isDeepStrictEqual(old.subjects, young.subjects)) floors.push({ least: 'major', why: 'other subjects' })
  for (const field of old.fields) {
    const now = young.fields.find(({ path }) => path === field.path)
    if (now !== undefined) floors.push(...fieldFloors(field, now))
  }
  if (!isDeepStrictEqual(before.document, after.document)) floors.push({ least: 'patch', why: 'another document' })
  return floors
}

function fieldFloors(old: Field, now: Field): Floor[] {
  const floors: Floor[] = []
  if (old.schema.unit !== now.schema.unit) floors.push({ least: 'major', why: `another unit of ${old.path}` })
  if (old.indexed && !now.indexed) floors.push({ least: 'major', why: `no index of ${old.path}` })
  if (!old.indexed && now.indexed) floors.push({ least: 'minor', why: `an index of ${old.path}` })
  if (old.sealed !== now.sealed) floors.push({ least: 'major', why: `${old.path} crosses the seal` })
  if (old.level !== now.level) floors.push({ least: 'minor', why: `another level of ${old.path}` })
  if (old.sharing !== 'not-shared' && now.sharing === 'not-shared') {
    floors.push({ least: 'major', why: `${old.path} is no longer shared` })
  }
  return floors
}

/**
 * Changes that no schema says: of the catalogue entry, and of what agreements, pages and the store go by.
 *
 * They break by what they mean, so there is nothing to decide: a witness only shows a record that it is about.
 */
import type { FieldPath } from '../../record.ts'
import { readStandard, type Field, type StandardDocument } from '../../standard.ts'
import type { ChangeCode } from './change-codes.ts'
import { pointerTo, propertyOf, rootOf, schemaIn, type Facet } from './facet.ts'
import type { Place } from './place.ts'
import { isSame } from './same.ts'
import type { Side } from './side.ts'
import type { Told } from './breaks.ts'

export function entryChanges(before: Side, after: Side): Told[] {
  const [was, is] = [readStandard(before.document), readStandard(after.document)]
  const old = new Map(was.fields.map(field => [field.path, field]))
  const fields = is.fields.flatMap(field => {
    const older = old.get(field.path)
    const found = placeOf(rootOf(after), field.path)
    if (older === undefined || found === undefined) return []
    const codes = [...fieldCodes(older, field), ...listCodes(before, older, after, field)]
    return codes.map(([keyword, code]): Told => ({
      code,
      place: found.place,
      pointer: pointerIn(found.facet, keyword),
    }))
  })
  return [...wholeCodes(before.document, after.document), ...fields]
}

const codesOfEntry: Readonly<Record<string, ChangeCode>> = {
  key: 'key-changed',
  subjects: 'subjects-changed',
  owner: 'owner-changed',
  authority: 'authority-changed',
  openness: 'openness-changed',
  updateCycle: 'cycle-changed',
  resourceCode: 'resource-code-changed',
  legalBasis: 'legal-basis-changed',
  titles: 'words-changed',
  abstract: 'words-changed',
  purpose: 'words-changed',
  sourceSystem: 'words-changed',
  contact: 'words-changed',
}

/** The number itself, and the sharing that each field shows. */
const toldElsewhere = ['id', 'version', 'sharing']

function wholeCodes(before: StandardDocument, after: StandardDocument): Told[] {
  const [was, is] = [new Map(Object.entries(before.standard)), new Map(Object.entries(after.standard))]
  const names = [...new Set([...is.keys(), ...was.keys()])].filter(
    name => !toldElsewhere.includes(name) && !isSame(was.get(name), is.get(name)),
  )
  const told = names.map((name): Told => {
    return { code: codesOfEntry[name] ?? 'entry-changed', place: [], name, pointer: `/standard/${name}` }
  })
  if (isSame(before['conversion'], after['conversion'])) return told
  return [...told, { code: 'conversion-changed', place: [], pointer: '/conversion' }]
}

type Coded = readonly [keyword: string, code: ChangeCode]

function fieldCodes(was: Field, is: Field): Coded[] {
  const codes: Coded[] = []
  if (was.schema.unit !== is.schema.unit) codes.push(['unit', 'unit-changed'])
  if (was.indexed !== is.indexed) codes.push(['indexed', is.indexed ? 'index-added' : 'index-removed'])
  if (was.sealed !== is.sealed) codes.push(['level', 'sealing-changed'])
  else if (was.level !== is.level) codes.push(['level', is.level > was.level ? 'level-raised' : 'level-lowered'])
  if (was.sharing !== is.sharing) {
    codes.push(['sharing', is.sharing === 'not-shared' ? 'sharing-withdrawn' : 'sharing-changed'])
  }
  return codes
}

/** A list that is closed promises not to grow within the major: to open it takes that back. */
function listCodes(before: Side, was: Field, after: Side, is: Field): Coded[] {
  const [old, now] = [listOf(before, was), listOf(after, is)]
  if (old === undefined || now === undefined || old.closed === now.closed) return []
  return [['codes', now.closed ? 'code-list-closed' : 'code-list-opened']]
}

function listOf({ codeList }: Side, { schema }: Field): ReturnType<Side['codeList']> {
  return schema.codes === undefined ? undefined : codeList(schema.codes)
}

/** Where a field's values stand, and the schema that defines it. */
function placeOf(root: Facet, path: FieldPath): { readonly place: Place; readonly facet: Facet } | undefined {
  let facet = root
  const place: Place[number][] = []
  for (const name of path.split('.')) {
    for (let items = schemaIn(facet, 'items'); items !== undefined; items = schemaIn(facet, 'items')) {
      facet = items
      place.push('element')
    }
    const property = propertyOf(facet, name)
    if (property === undefined) return undefined
    facet = property
    place.push({ name })
  }
  return { place, facet }
}

/** The keyword where it stands in the newer version; the field where it was taken away or is inherited. */
function pointerIn(facet: Facet, keyword: string): string {
  return keyword in facet.schema ? pointerTo(facet, keyword) : facet.holderOf('titles')
}

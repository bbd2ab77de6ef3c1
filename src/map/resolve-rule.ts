/**
 * `resolve`: a field of another standard's record, by its key.
 *
 * Conversion is pure: it does not look records up, but asks for each by a {@link Want}. Who converts may ask it twice,
 * first for what it wants and then with what was found, so nothing that is wanted may hang on what another want gives.
 */
import type { FieldPath, Json, Level, RecordKey } from '../record.ts'
import { joinKey } from '../record.ts'
import type { Field, SchemaNode, Standard } from '../standard.ts'
import { resolveRef } from '../standard.ts'
import type { ResolveRule, Rule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { fieldOf, find, inside, noteAt, refused, traced } from './loading.ts'
import { compileRule } from './rule.ts'
import type { JsonType } from './target.ts'
import { targetOf, textTarget } from './target.ts'
import { Refusal } from './transforms/transform.ts'

/** What an adapter reads of another standard, whatever the key, and the matter that it reads it for. */
export type Resolved = {
  readonly standard: string
  readonly major: number
  readonly matter: string
  readonly field: FieldPath
}

export type Want = Resolved & { readonly key: RecordKey }

/** What is wanted; undefined where there is no such record, or it lacks the field. */
export type Resolve = (want: Want) => Json | undefined

export function compileResolve({ resolve: rule }: ResolveRule, site: Site, loading: Loading): Read<Json> {
  const at = inside(site, 'resolve')
  const { standard: id, major, matter, field, key } = rule
  const keyRules = [key].flat() as readonly Rule[]
  checkResolved(rule, keyRules.length, at, loading)
  const resolved = { standard: id, major, matter, field }
  const before = loading.resolves.length
  const { compiled: parts, sources } = traced(loading, ['resolve'], () =>
    keyRules.map((part, index) => {
      const below = Array.isArray(key) ? inside(at, 'key', index) : inside(at, 'key')
      return compileRule(part, { ...below, target: textTarget }, loading)
    }),
  )
  if (loading.resolves.length > before) {
    find(
      loading,
      inside(at, 'key').pointer,
      'resolve-nested',
      'hangs on another resolve: keys are read from the source',
    )
  }
  loading.resolves.push(resolved)

  const note = noteAt(site, sources.join(', '))
  return (place, run) => {
    const texts: string[] = []
    for (const { read, otherwise } of parts) {
      const value = read(place, run)
      if (value === refused) return refused
      const text = value === undefined ? otherwise : value
      if (typeof text !== 'string' || text === '') return undefined
      texts.push(text)
    }
    if (run.resolve === undefined) return note(run, unavailable)
    const found = run.resolve({ ...resolved, key: joinKey(texts) })
    return found === undefined ? note(run, missed) : found
  }
}

/** That what is asked for is published, fits, and may stand where it is to be written. */
function checkResolved(rule: ResolveRule['resolve'], parts: number, at: Site, loading: Loading): void {
  const { standard: id, major, field: path } = rule
  const standard = loading.catalogue.standard(id, major)
  const wrong = (member: string, code: string, message: string): void =>
    find(loading, inside(at, member).pointer, code, message)
  if (standard === undefined) {
    return wrong('standard', 'standard-unknown', `the standard ${id} has no published version with major ${major}`)
  }
  if (standard.key.length !== parts) {
    wrong('key', 'key-mismatch', `gives ${parts} parts, but the key of ${id} is ${standard.key.join(' + ')}`)
  }
  const field = standard.fields.find(leaf => leaf.path === path)
  if (field === undefined) return wrong('field', 'field-unknown', `the standard ${id} has no field ${path}`)
  if (isInList(standard, path)) {
    wrong('field', 'field-several', 'stands in a list: a record has several of it')
  }
  checkFit(field, standard, inside(at, 'field'), loading)
  checkLevel(field, inside(at, 'field'), loading)
}

function checkFit(field: Field, { document }: Standard, site: Site, loading: Loading): void {
  const { types, format, codes } = targetOf(document, field.schema)
  const { target, pointer } = site
  const strange = [...types].filter(type => type !== 'null' && !takesType(target.types, type))
  if (strange.length > 0) {
    find(
      loading,
      pointer,
      'type-mismatch',
      `is ${strange.join(' or ')}, but the standard takes ${[...target.types].join(' or ')}`,
    )
  } else if (format !== undefined && target.format !== undefined && format !== target.format) {
    find(loading, pointer, 'type-mismatch', `is ${format}, but the standard takes ${target.format}`)
  } else if (target.codes !== undefined && codes !== undefined && codes !== target.codes) {
    find(
      loading,
      pointer,
      'code-list-mismatch',
      `has codes of the list ${codes}, but the standard takes those of ${target.codes}`,
    )
  }
}

/** What is sealed, or to be kept closer, must not come out in a field that is not. */
function checkLevel(field: Field, site: Site, loading: Loading): void {
  const path = fieldOf(site)
  const written = loading.standard.fields.filter(leaf => leaf.path === path || path.startsWith(`${leaf.path}.`))
  const level = written.reduce<Level>((lowest, leaf) => (leaf.level < lowest ? leaf.level : lowest), 'L4')
  const allowed = written.length === 0 ? 'L1' : level
  if (field.level <= allowed) return
  const place = path === '' ? 'the open envelope of the record' : `${path}, of level ${allowed}`
  find(loading, site.pointer, 'level-lowered', `is of level ${field.level}, and would be written to ${place}`)
}

function takesType(types: ReadonlySet<JsonType>, type: JsonType): boolean {
  return types.has(type) || (type === 'integer' && types.has('number'))
}

/** True where a list stands on the way to the leaf. */
function isInList({ document }: Standard, path: FieldPath): boolean {
  let node: SchemaNode = document
  for (const name of path.split('.')) {
    node = resolveRef(document, node)
    if (node.items !== undefined) return true
    node = node.properties?.[name] ?? {}
  }
  return false
}

const missed = new Refusal('resolve-missed', {
  'zh-CN': '在另一标准中没有此主键的记录，或该记录没有所需字段',
  en: 'is the key of no record of the other standard, or of one that lacks the field',
})
const unavailable = new Refusal('resolve-unavailable', {
  'zh-CN': '此处无法查询其他标准的记录',
  en: 'asks for a record of another standard, and none are at hand here',
})

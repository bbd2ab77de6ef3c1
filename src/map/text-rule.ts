/** Rules that turn texts into values: `from`, and what a text means to it and to rules over many texts. */
import type { Json } from '../record.ts'
import { absence, listing } from './absence.ts'
import type { CompiledCodes } from './codes.ts'
import { codesKind, compileCodes } from './codes.ts'
import type { FromRule, TextRule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { fieldOf, find, inside, noteAt, shownPath, usePath } from './loading.ts'
import { textReader } from './node-text.ts'
import { joinPaths } from './path.ts'
import type { Kind, Value } from './transforms/transform.ts'
import { Refusal } from './transforms/transform.ts'
import { checkKind, compileVia, transformNames } from './via.ts'

export function compileFrom(rule: FromRule, site: Site, loading: Loading): Read<Json> {
  const path = usePath(rule.from, inside(site, 'from'), loading)
  const source = shownPath(path, site)
  const { meaning, codes, kind } = compileText(
    rule,
    site,
    loading,
    copiedType(rule, joinPaths(site.source, path), loading),
  )
  checkKind(codesKind(codes, kind), rule.via === undefined ? undefined : 'via', site, loading)
  loading.traces.push({
    field: fieldOf(site),
    sources: [source],
    decidedBy: [...site.decidedBy, ...codes.decidedBy],
    nodes: site.nodes,
    via: [...transformNames(rule.via), ...codes.names],
  })

  const read = textReader(path)
  const note = noteAt(site, source)
  const { translate } = codes
  return (place, run) => {
    const text = read(place, run)
    if (typeof text !== 'string') return text === undefined ? undefined : note(run, text)
    const value = meaning(text)
    if (value === undefined || value === null) return value
    if (value instanceof Refusal) return note(run, value)
    if (translate === undefined) return value
    const code = translate(value, place, run)
    return code instanceof Refusal ? note(run, code) : code
  }
}

export type CompiledText = {
  /** What a text means before codes: undefined where it is unknown, null where it is open-ended. */
  readonly meaning: (text: string) => Value | null | undefined | Refusal
  readonly codes: CompiledCodes
  /** What `meaning` gives. */
  readonly kind: Kind
}

/** Of a record, the type of the number or boolean that a rule copies: as it is, with no transform in between. */
function copiedType(rule: FromRule, names: readonly string[], { ofRecord }: Loading): CopiedType | undefined {
  if (rule.via !== undefined || rule.codes !== undefined || rule.translate !== undefined) return undefined
  const types = [ofRecord?.schemaAt(names)?.type].flat().filter(type => type !== 'null')
  const [type] = types
  return types.length === 1 && (type === 'number' || type === 'integer' || type === 'boolean') ? type : undefined
}

type CopiedType = 'number' | 'integer' | 'boolean'

/** @param copied the type of what is copied, where that is no text */
export function compileText(rule: TextRule, site: Site, loading: Loading, copied?: CopiedType): CompiledText {
  // A null of a record is null where the standard takes one, and else absent.
  const nulls = loading.ofRecord === undefined ? [] : [loading.ofRecord.nullText]
  const takesNull = site.target.types.has('null')
  const isAbsent = absence(loading.document, [...(rule.absentWhen ?? []), ...(takesNull ? [] : nulls)])
  const isNull = listing([...(rule.nullWhen ?? []), ...(takesNull ? nulls : [])])
  const { convert, kind } = compileVia(rule.via ?? [], { type: 'text' }, site, loading)
  const codes = compileCodes(rule, site, loading)
  if (rule.nullWhen !== undefined && !takesNull) {
    find(loading, `${site.pointer}/nullWhen`, 'type-mismatch', 'the standard takes no null here')
  }
  if (rule.via === undefined && rule.nullWhen === undefined) {
    const valueOf =
      copied === undefined ? (text: string): Value => text : (text: string): Value => JSON.parse(text) as Value
    const given: CompiledText['meaning'] = text => (isAbsent(text.trim()) ? undefined : valueOf(text))
    const type = copied === undefined ? kind : ({ type: copied } as const)
    if (nulls.length === 0 || !takesNull) return { meaning: given, codes, kind: type }
    return { meaning: text => (isNull(text) ? null : given(text)), codes, kind: type }
  }
  const mayBeAbsent = rule.absentWhen !== undefined
  const isNothing = (value: Value | Refusal): boolean =>
    Array.isArray(value) ? value.length === 0 : mayBeAbsent && typeof value === 'number' && isAbsent(String(value))
  const meaning: CompiledText['meaning'] = text => {
    const trimmed = text.trim()
    if (isAbsent(trimmed)) return undefined
    if (isNull(trimmed)) return null
    const value = convert(text)
    if (typeof value === 'string' ? value === '' || isAbsent(value) : isNothing(value)) return undefined
    return value
  }
  return { meaning, codes, kind }
}

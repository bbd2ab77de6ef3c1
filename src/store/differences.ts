/**
 * Where departments that speak of one record differ: by top-level field and pair of departments, without the values.
 *
 * A pure function of the contributions, whatever their order. Several adapters of one department are one voice, the
 * first of them that has the field; a field that one of two departments does not have is no difference.
 */
import { canonicalise } from '../canonical.ts'
import { comparable, valuesAt } from '../comparable.ts'
import type { FieldPath, Json, RecordKey } from '../record.ts'
import { valueMark } from '../seal/pseudonym.ts'
import { firstOn, type Contribution, type Merged } from './contributions.ts'
import type { Form } from './keeping.ts'

export type Difference = {
  /** A top-level field. */
  readonly field: string
  /** The leaves of it that differ; the field itself, where they are only arranged otherwise. */
  readonly leaves: readonly FieldPath[]
  /** In the order of the departments' ids. */
  readonly sides: readonly [Side, Side]
  /** The department whose word on the field the record has, be it silence: one of the two, or a third. */
  readonly stands: string
}

export type Side = {
  readonly department: string
  readonly adapter: string
  /** A keyed hash of the value: the same while the value is. */
  readonly mark: string
}

/** @param merged contributions of one major, by whose form they are compared, and which of them stands whole */
export function differencesAmong(
  { form, standing, whole }: Pick<Merged, 'form' | 'standing' | 'whole'>,
  { key, pseudonymKey }: { readonly key: RecordKey; readonly pseudonymKey: Buffer },
): Difference[] {
  const voices = voicesOf(standing)
  if (voices.size < 2) return []
  const { standard } = form
  return standard.names.flatMap(field => {
    const said = [...voices].flatMap(([department, own]) => {
      const first = firstOn(form, own, field)
      return first === undefined ? [] : [{ department, first, text: textOf(form, field, first) }]
    })
    if (new Set(said.map(({ text }) => text)).size < 2) return []
    const stands = whole ?? firstOn(form, standing, field)
    if (stands === undefined) throw new Error('bug: departments differ in a field that nobody has')
    const sides = said.map(({ department, first: { adapter, record }, text }) => ({
      record,
      text,
      side: { department, adapter, mark: valueMark(pseudonymKey, { standard: standard.id, record: key, field }, text) },
    }))
    return pairsOf(sides)
      .filter(([one, other]) => one.text !== other.text)
      .map(([one, other]) => ({
        field,
        leaves: differingLeaves(form, field, one.record, other.record),
        sides: [one.side, other.side] as const,
        stands: departmentOf(stands.adapter),
      }))
  })
}

/** The department of an adapter, `department/name`. */
export function departmentOf(adapter: string): string {
  return adapter.slice(0, adapter.indexOf('/'))
}

/** Contributions by department, in the order of the departments' ids. */
function voicesOf(standing: readonly Contribution[]): ReadonlyMap<string, Contribution[]> {
  const voices = new Map<string, Contribution[]>()
  for (const contribution of standing.toSorted((a, b) => (a.adapter < b.adapter ? -1 : 1))) {
    const department = departmentOf(contribution.adapter)
    voices.set(department, [...(voices.get(department) ?? []), contribution])
  }
  return new Map([...voices].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function textOf({ standard: { document } }: Form, field: string, { record }: Contribution): string {
  return canonicalise(comparable(record[field] as Json, document.properties?.[field], document))
}

function differingLeaves(
  { standard }: Form,
  field: string,
  one: Contribution['record'],
  other: Contribution['record'],
): FieldPath[] {
  const leaves = standard.fields.filter(({ top, path, schema }) => {
    const said = (record: Contribution['record']): string =>
      canonicalise(valuesAt(record, path.split('.')).map(value => comparable(value, schema, standard.document)))
    return top === field && said(one) !== said(other)
  })
  return leaves.length === 0 ? [field] : leaves.map(({ path }) => path)
}

function pairsOf<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other): [Item, Item] => [one, other]))
}

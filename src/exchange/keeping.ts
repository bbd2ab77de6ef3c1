/** On whose behalf, and by which rules, a run writes records. */
import type { Adapter } from '../map/adapter.ts'
import { authorityOf, type Standard } from '../standard.ts'
import type { Form, Keeping, Writing } from '../store/keeping.ts'
import type { Hub } from './hub.ts'
import type { CompiledStandard } from './published.ts'

/** A run as each of its transactions knows it; `at` is RFC 3339, UTC. */
export type RunOf = { readonly delivery: string; readonly fence: number; readonly at: string }

/** Of a delivery of an adapter's records, in whatever form they come. */
export function keepingOf(hub: Hub, run: RunOf, line: { adapter: Adapter; compiled: CompiledStandard }): Keeping {
  const { id, mode, order, document } = line.adapter
  const plain = undoingOf(hub, run, { adapter: id, compiled: line.compiled })
  return { ...plain, mode, order, mayWithdraw: document.withdraw !== undefined }
}

/** Of a run that brings back what stood before: nothing competes with it. */
export function undoingOf(hub: Hub, run: RunOf, of: { adapter: string; compiled: CompiledStandard }): Keeping {
  return {
    ...writingOf(hub, run, of.compiled),
    fence: run.fence,
    adapter: of.adapter,
    mode: 'delta',
    order: undefined,
    mayWithdraw: false,
  }
}

/** Of whatever writes records, on no adapter's behalf. */
export function writingOf(hub: Hub, { delivery, at }: Omit<RunOf, 'fence'>, compiled: CompiledStandard): Writing {
  const { id } = compiled.standard
  return {
    ...formOf(compiled),
    delivery,
    at,
    master: hub.keys.master,
    pseudonymKey: hub.keys.pseudonym,
    formOf: async major => formOf(await hub.published.standard(id, major)),
  }
}

function formOf({ standard, contentsOf, validator }: CompiledStandard): Form {
  const isValid: Form['isValid'] = record => validator.validate(record).issues.length === 0
  return { standard, contentsOf, isValid, precedence: precedenceOf(standard) }
}

/** The adapters of the field's authority, then those of the standard's owner, then the others by name. */
export function precedenceOf(standard: Standard): Form['precedence'] {
  const { owner } = standard.document.standard
  return (a, b, field) => {
    const authority = authorityOf(standard, field)
    const rank = (adapter: string): number =>
      adapter.startsWith(`${authority}/`) ? 0 : adapter.startsWith(`${owner}/`) ? 1 : 2
    return rank(a) - rank(b) || (a < b ? -1 : Number(a > b))
  }
}

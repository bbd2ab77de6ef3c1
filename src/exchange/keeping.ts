/** On whose behalf, and by which rules, a run writes records. */
import type { Adapter } from '../map/adapter.ts'
import type { Keeping } from '../store/keeping.ts'
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
  const { standard, contentsOf } = of.compiled
  return {
    ...run,
    adapter: of.adapter,
    mode: 'delta',
    order: undefined,
    mayWithdraw: false,
    standard,
    contentsOf,
    precedence: ownersFirst(standard.document.standard.owner),
    master: hub.keys.master,
  }
}

/** Until a standard says field by field whose word counts: its owner's adapters, then the others by name. */
function ownersFirst(owner: string): (a: string, b: string) => number {
  const rank = (adapter: string): number => (adapter.startsWith(`${owner}/`) ? 0 : 1)
  return (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)
}

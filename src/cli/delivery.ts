/** `concord delivery`: what was delivered, and how to undo it. */
import type { Command } from 'commander'
import { HubError } from '../errors.ts'
import { findDeliveries, findDelivery, type FoundDelivery } from '../exchange/find-delivery.ts'
import { previewRevert, revertDelivery } from '../exchange/revert.ts'
import { command, group, numberFrom } from './command.ts'
import { aligned, show, table } from './output.ts'
import { receiptText } from './receipt.ts'
import { withHub } from './run.ts'

type Filter = { adapter?: string; limit: number; json?: boolean }

export function delivery(program: Command): void {
  const deliveries = group(program, 'delivery', 'Deliveries: list, show, revert', 'delivery list')

  command(
    deliveries,
    'list',
    'List deliveries: those that wait for their turn, then the others, newest first',
    'delivery list --adapter food-standards-agency/premises',
  )
    .option('--adapter <department/name>', 'of this adapter only')
    .option('--limit <number>', 'at most so many', numberFrom(1), 20)
    .action(async ({ json, ...filter }: Filter) => {
      const rows = await withHub(hub => findDeliveries(hub, filter))
      show(json, { deliveries: rows }, () => deliveriesText(rows))
    })

  command(deliveries, 'show', 'Show a delivery: its state and counts', 'delivery show 0f8c2d1e-…')
    .argument('<id>', 'as `delivery list` shows it')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const row = await withHub(hub => findDelivery(hub, id))
      if (row === undefined) throw new HubError('delivery-unknown', `There is no delivery with the id ${id}.`)
      show(json, row, () => deliveryText(row))
    })

  const revert = 'Undo a delivery as new revisions; what a later delivery has said since stays'
  command(deliveries, 'revert', revert, 'delivery revert 0f8c2d1e-… --dry-run')
    .argument('<id>', 'as `delivery list` shows it; a revert can be reverted as well')
    .option('--dry-run', 'say what would become of the contributions, and change nothing')
    .action(async (id: string, { dryRun, json }: { dryRun?: boolean; json?: boolean }) => {
      if (dryRun === true) {
        const counts = await withHub(hub => previewRevert(hub, id))
        show(
          json,
          { dryRun: true, ...counts },
          () => `Nothing is changed. To revert ${id} would do this:\n${undoneText(counts)}`,
        )
      } else {
        const receipt = await withHub((hub, by) => revertDelivery(hub, { delivery: id, by }))
        show(json, receipt, () => `delivery   ${receipt.delivery}\n${undoneText(receipt)}`)
      }
    })
}

type Undone = {
  readonly accepted: number
  readonly withdrawn: number
  readonly unchanged: number
  readonly kept: number
}

function undoneText({ accepted, withdrawn, unchanged, kept }: Undone): string {
  return aligned([
    ['accepted', String(accepted), 'are again what they were before'],
    ['withdrawn', String(withdrawn), 'were made by the delivery'],
    ['unchanged', String(unchanged), 'are what they were before already'],
    ['kept', String(kept), 'are left: a later delivery has changed, or said again'],
  ])
}

function deliveriesText(rows: readonly FoundDelivery[]): string {
  const head = ['id', 'adapter', 'kind', 'state', 'started', 'accepted', 'unchanged', 'withdrawn', 'rejected']
  const cells = rows.map(
    ({ delivery: id, adapter, kind, state, startedAt, accepted, unchanged, withdrawn, rejected }) => [
      id,
      adapter,
      kind,
      state,
      startedAt ?? '',
      ...[accepted, unchanged, withdrawn, rejected].map(String),
    ],
  )
  return table(head, cells, 'There are no deliveries yet; `concord deliver` makes one.')
}

function deliveryText(row: FoundDelivery): string {
  const {
    adapter,
    adapterVersion,
    standard,
    kind,
    of,
    state,
    problem,
    problemDetail,
    actor,
    startedAt,
    finishedAt,
    warned,
    passedOver,
    queuedAt,
    progress,
    continuedAs,
  } = row
  const lines = [
    ['adapter', `${adapter} ${adapterVersion ?? ''}`.trimEnd()],
    ['standard', standard],
    ['kind', of === null ? kind : `${kind} of ${of}`],
    ['state', problem === null ? state : `${state} (${problem})`],
    ...(problemDetail === null ? [] : [['problem', problemDetail]]),
    ['actor', actor],
    ...(queuedAt === undefined ? [] : [['queued', queuedAt]]),
    ...(progress === undefined ? [] : [['read', `${progress.readBytes} of ${progress.totalBytes} bytes`]]),
    ...(continuedAs === undefined ? [] : [['continued as', continuedAs]]),
    ['started', startedAt ?? ''],
    ['finished', finishedAt ?? ''],
    ['warned', String(warned)],
    ['passed over', String(passedOver)],
  ]
  return `${receiptText(row, kind === 'revert' ? row.kept : undefined)}\n${aligned(lines)}`
}

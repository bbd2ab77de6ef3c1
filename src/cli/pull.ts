/** `concord pull`: what adapters fetch by themselves, when next, how it went last. `concord serve` runs it. */
import type { Command } from 'commander'
import { HubError } from '../errors.ts'
import { pull as runPull, type PullReport } from '../exchange/pull.ts'
import { readPulls, type PullRow } from '../store/pulls.ts'
import { command, group } from './command.ts'
import { aligned, show, table } from './output.ts'
import { receiptText } from './receipt.ts'
import { withHub } from './run.ts'

export function pull(program: Command): void {
  const pulls = group(program, 'pull', 'What adapters fetch by themselves', 'pull list')

  command(pulls, 'list', 'List the pulls: next run, last run and how it went', 'pull list').action(
    async ({ json }: { json?: boolean }) => {
      const rows = (await withHub(hub => readPulls(hub.store.read))).filter(isPlanned)
      show(json, { pulls: rows.map(shownRow) }, () => {
        const cells = rows.map(row => [row.adapter, row.schedule, nextText(row), row.endedAt ?? '-', outcomeText(row)])
        return table(['adapter', 'schedule', 'next', 'last', 'outcome'], cells, none)
      })
    },
  )

  command(pulls, 'show', 'Show a pull, and why its last run failed', 'pull show market-regulation/enterprises')
    .argument('<adapter>', 'department/name')
    .action(async (adapter: string, { json }: { json?: boolean }) => {
      const [row] = await withHub(hub => readPulls(hub.store.read, adapter))
      if (row === undefined) throw new HubError('not-found', `The adapter ${adapter} has not been planned. ${none}`)
      show(json, shownRow(row), () => rowText(row))
    })

  const now = 'pull run market-regulation/enterprises'
  command(pulls, 'run', 'Pull now, and plan the next run from here', now)
    .argument('<adapter>', 'department/name')
    .option('--anew', 'from the beginning: without the watermark, entity tag or list of files of the last run')
    .action(async (adapter: string, { anew = false, json }: { anew?: boolean; json?: boolean }) => {
      const report = await withHub((hub, by) => runPull(hub, adapter, { by, anew }))
      if (report === undefined) throw new Error('bug: a pull that was asked for was not due')
      show(json, report, () => reportText(report))
    })
}

const none = 'A pull is planned when `concord serve` runs and an adapter with `pull` is published.'

function isPlanned({ nextAt }: PullRow): boolean {
  return nextAt !== null
}

/** Without what the next run goes on from: a watermark is a value of a record. */
function shownRow({ resume: _, ...row }: PullRow): Omit<PullRow, 'resume'> {
  return row
}

function rowText(row: PullRow): string {
  const { adapter, schedule, startedAt, endedAt, delivery, failures, problem } = row
  const rows = [
    ['adapter', adapter],
    ['schedule', schedule],
    ['next', nextText(row)],
    ['last started', startedAt ?? '-'],
    ['last ended', endedAt ?? '-'],
    ['outcome', outcomeText(row)],
    ['failures in a row', String(failures)],
    ['last delivery', delivery ?? '-'],
  ]
  return problem === null ? aligned(rows) : `${aligned(rows)}\n${problem.code}: ${problem.detail}`
}

/** While a run goes on, `nextAt` is when its claim lapses. */
function nextText({ outcome, nextAt }: PullRow): string {
  return outcome === 'running' ? 'after this run' : (nextAt ?? 'none')
}

function outcomeText({ outcome, failures }: PullRow): string {
  if (outcome === null) return 'not run yet'
  return outcome === 'failed' && failures > 1 ? `failed ${failures} times` : outcome
}

function reportText({ adapter, outcome, receipts }: PullReport): string {
  if (outcome === 'not-modified') return `What ${adapter} pulls has not changed since the last good run.`
  if (outcome === 'nothing-new') return `There is nothing new to pull for ${adapter}.`
  return receipts.map(receiptText).join('\n\n')
}

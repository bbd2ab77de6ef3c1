/** `concord migrate`: opens the databases and brings them up to date. Every other command does so too, without a word. */
import type { Command } from 'commander'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withNewHub } from './run.ts'

export function migrate(program: Command): void {
  const summary = 'Make the databases, or bring them up to date, and say what was done'
  command(program, 'migrate', summary, 'migrate').action(async (options: { json?: boolean }) => {
    const databases = await withNewHub(async hub => [
      { database: 'records', applied: hub.store.applied },
      { database: 'log', applied: hub.log.applied },
    ])
    show(options.json, { databases }, () => {
      const rows = databases.map(({ database, applied }) => [database, applied.join(', ') || 'none: it was up to date'])
      return table(['database', 'migrations applied'], rows, '')
    })
  })
}

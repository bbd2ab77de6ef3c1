/** Deliveries that are taken in first and worked off behind the reply. */
import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  // In the order of `number` for each adapter. The input lies in a sealed file, its data key under `spool <id>`.
  // `delivery`: the run that stands for it, of its own id the first time; of another, where a process has died with it.
  // `holder` works it off until `expires_at` (ms) at least; nobody takes it up again before `next_at` (ms).
  await knex.raw(`CREATE TABLE queue (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, adapter TEXT NOT NULL,
                    standard TEXT NOT NULL, caller TEXT NOT NULL, client TEXT NOT NULL, idempotency_key TEXT,
                    digest TEXT NOT NULL, language TEXT NOT NULL, bytes BIGINT NOT NULL, read_bytes BIGINT NOT NULL,
                    state TEXT NOT NULL, delivery TEXT, attempts INTEGER NOT NULL, holder TEXT, expires_at BIGINT NOT NULL,
                    next_at BIGINT NOT NULL, queued_at TEXT NOT NULL, finished_at TEXT, problem TEXT, problem_detail TEXT)`)
  await knex.raw(`CREATE INDEX queue_open ON queue (adapter, number) WHERE state IN ('queued', 'running')`)
  await knex.raw(
    `CREATE UNIQUE INDEX queue_idempotency ON queue (client, idempotency_key) WHERE idempotency_key IS NOT NULL`,
  )
  // Nobody waits for the reply that would say it.
  await knex.raw('ALTER TABLE deliveries ADD COLUMN problem_detail TEXT')
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

/** Adapters published to a running hub: which version is in use, and the cases that each must go on passing. */
import type { Knex } from 'knex'

export async function up(_knex: Knex): Promise<void> {}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

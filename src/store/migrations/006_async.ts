/** Deliveries that are taken in first and worked off behind the reply. */
import type { Knex } from 'knex'

export async function up(_knex: Knex): Promise<void> {}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

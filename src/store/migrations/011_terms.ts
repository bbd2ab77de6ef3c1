/** Fields that became indexed: how far the terms of records are built. */
import type { Knex } from 'knex'

export async function up(_knex: Knex): Promise<void> {}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

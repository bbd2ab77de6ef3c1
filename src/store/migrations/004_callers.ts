/** Who calls: users, and what clients are known and bounded by. */
import type { Knex } from 'knex'

export async function up(_knex: Knex): Promise<void> {}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

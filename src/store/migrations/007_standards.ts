/** Versions of standards and code lists: drafts, the comparison that each was published with, what is searched. */
import type { Knex } from 'knex'

export async function up(_knex: Knex): Promise<void> {}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

/** Agreements: what was disclosed of a daily quota, and which levels were approved. */
import type { Knex } from 'knex'
import { levelsOf } from '../../agreement/granted.ts'
import type { Agreement } from '../../agreement/agreement.ts'
import { readStandard, type StandardDocument } from '../../standard.ts'
import { newest } from '../../versions.ts'

export async function up(knex: Knex): Promise<void> {
  // `day` in UTC. `used_up_at`: when the quota was reached, null while it is not.
  await knex.raw(`CREATE TABLE quota_use (agreement TEXT, day TEXT, used BIGINT NOT NULL, used_up_at TEXT,
                    PRIMARY KEY (agreement, day)) WITHOUT ROWID`)
  for (const row of (await knex('agreements')) as Row[]) {
    const agreement = JSON.parse(row.document) as Agreement
    const document = JSON.stringify({ ...agreement, levels: await levelsThen(knex, agreement, row.created_at) })
    await knex('agreements').where({ id: row.id }).update({ document })
  }
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

type Row = { readonly id: string; readonly document: string; readonly created_at: string }

/** What was approved when nobody wrote it down: the levels of the newest version of that day. */
async function levelsThen(
  knex: Knex,
  { standard, major, fields }: Agreement,
  at: string,
): Promise<Agreement['levels']> {
  const published = (await knex('standards').where({ standard, major }).where('published_at', '<=', at)) as {
    readonly version: string
    readonly document: string
  }[]
  const found = newest(published)
  return found && levelsOf(readStandard(JSON.parse(found.document) as StandardDocument), fields)
}

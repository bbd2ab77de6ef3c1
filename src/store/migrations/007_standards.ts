/**
 * Versions of standards and code lists: drafts, the comparison that each was published with, the day from which a list
 * counts; and of each standard what a listing shows and a search looks through, so that neither reads a document.
 */
import type { Knex } from 'knex'
import { majorOf, type StandardDocument, type Version } from '../../standard.ts'
import { compareVersions } from '../../versions.ts'
import { writeListsDrawnFrom, writeSummary } from '../standard-summaries.ts'

const columns = [
  // 'draft' or 'published'; what ends is a major.
  ['standards', `status TEXT NOT NULL DEFAULT 'published'`],
  // The verdict on the step from the version before, with its witnesses; null of the first version.
  ['standards', 'comparison TEXT'],
  ['code_lists', `status TEXT NOT NULL DEFAULT 'published'`],
  ['code_lists', 'effective_from TEXT'],
  // The department that published the list first; null where the operator did.
  ['code_lists', 'owner TEXT'],
] as const

const tables = [
  // Of the newest published version. Not columns of `standards`: its rows begin with documents, which a scan would read.
  `standard_summaries (standard TEXT PRIMARY KEY, version TEXT NOT NULL, owner TEXT NOT NULL,
     published_at TEXT NOT NULL, summary TEXT NOT NULL, searched TEXT NOT NULL)`,
  // Of each draft.
  `draft_summaries (standard TEXT, version TEXT, owner TEXT NOT NULL, summary TEXT NOT NULL, searched TEXT NOT NULL,
     PRIMARY KEY (standard, version))`,
  // Which lists the newest version of each major draws from.
  `standard_code_lists (code_list TEXT, standard TEXT, major INTEGER, PRIMARY KEY (code_list, standard, major))`,
]

const indexes = [
  // What every refresh of the configuration reads, from the index alone.
  `CREATE INDEX standards_listed ON standards (status, published_at, standard, version)`,
  `CREATE INDEX code_lists_listed ON code_lists (status, published_at, id, version, effective_from)`,
  `CREATE INDEX standard_summaries_by_owner ON standard_summaries (owner, standard)`,
  `CREATE INDEX standard_code_lists_by_standard ON standard_code_lists (standard, major)`,
]

export async function up(knex: Knex): Promise<void> {
  for (const [table, column] of columns) await knex.raw(`ALTER TABLE ${table} ADD COLUMN ${column}`)
  for (const table of tables) await knex.raw(`CREATE TABLE ${table}`)
  for (const statement of indexes) await knex.raw(statement)
  await sumUp(knex)
}

export async function down(): Promise<void> {
  throw new Error('This migration has no way back: restore a backup instead.')
}

type Row = { readonly standard: string; readonly version: Version; readonly published_at: string }

/** Of the standards that are there: those of a hub before this migration are all published. */
async function sumUp(knex: Knex): Promise<void> {
  const rows: Row[] = await knex('standards').select('standard', 'version', 'published_at')
  for (const row of newestOfEach(rows, ({ standard, version }) => `${standard} ${majorOf(version)}`)) {
    await writeListsDrawnFrom(knex, await documentOf(knex, row))
  }
  for (const row of newestOfEach(rows, ({ standard }) => standard)) {
    await writeSummary(knex, { document: await documentOf(knex, row), publishedAt: row.published_at })
  }
}

function newestOfEach(rows: readonly Row[], group: (row: Row) => string): Row[] {
  const found = new Map<string, Row>()
  for (const row of rows) {
    const known = found.get(group(row))
    if (known === undefined || compareVersions(row.version, known.version) > 0) found.set(group(row), row)
  }
  return [...found.values()]
}

async function documentOf(knex: Knex, { standard, version }: Row): Promise<StandardDocument> {
  const row: { document: string } = await knex('standards').where({ standard, version }).first('document')
  return JSON.parse(row.document) as StandardDocument
}

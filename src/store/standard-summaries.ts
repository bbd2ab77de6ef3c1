/** What a listing of the catalogue shows of each standard, and a search looks through: kept beside the documents, never read from them. */
import type { Knex } from 'knex'
import { majorOf, type StandardDocument, type Version } from '../standard.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { searchedText, searchedWords } from './searched-text.ts'
import type { Session, Value } from './session.ts'

export type StandardSummary = {
  readonly standard: string
  /** The newest that is published. */
  readonly version: Version
  readonly publishedAt: string
  readonly entry: StandardDocument['standard']
}

export type SummarySearch = {
  /** All of its words are in the titles, abstract, id or fields' titles. */
  readonly question?: string | undefined
  readonly owner?: string | undefined
  /** Of these standards only. */
  readonly among?: readonly string[] | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** Those that fit, by id. Reads summaries only: some milliseconds for 10,000 standards. */
export async function searchSummaries(
  session: Session,
  { question = '', owner, among, after = '', limit }: SummarySearch,
): Promise<StandardSummary[]> {
  const words = searchedWords(question)
  const conditions = [
    'standard > ?',
    ...(owner === undefined ? [] : ['owner = ?']),
    ...(among === undefined ? [] : [`standard IN (${among.map(() => '?').join(', ')})`]),
    // instr would be faster, and is not in every engine; LIKE with no wildcard of its own is.
    ...words.map(() => `searched LIKE ? ESCAPE '\\'`),
  ]
  const parameters: Value[] = [
    after,
    ...(owner === undefined ? [] : [owner]),
    ...(among ?? []),
    ...words.map(pattern),
    limit,
  ]
  const rows = await session.all<{ standard: string; version: string; publishedAt: string; summary: string }>(
    `SELECT standard, version, published_at AS publishedAt, summary FROM standard_summaries
      WHERE ${conditions.join(' AND ')} ORDER BY standard LIMIT ?`,
    parameters,
  )
  return rows.map(({ summary, ...row }) => ({ ...row, entry: JSON.parse(summary) as StandardSummary['entry'] }))
}

export type DraftSummary = {
  readonly standard: string
  readonly version: Version
  readonly entry: StandardSummary['entry']
}

/** Drafts that fit, by id and number; `after` is the place of the last one before: `id/version`. */
export async function searchDrafts(
  session: Session,
  { question = '', owner, after = '', limit }: Omit<SummarySearch, 'among'>,
): Promise<DraftSummary[]> {
  const words = searchedWords(question)
  const [standard = '', version = ''] = after.split('/')
  const conditions = [
    '(standard > ? OR (standard = ? AND version > ?))',
    ...(owner === undefined ? [] : ['owner = ?']),
    ...words.map(() => `searched LIKE ? ESCAPE '\\'`),
  ]
  const rows = await session.all<{ standard: string; version: string; summary: string }>(
    `SELECT standard, version, summary FROM draft_summaries
      WHERE ${conditions.join(' AND ')} ORDER BY standard, version LIMIT ?`,
    [standard, standard, version, ...(owner === undefined ? [] : [owner]), ...words.map(pattern), limit],
  )
  return rows.map(({ summary, ...row }) => ({ ...row, entry: JSON.parse(summary) as StandardSummary['entry'] }))
}

/** Sums up a draft. */
export async function writeDraftSummary(knex: Knex, document: StandardDocument): Promise<void> {
  const { id: standard, version, owner } = document.standard
  const summary = JSON.stringify(document.standard)
  await knex('draft_summaries').insert({ standard, version, owner, summary, searched: searchedText(document) })
}

/** The standards that a department owns, by their newest versions. */
export async function readOwned(session: Session, owner: string): Promise<string[]> {
  const rows = await session.all<{ standard: string }>(
    'SELECT standard FROM standard_summaries WHERE owner = ? ORDER BY standard',
    [owner],
  )
  return rows.map(({ standard }) => standard)
}

/** The department that owns a standard, by its newest version; undefined where none is published. */
export async function readOwner(session: Session, standard: string): Promise<string | undefined> {
  const row = await session.get<{ owner: string }>('SELECT owner FROM standard_summaries WHERE standard = ?', [
    standard,
  ])
  return row?.owner
}

/** Sums up a version that is the newest of its standard. */
export async function writeSummary(
  knex: Knex,
  { document, publishedAt }: { readonly document: StandardDocument; readonly publishedAt: string },
): Promise<void> {
  const { id: standard, version, owner } = document.standard
  await knex('standard_summaries')
    .insert({
      standard,
      version,
      owner,
      published_at: publishedAt,
      summary: JSON.stringify(document.standard),
      searched: searchedText(document),
    })
    .onConflict('standard')
    .merge()
}

/** Notes which code lists a version draws from that is the newest of its major. */
export async function writeListsDrawnFrom(knex: Knex, document: StandardDocument): Promise<void> {
  const { id: standard, version } = document.standard
  const major = majorOf(version)
  await knex('standard_code_lists').where({ standard, major }).delete()
  const lists = codeListsNamedIn(document)
  if (lists.length === 0) return
  await knex('standard_code_lists').insert(lists.map(list => ({ code_list: list, standard, major })))
}

/** The majors whose newest version draws from a list. */
export async function readDrawing(
  session: Session,
  codeList: string,
): Promise<{ readonly standard: string; readonly major: number }[]> {
  return session.all('SELECT standard, major FROM standard_code_lists WHERE code_list = ? ORDER BY standard, major', [
    codeList,
  ])
}

/** A word as a pattern of LIKE that finds it anywhere. */
function pattern(word: string): string {
  return `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`
}

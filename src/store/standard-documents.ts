/** Reads many standards' documents at once: for what shows them, and compiles nothing. */
import type { StandardDocument, Version } from '../standard.ts'
import type { Session } from './session.ts'

/** In the order of what was asked for. */
export async function readStandardDocuments(
  session: Session,
  versions: readonly { readonly standard: string; readonly version: Version }[],
): Promise<StandardDocument[]> {
  const rows = await session.getEach<{ document: string }>(
    'SELECT document FROM standards WHERE standard = ? AND version = ?',
    versions.map(({ standard, version }) => [standard, version]),
  )
  return rows.map(row => {
    if (row === undefined) throw new Error('bug: a published standard has no document')
    return JSON.parse(row.document) as StandardDocument
  })
}

/** As {@link readStandardDocuments}, those that declare themselves open; undefined in the place of the others. */
export async function readDeclaredOpen(
  session: Session,
  versions: readonly { readonly standard: string; readonly version: Version }[],
): Promise<(StandardDocument | undefined)[]> {
  // Documents are stored without blanks. What is let through says so anywhere, and is looked at; nothing is missed.
  const rows = await session.getEach<{ document: string }>(
    `SELECT document FROM standards WHERE standard = ? AND version = ? AND document LIKE '%"openness":"open"%'`,
    versions.map(({ standard, version }) => [standard, version]),
  )
  return rows.map(row => row && (JSON.parse(row.document) as StandardDocument))
}

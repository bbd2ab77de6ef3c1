/**
 * Fields that somebody has said to be wrong: whether what is written changes them.
 *
 * Every delivery comes by here: where nothing is waited for it costs one look at an index that is empty.
 */
import { canonicalise } from '../canonical.ts'
import { valuesAt } from '../comparable.ts'
import type { FieldPath, Json, RecordKey } from '../record.ts'
import type { RecordText } from '../record-text.ts'
import type { Contents } from '../seal/contents.ts'
import { valueMark } from '../seal/pseudonym.ts'
import type { Writing } from './keeping.ts'
import type { Session } from './session.ts'

/** A record as it is from now on; undefined where it is withdrawn. */
type After = { readonly key: RecordKey; readonly contents: Contents | undefined }

/**
 * Notes of the corrections that wait for it when the field of their record has changed; of an open one it is taken back
 * where the value that is said to be wrong comes back.
 */
export async function noteCorrected(tx: Session, writing: Writing, changes: readonly After[]): Promise<void> {
  const { standard, pseudonymKey, at } = writing
  const watched = await tx.get('SELECT 1 FROM corrections WHERE standard = ? AND mark IS NOT NULL LIMIT 1', [
    standard.id,
  ])
  if (watched === undefined) return
  const hits = await tx.getEach(
    'SELECT 1 FROM corrections WHERE standard = ? AND record_key = ? AND mark IS NOT NULL LIMIT 1',
    changes.map(({ key }) => [standard.id, key]),
  )
  for (const { key, contents } of changes.filter((_, index) => hits[index] !== undefined)) {
    const waiting = await tx.all<{ id: string; field: FieldPath; mark: string }>(
      'SELECT id, watched AS field, mark FROM corrections WHERE standard = ? AND record_key = ? AND mark IS NOT NULL',
      [standard.id, key],
    )
    const isWrongStill = ({ field, mark }: { readonly field: FieldPath; readonly mark: string }): boolean =>
      markOf(pseudonymKey, { standard: standard.id, key, field }, contents?.text) === mark
    await tx.runEach(
      'UPDATE corrections SET changed_at = NULL WHERE id = ?',
      waiting.filter(isWrongStill).map(({ id }) => [id]),
    )
    await tx.runEach(
      `UPDATE corrections SET changed_at = COALESCE(changed_at, ?), mark = CASE WHEN state = 'open' THEN mark END
        WHERE id = ?`,
      waiting.filter(one => !isWrongStill(one)).map(({ id }) => [at, id]),
    )
  }
}

/** A keyed hash of what a record says in a field, by its text: of a sealed field only that needs to be unsealed. */
export function markOf(
  pseudonymKey: Buffer,
  { standard, key, field }: { readonly standard: string; readonly key: RecordKey; readonly field: FieldPath },
  text: RecordText | undefined,
): string {
  const said = text?.sealed.find(sealed => sealed.field === field)?.text ?? openText(text, field)
  return valueMark(pseudonymKey, { standard, record: key, field }, said)
}

function openText(text: RecordText | undefined, field: FieldPath): string {
  return canonicalise(valuesAt(JSON.parse(text?.open ?? '{}') as Json, field.split('.')))
}

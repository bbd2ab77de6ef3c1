/** Whether the public may read a standard's records without a client: one rule for the catalogue and the open door. */
import type { Standard } from '../standard.ts'

/**
 * Why a standard's records are not open; undefined where they are.
 *
 * Open is what is declared open, is shared without condition, and has no field above L1. A field that is not shared, or
 * shared under a condition, closes the standard whole: what the public gets is never a part that somebody must compare.
 */
export function opennessFault({ document, fields }: Standard): OpennessFault | undefined {
  const { openness, sharing, compareOnly } = document.standard
  if (openness !== 'open') return 'not-declared-open'
  if (sharing !== 'unconditional' || compareOnly === true) return 'shared-conditionally'
  if (fields.some(field => field.sharing !== 'unconditional')) return 'shared-conditionally'
  if (fields.some(field => field.level !== 'L1')) return 'sensitive-field'
  return undefined
}

/** What is to be said of a standard that is declared open and is not; undefined of all others. */
export function opennessNote(standard: Standard): string | undefined {
  const fault = opennessFault(standard)
  if (fault === undefined || fault === 'not-declared-open') return undefined
  const { document, fields } = standard
  const named = fields
    .filter(field => (fault === 'sensitive-field' ? field.level !== 'L1' : field.sharing !== 'unconditional'))
    .map(({ path, level, sharing }) => `${path} (${fault === 'sensitive-field' ? level : sharing})`)
  const isWhole = document.standard.sharing !== 'unconditional' || document.standard.compareOnly === true
  const what = isWhole ? 'the standard is not shared without condition' : `of ${named.join(', ')}`
  return `It is declared open (\`openness\`), and the public cannot read it: ${what}. Open is what is shared without condition, with every field at L1.`
}

export type OpennessFault = 'not-declared-open' | 'shared-conditionally' | 'sensitive-field'

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

export type OpennessFault = 'not-declared-open' | 'shared-conditionally' | 'sensitive-field'

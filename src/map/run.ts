/** What the rules of an adapter share while one record is converted. */
import type { Issue, Language } from '../record.ts'
import type { Resolve } from './resolve-rule.ts'

export type Run = {
  readonly context: { readonly [absolutePath: string]: string }
  readonly language: Language
  readonly issues: Issue[]
  /** Missing where no other standard's records are at hand. */
  readonly resolve: Resolve | undefined
  /** The positions, in the record, of the list elements that are being written, outermost first. */
  readonly positions: number[]
}

import type { Source } from '../source.ts'
import type { Limits } from './limits.ts'
import type { OuterTexts } from './outer-texts.ts'
import type { Records } from './records.ts'
import type { Window } from './window.ts'

/** What a reader reads by, from and into. */
export type Reading = {
  readonly source: Source
  readonly limits: Limits
  readonly window: Window
  readonly records: Records
  readonly outer: OuterTexts
}

export interface Reader {
  /** Takes what is complete in the window, and all of it once that has ended. Throws what the input is refused for. */
  read(): void
}

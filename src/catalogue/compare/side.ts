/** One of the two versions that are compared: its document, and the code lists that its fields draw from. */
import type { CodeList } from '../../code-list.ts'
import type { StandardDocument } from '../../standard.ts'

export type Side = {
  readonly document: StandardDocument
  readonly codeList: (id: string) => CodeList | undefined
}

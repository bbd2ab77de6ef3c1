/** Whether two revisions of a record look the same to one client. */
import { canonicalise } from '../canonical.ts'
import type { Json } from '../record.ts'
import type { StoredRecord } from '../store/records.ts'
import { decodeUtf8, type Utf8Text } from '../utf8-text.ts'
import type { ServedText } from './served-text.ts'

/** A revision, and what the client is shown of it. */
export type View = ServedText & { readonly record: StoredRecord }

/** Whether their data, and what of them is held back, are the same; revision, time and source stand outside. */
export function isSameView(one: View, other: View): boolean {
  if (one.digest === other.digest) return true
  // A minor may have put another field between, and a newer major holds others back: the same data written otherwise.
  return one.record.version !== other.record.version && viewOf(one.text) === viewOf(other.text)
}

function viewOf(text: Utf8Text): string {
  const { data, withheld } = JSON.parse(decodeUtf8(text)) as { data: Json; withheld: Json }
  return canonicalise([data, withheld])
}

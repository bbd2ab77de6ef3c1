/**
 * Proofs as texts that one person sends another, to be checked without the hub.
 *
 * That an entry is in the log: https://c2sp.org/tlog-proof, its extra data being the entry itself. That the log has only
 * grown: the body of a request to a witness (add-checkpoint.ts), which says just that.
 */
import { HubError } from '../errors.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { Proof } from './proof.ts'
import { hashBytes } from './tree.ts'

export type EntryProof = {
  /** The entry's index in the log. */
  readonly index: number
  /** The entry's text, where it is sent along. */
  readonly entry?: string
  readonly proof: Proof
  /** The checkpoint whose tree has the entry: a signed note. */
  readonly checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'

/** Whether a text says of itself that it is such a proof. */
export function isEntryProof(text: string): boolean {
  return text.startsWith(`${firstLine}\n`)
}

export function encodeEntryProof({ index, entry, proof, checkpoint }: EntryProof): string {
  const extra = entry === undefined ? '' : `extra ${toBase64(Buffer.from(entry))}\n`
  return `${firstLine}\n${extra}index ${index}\n${encodeHashes(proof)}\n${checkpoint}`
}

/**
 * The inverse of {@link encodeEntryProof}. What it says is not checked yet.
 *
 * @throws {HubError} `log-invalid` if it is malformed
 */
export function parseEntryProof(text: string): EntryProof {
  const { head, checkpoint } = splitAtEmptyLine(text)
  const [first, ...lines] = head
  const extra = lines[0]?.startsWith('extra ') ? fromBase64((lines.shift() as string).slice('extra '.length)) : null
  const index = decimalIn(/^index (.+)$/, lines.shift())
  const proof = parseHashes(lines)
  if (first !== firstLine || index === undefined || proof === undefined || extra === undefined) {
    throw new HubError('log-invalid', 'This is not a proof that an entry is in the log: it was cut or changed.')
  }
  return { index, ...(extra === null ? {} : { entry: extra.toString() }), proof, checkpoint }
}

/** Each hash in base64 on a line. */
export function encodeHashes(hashes: Proof): string {
  return hashes.map(hash => `${toBase64(hash)}\n`).join('')
}

/** The inverse of {@link encodeHashes}, by lines; undefined where one of them is none. */
export function parseHashes(lines: readonly string[]): Buffer[] | undefined {
  const hashes = lines.map(fromBase64).filter(hash => hash?.length === hashBytes)
  return hashes.length === lines.length ? (hashes as Buffer[]) : undefined
}

/** The lines before the first empty one, and the checkpoint behind it. */
export function splitAtEmptyLine(text: string): { head: string[]; checkpoint: string } {
  const end = text.indexOf('\n\n')
  return end === -1
    ? { head: text.split('\n'), checkpoint: '' }
    : { head: text.slice(0, end).split('\n'), checkpoint: text.slice(end + 2) }
}

/** The decimal in a line of the form, which has no needless zeros; undefined where there is none. */
export function decimalIn(form: RegExp, line: string | undefined): number | undefined {
  const decimal = form.exec(line ?? '')?.[1] ?? ''
  const number = /^(0|[1-9]\d*)$/.test(decimal) ? Number(decimal) : NaN
  return Number.isSafeInteger(number) ? number : undefined
}

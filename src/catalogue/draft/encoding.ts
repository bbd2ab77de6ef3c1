/** Which encoding an input has to name, because its bytes would be read as other characters without an error. */
import { decodes } from '../../parse/encoding.ts'

/** The encoding that `source.encoding` must say; undefined where the input shows its own. */
export function encodingToName(head: Uint8Array): string | undefined {
  const isWide = head.subarray(0, 4).includes(0) || (head[0] ?? 0) >= 0xfe
  if (isWide || decodes(head, 'utf-8') || declaresEncoding(head)) return undefined
  const [best] = candidates
    .filter(({ encoding }) => decodes(head, encoding))
    .map(candidate => ({ ...candidate, share: usualShare(head, candidate) }))
    .toSorted((a, b) => b.share - a.share)
  if (best === undefined || best.share < 0.6) return 'windows-1252'
  return best.encoding === 'gb18030' ? undefined : best.encoding
}

type Candidate = { readonly encoding: string; readonly isUsual: (lead: number, trail: number) => boolean }

/**
 * Where the everyday characters of each stand: level 1 of GB/T 2312, of Big5 and of JIS X 0208, kana, hangul.
 *
 * The first of equals is taken. EUC-JP goes before GB18030, whose rows 4 and 5 are kana too, which Chinese does not use;
 * of Korean all leads lie among those of Chinese, so it has to have nothing beyond them.
 */
const candidates: readonly Candidate[] = [
  { encoding: 'euc-jp', isUsual: (lead, trail) => trail >= 0xa1 && (lead === 0xa4 || lead === 0xa5 || (lead >= 0xb0 && lead <= 0xcf)) },
  { encoding: 'gb18030', isUsual: (lead, trail) => trail >= 0xa1 && lead >= 0xb0 && lead <= 0xd7 },
  { encoding: 'big5', isUsual: (lead, trail) => lead >= 0xa4 && lead <= 0xc6 && (trail <= 0x7e || trail >= 0xa1) },
  { encoding: 'shift_jis', isUsual: (lead, trail) => isShiftJis(lead, trail) },
  { encoding: 'euc-kr', isUsual: (lead, trail) => trail >= 0xa1 && lead >= 0xb0 && lead <= 0xc8 },
] // prettier-ignore

function isShiftJis(lead: number, trail: number): boolean {
  if (lead === 0x82) return trail >= 0x9f && trail <= 0xf1
  if (lead === 0x83) return trail >= 0x40 && trail <= 0x96
  return lead >= 0x88 && lead <= 0x97
}

/** The share of the two-byte characters that are everyday ones, less what speaks for the other that looks the same. */
function usualShare(head: Uint8Array, { encoding, isUsual }: Candidate): number {
  let [all, usual, kana, beyond] = [0, 0, 0, 0]
  for (let at = 0; at + 1 < head.length; at += 1) {
    const lead = head[at] as number
    if (lead < 0x80) continue
    const trail = head[at + 1] as number
    all += 1
    if (isUsual(lead, trail)) usual += 1
    if (lead === 0xa4 || lead === 0xa5) kana += 1
    if (lead > 0xc8) beyond += 1
    at += 1
  }
  const share = all === 0 ? 0 : usual / all
  if (encoding === 'euc-jp') return kana > 0.1 * all ? share : 0
  if (encoding === 'euc-kr') return beyond === 0 ? share + 0.01 : 0
  return share
}

function declaresEncoding(head: Uint8Array): boolean {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1024)).toString('latin1')
  return /^\s*<\?xml\s[^>]*?\sencoding\s*=/.test(start)
}

/** Expands the references that need no DTD: the five predefined entities and characters by number (XML 1.0 §4.1, §4.6). */

const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** The text with its references expanded, or undefined where one is malformed, undeclared or no character of XML. */
export function expandReferences(text: string): string | undefined {
  let expanded = ''
  let from = 0
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', from)) {
    const end = text.indexOf(';', at)
    if (end === -1) return undefined
    const character = referent(text.slice(at + 1, end))
    if (character === undefined) return undefined
    expanded += text.slice(from, at) + character
    from = end + 1
  }
  return expanded + text.slice(from)
}

function referent(reference: string): string | undefined {
  if (!reference.startsWith('#')) return predefined.get(reference)
  const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(reference)
  if (digits === null) return undefined
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16)
  return isCharacter(code) ? String.fromCodePoint(code) : undefined
}

/** Char of XML 1.0 §2.2. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}

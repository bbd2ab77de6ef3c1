/**
 * Cuts XML into texts, tags, comments, CDATA sections and processing instructions, by their delimiters only.
 *
 * Whether they are well-formed is for the parser to say. A DOCTYPE is refused where it begins: nothing of it is read,
 * so no entity is declared, expanded or fetched.
 */
import { INCOMPLETE, type Window } from './window.ts'

const BANG = 0x21
const QUOTE = 0x22
const APOSTROPHE = 0x27
const SLASH = 0x2f
const LESS = 0x3c
const GREATER = 0x3e
const QUESTION = 0x3f

/** The end of the markup or text that begins at an index, or {@link INCOMPLETE}. */
export function endOfMarkup(window: Window, at: number): number {
  const { text, units } = window
  if (units[at] !== LESS) return found(text.indexOf('<', at), 0)
  if (units[at + 1] !== BANG && units[at + 1] !== QUESTION) return endOfTag(units, at + 1)
  if (text.startsWith('<!--', at)) return found(text.indexOf('-->', at + 4), 3)
  if (text.startsWith('<![CDATA[', at)) return found(text.indexOf(']]>', at + 9), 3)
  if (text.startsWith('<?', at)) return found(text.indexOf('?>', at + 2), 2)
  return endOfDeclaration(window, at)
}

/** The end of the element whose start tag ends at an index, or {@link INCOMPLETE}. */
export function endOfElement(window: Window, at: number): number {
  const { units } = window
  let end = at
  let depth = 1
  while (depth > 0) {
    const start = end
    end = endOfMarkup(window, start)
    if (end === INCOMPLETE) return end
    if (units[start] === LESS) depth += levels(units[start + 1]!, units[end - 2]!)
  }
  return end
}

/** How much deeper it is after markup than before it. `first` follows its <, `last` stands before its >. */
function levels(first: number, last: number): number {
  if (first === SLASH) return -1
  return first === BANG || first === QUESTION || last === SLASH ? 0 : 1
}

function found(index: number, length: number): number {
  return index === -1 ? INCOMPLETE : index + length
}

function endOfTag(units: Uint16Array, from: number): number {
  let quote = 0
  for (let i = from; ; i++) {
    const unit = units[i]
    if (unit === 0 || unit === undefined) return INCOMPLETE
    if (quote !== 0) {
      if (unit === quote) quote = 0
    } else if (unit === GREATER) return i + 1
    else if (unit === QUOTE || unit === APOSTROPHE) quote = unit
  }
}

function endOfDeclaration(window: Window, at: number): number {
  const start = window.text.slice(at, at + '<![CDATA['.length)
  const possible = ['<!--', '<![CDATA[', '<!DOCTYPE'].some(markup => markup.startsWith(start))
  if (possible && start !== '<!DOCTYPE') return INCOMPLETE
  if (start === '<!DOCTYPE') {
    const what = 'a DOCTYPE is not taken, since its entities can fetch and multiply; send the document without it.'
    throw window.refusal(at, 'input-refused', what)
  }
  throw window.refusal(at, 'input-malformed', 'neither a comment nor a CDATA section begins here.')
}

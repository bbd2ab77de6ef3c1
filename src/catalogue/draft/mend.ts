/** Makes a whole document of the beginning of one, so that it can be looked at as a tree. */

/** JSON up to the last value that is complete, with what is open closed. */
export function mendJson(text: string): string {
  const open: string[] = []
  let isString = false
  let end = 0
  let closers = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if (isString) {
      if (character === '\\') at += 1
      else if (character === '"') isString = false
    } else if (character === '"') isString = true
    else if (character === '{' || character === '[') open.push(character === '{' ? '}' : ']')
    else if (character === '}' || character === ']' || character === ',') {
      if (character !== ',') open.pop()
      end = character === ',' ? at : at + 1
      closers = open.toReversed().join('')
    }
  }
  return text.slice(0, end) + closers
}

/** XML up to the last end tag, with the elements that are open closed. */
export function mendXml(text: string): string {
  const open: string[] = []
  let end = 0
  let closers: string[] = []
  for (const { 0: tag, 1: name, index } of text.matchAll(markup)) {
    if (name === undefined || tag.endsWith('/>')) continue
    if (!tag.startsWith('</')) {
      open.push(name)
      continue
    }
    open.pop()
    end = index + tag.length
    closers = open.toReversed()
  }
  return text.slice(0, end) + closers.map(name => `</${name}>`).join('')
}

/** Comments, CDATA and instructions first, be they cut off: what looks like a tag in them is none. */
const markup =
  /<!--.*?(?:-->|$)|<!\[CDATA\[.*?(?:\]\]>|$)|<\?.*?(?:\?>|$)|<\/?([^\s<>/?!]+)(?:"[^"]*"|'[^']*'|[^<>"'])*>/gs

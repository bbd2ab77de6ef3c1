/** Looks for a text in files, whatever it may be written as there. */
import iconv from 'iconv-lite'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The bytes by which a text is found, whatever it was written as; in base64 at each of three places in its groups. */
export function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const utf8 = Buffer.from(text)
  const base64 = [0, 1, 2].map(shift => {
    const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64')
    // Without the characters that what stands before and behind has a part in.
    return encoded.slice(shift === 0 ? 0 : 4, -4)
  })
  const escaped = [...text].map(character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  return new Map([
    ['UTF-8', utf8],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['GB18030', iconv.encode(text, 'gb18030')],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['JSON escapes', Buffer.from(escaped)],
    ['percent', Buffer.from(encodeURIComponent(text))],
    ...base64.map((form, shift) => [`base64 ${shift}`, Buffer.from(form)] as const),
  ])
}

/** Files below a folder that hold a text, and as what. */
export function findIn(directory: string, text: string): string[] {
  const forms = [...formsOf(text)]
  const found: string[] = []
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, file)
    // SQLite removes its files when it closes them.
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true) continue
    const bytes = readFileSync(path)
    found.push(...forms.filter(([, form]) => bytes.includes(form)).map(([name]) => `${file}: ${name}`))
  }
  return found
}

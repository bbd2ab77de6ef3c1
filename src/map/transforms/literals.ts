/** Literal texts as patterns. */

/** Splits texts at every separator, the longest first; the parts are trimmed, and blank ones dropped. */
export function splitter(separators: string | readonly string[]): (text: string) => string[] {
  const at = new RegExp(alternatives([separators].flat()), 'u')
  return text =>
    text
      .split(at)
      .map(part => part.trim())
      .filter(part => part !== '')
}

/** A pattern that matches any of the texts literally, the longest first. */
export function alternatives(texts: readonly string[]): string {
  return texts
    .toSorted((a, b) => b.length - a.length)
    .map(text => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join('|')
}

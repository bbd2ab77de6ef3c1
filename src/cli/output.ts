/** What commands print: JSON on one line, or text for people; tables are aligned and plain. */

/** Prints a command's result. */
export function show(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text()}\n`)
}

/** Rows under a head; `none` where there is no row. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  return rows.length === 0 ? none : aligned([head.map(name => name.toUpperCase()), ...rows])
}

/** Lines whose cells begin in the same columns. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => widthOf(row[column] ?? ''))))
  return rows
    .map(row => row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))))
    .map(cells => cells.join('  ').trimEnd())
    .join('\n')
}

/** Columns that a text takes on a terminal: two for a Chinese character; outside the BMP, as many as its UTF-16 units. */
function widthOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0)
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/** A text in at most so many columns of a terminal; one that is longer ends with an ellipsis. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 1
  for (const character of text) {
    width += widthOf(character)
    if (width > columns) break
    kept += character
  }
  return `${kept}…`
}

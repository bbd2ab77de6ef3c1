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

/** Two texts beside each other, each in its half of the terminal; longer lines are broken. */
export function besides(left: string, right: string, columns: number = process.stdout.columns ?? 120): string {
  const half = Math.max(20, Math.floor(columns / 2) - 2)
  const [one, other] = [brokenAt(half, left), brokenAt(half, right)]
  const rows = Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [one[at] ?? '', other[at] ?? ''])
  return aligned(rows)
}

function brokenAt(width: number, text: string): string[] {
  return text.split('\n').flatMap(line => {
    const lines = ['']
    for (const character of line) {
      const last = lines.length - 1
      if (widthOf(lines[last] + character) <= width) lines[last] += character
      else lines.push(character)
    }
    return lines
  })
}

/** How a table in text is written: its delimiter, what stands before its header, and whether it has one. */
import type { Source } from '../../source.ts'

export function describeCsv(text: string): Source {
  const lines = text.split(/\r?\n/, 60)
  const [best] = [',', '\t', ';', '|']
    .map(delimiter => ({ delimiter, ...usualWidth(lines, delimiter) }))
    .toSorted((a, b) => b.score - a.score)
  const { delimiter = ',', width = 1 } = best ?? {}
  const skipLines = Math.max(
    0,
    lines.findIndex(line => isFull(cellsOf(line, delimiter), width)),
  )
  const head = cellsOf(lines[skipLines] ?? '', delimiter).map(cell => cell.replace(/^"|"$/g, '').trim())
  const isHead = new Set(head).size === head.length && head.every(cell => cell !== '' && !/^[\d.,:/-]+$/.test(cell))
  return {
    format: 'csv',
    records: '',
    ...(delimiter !== ',' && { delimiter }),
    ...(skipLines > 0 && { skipLines }),
    ...(!isHead && { columns: head.map((_, at) => `column${at + 1}`) }),
  }
}

/** True of a header or a row; a title above the table has one cell, be it before empty ones. */
function isFull(cells: readonly string[], width: number): boolean {
  return cells.length === width && cells.filter(cell => cell.trim() !== '').length * 2 > width
}

/** How many cells most lines have, and how many lines that are; one cell says nothing. */
function usualWidth(lines: readonly string[], delimiter: string): { width: number; score: number } {
  const widths = new Map<number, number>()
  for (const line of lines.filter(line => line.trim() !== '')) {
    const { length } = cellsOf(line, delimiter)
    widths.set(length, (widths.get(length) ?? 0) + 1)
  }
  const [width, times] = [...widths].toSorted((a, b) => b[1] - a[1])[0] ?? [1, 0]
  return { width, score: width === 1 ? 0 : times + width / 1000 }
}

/** The cells of a line, quotation marks and all. A cell that goes on in the next line makes a line of an odd width. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells = ['']
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    if (character === delimiter && !isQuoted) cells.push('')
    else cells[cells.length - 1] += character
  }
  return cells
}

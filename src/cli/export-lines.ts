/**
 * The lines of an exported log (NDJSON): `{"index":n,"entry":{…}}` with the entry's own text inside, or
 * `{"checkpoint":"…"}`.
 */
import { HubError } from '../errors.ts'
import type { LogItem } from '../log/verify.ts'

/** One line. What is stored beside an entry stays behind: whoever verifies an export computes the hashes anew. */
export function exportLine(item: LogItem): string {
  if ('checkpoint' in item) return `{"checkpoint":${JSON.stringify(item.checkpoint)}}\n`
  return `{"index":${item.index},"entry":${item.entry}}\n`
}

/**
 * The items of an export. The inverse of {@link exportLine}, line by line: an entry's text is cut out, not parsed, so
 * that not a byte of it is lost.
 *
 * @throws {HubError} `log-invalid`, naming the line that is none
 */
export async function* importLines(chunks: AsyncIterable<string>): AsyncGenerator<LogItem> {
  let number = 0
  for await (const line of linesOf(chunks)) yield importLine(line, ++number)
}

function importLine(line: string, number: number): LogItem {
  // With `s`: the dot would not match U+2028 either.
  const [, index, entry] = /^\{"index":(\d+),"entry":(\{.*\})\}$/s.exec(line) ?? []
  if (index !== undefined && entry !== undefined) return { index: Number(index), entry }
  try {
    const { checkpoint } = JSON.parse(line) as { checkpoint?: unknown }
    if (typeof checkpoint === 'string') return { checkpoint }
  } catch {
    // Said below.
  }
  throw new HubError(
    'log-invalid',
    `Line ${number} of the export is neither an entry nor a checkpoint: it was changed.`,
  )
}

/** Lines end in `\n` only: readline would also break an entry at U+2028, which JSON leaves as it is. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

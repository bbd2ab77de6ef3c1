/**
 * Reads official lists of codes from the files in which they go round: GB/T 2260 as a table, trees of code, name and
 * children, GB/T 4754 with titles like `A0111-稻谷种植`, and what resembles them.
 *
 * It finds by looking which member of the rows is the code and which the title. Where that is not clear it refuses and
 * says which members there are; it never guesses between two.
 */
import { HubError } from '../errors.ts'
import { readRows, type CodeFileFormat, type Row } from './code-list-rows.ts'

/** A code's title, and the code above it as the file says it: it may be in another file. */
export type OfficialCode = { readonly title: string; readonly parent?: string }

/** What a file holds of one edition, by code. */
export type CodeFilePart = {
  /** Undefined where the file does not say which edition it is. */
  readonly edition: string | undefined
  readonly source: string | undefined
  readonly codes: ReadonlyMap<string, OfficialCode>
}

export type CodeFile = {
  readonly format: CodeFileFormat
  readonly parts: readonly CodeFilePart[]
  /** The members of the rows that were taken. */
  readonly taken: { readonly [meaning in Meaning]?: string }
  /** The members of the rows that say nothing that a code list holds. */
  readonly passedOver: readonly string[]
  /** How many codes were written shorter than the list's. */
  readonly padded: number
}

export type Reading = {
  readonly format?: CodeFileFormat
  /** Members of the rows by what they mean, where that is not to be found by looking. */
  readonly members?: { readonly [meaning in Meaning]?: string }
  /** Codes of fewer digits, as 11 and 1101 above 110101, are filled up with zeros to so many. */
  readonly width?: number
}

type Meaning = 'code' | 'title' | 'parent' | 'edition' | 'source'

/** Under which names members are met, the likelier first; in any case of letters. */
const names: { readonly [meaning in Meaning]: readonly string[] } = {
  code: ['code', 'value', 'id', 'key', 'adcode', 'dm', '代码', '编码'],
  title: ['name', 'title', 'label', 'value', 'text', 'mc', '名称'],
  parent: ['parent', 'parentcode', 'parent_code', 'parentid', 'parent_id', 'pid', '上级代码', '父级代码'],
  edition: ['edition', 'revision', '版本', '版次'],
  source: ['source', '来源'],
}

/** @throws {HubError} `codes-refused` */
export function readCodeFile(bytes: Uint8Array, { format: named, members = {}, width }: Reading = {}): CodeFile {
  const { format, rows } = readRows(bytes, named)
  const taken = membersOf(rows, members)
  const padded = new Set<string>()
  const pad = (text: string): string => {
    const code = width !== undefined && /^\d+$/.test(text) ? text.padEnd(width, '0') : text
    if (code !== text) padded.add(code)
    return code
  }
  const parts = new Map<string, { edition: string | undefined; source: string | undefined; rows: Row[] }>()
  for (const row of rows) {
    const [edition, source] = [textOf(row, taken.edition), textOf(row, taken.source)]
    const part = parts.get(edition ?? '') ?? { edition, source, rows: [] }
    parts.set(edition ?? '', part)
    part.rows.push(row)
  }
  return {
    format,
    parts: [...parts.values()].map(part => ({
      ...part,
      codes: codesOf(part.rows, taken, pad),
    })),
    taken,
    passedOver: memberNames(rows).filter(name => !Object.values(taken).includes(name)),
    padded: padded.size,
  }
}

type Taken = { readonly code: string; readonly title: string } & CodeFile['taken']

function membersOf(rows: readonly Row[], given: NonNullable<Reading['members']>): Taken {
  const all = memberNames(rows)
  const find = (meaning: Meaning, fits: (name: string) => boolean): string | undefined => {
    const named = given[meaning]
    if (named !== undefined && !all.includes(named)) {
      throw refused(`It has no member ${named}; there is ${all.join(', ')}.`)
    }
    const known = names[meaning].flatMap(name => all.filter(member => member.toLowerCase() === name))
    return named ?? known.find(fits)
  }
  const need = (meaning: 'code' | 'title', fits: (name: string) => boolean): string => {
    const name = find(meaning, fits)
    if (name !== undefined) return name
    throw refused(
      `Which member of the rows is the ${meaning} is not clear: name it by --${meaning}. There is ${all.join(', ')}.`,
    )
  }
  const inAll = (name: string): boolean => rows.every(row => (row.members.get(name) ?? '') !== '')
  const code = need('code', name => rows.every(row => codePattern.test(row.members.get(name) ?? '')))
  const title = need('title', name => name !== code && inAll(name))
  const parent = find('parent', () => true)
  const edition = find('edition', inAll)
  const source = find('source', inAll)
  return { code, title, ...(parent && { parent }), ...(edition && { edition }), ...(source && { source }) }
}

const codePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

function codesOf(rows: readonly Row[], taken: Taken, pad: (text: string) => string): Map<string, OfficialCode> {
  const codeOf = (row: Row): string => pad(textOf(row, taken.code) ?? '')
  const titleOf = titleReader(rows, taken)
  const codes = new Map<string, OfficialCode>()
  for (const [i, row] of rows.entries()) {
    const [code, title] = [codeOf(row), titleOf(row)]
    if (!codePattern.test(code) || title === '') throw refused(`Row ${i + 1} has no code or no title.`)
    const known = codes.get(code)
    if (known !== undefined && known.title !== title) {
      throw refused(`Row ${i + 1} has a code that another row has under another title.`)
    }
    const named = row.above === undefined ? textOf(row, taken.parent) : codeOf(row.above)
    const parent = named === undefined ? known?.parent : pad(named)
    codes.set(code, { title, ...(parent !== undefined && { parent }) })
  }
  return codes
}

/** Titles of some trees repeat the code: `A0111-稻谷种植`. It is taken off where all do. */
function titleReader(rows: readonly Row[], taken: Taken): (row: Row) => string {
  const title = (row: Row): string => textOf(row, taken.title) ?? ''
  const rest = (row: Row): string => title(row).slice((textOf(row, taken.code) ?? '').length)
  const repeats = (row: Row): boolean =>
    title(row).startsWith(textOf(row, taken.code) ?? '') && /^\s*[-—－\s]/.test(rest(row))
  return rows.every(repeats) ? row => rest(row).replace(/^[-—－\s]+/, '') : title
}

function memberNames(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(row => [...row.members.keys()]))]
}

function textOf(row: Row, member: string | undefined): string | undefined {
  const text = member === undefined ? undefined : row.members.get(member)
  return text === '' ? undefined : text
}

function refused(detail: string): HubError {
  return new HubError('codes-refused', detail)
}

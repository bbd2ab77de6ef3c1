/** The pure middle of a delivery: a source record becomes a word on its key, or a reject that says why. */
import type { Adapter, Resolve } from '../map/adapter.ts'
import type { Converted } from '../map/conversion.ts'
import { withoutConsequences } from '../map/issues.ts'
import { newTree } from '../parse/tree.ts'
import type { Issue, Language, RecordKey, SourceNode, SourceRecord, UnreadableRecord } from '../record.ts'
import { storedKey } from '../seal/contents.ts'
import { sourceFingerprint } from '../seal/pseudonym.ts'
import type { Reject } from '../store/quarantine.ts'
import { keyOfWord, type Word } from '../store/words.ts'
import type { Findings, Validator } from '../validate/validator.ts'
import type { CompiledStandard } from './published.ts'

/** What converting needs: an adapter, its standard, the key of pseudonyms, and the language of messages. */
export type Line = {
  readonly adapter: Adapter
  readonly compiled: CompiledStandard
  readonly pseudonymKey: Buffer
  readonly language: Language
}

export type Conversion =
  | { readonly word: Word; readonly item: SourceRecord; readonly warnings: readonly Issue[] }
  | { readonly reject: Reject; readonly item: SourceRecord | UnreadableRecord }

/** @param resolve gives what the adapter takes out of other standards' records */
export function convert(line: Line, item: SourceRecord | UnreadableRecord, resolve?: Resolve): Conversion {
  if ('unreadable' in item) return { reject: rejectOf(line, item.text, [item.unreadable]), item }
  const { adapter, compiled, language } = line
  const converted = convertRecord({ adapter, validator: compiled.validator, language }, item, resolve)
  const { issues, warnings } = converted
  if (issues.length > 0) return { reject: rejectOf(line, sourceText(item), issues, converted), item }
  return { word: wordOf(line, converted), item, warnings }
}

/** What a source record without an issue says of its key. */
export function wordOf({ compiled, pseudonymKey }: Line, converted: Converted): Word {
  const { record, key, scope = '', recordId = null, asOf = null, isWithdrawal, mark } = converted
  const marked = mark === undefined ? {} : { mark }
  if (!isWithdrawal) return { contents: compiled.contentsOf(record), scope, recordId, asOf, ...marked }
  if (key === undefined) throw new Error('bug: a withdrawal without a key has no issue')
  return { withdrawn: storedKey(compiled.standard, pseudonymKey, key), ...marked }
}

/**
 * Maps, then validates: all that is wrong at once, save what merely follows from a field that could not be mapped. Of a
 * withdrawal only the key is looked at.
 */
export function convertRecord(
  {
    adapter,
    validator,
    language,
  }: { readonly adapter: Adapter; readonly validator: Validator; readonly language: Language },
  item: SourceRecord,
  resolve?: Resolve,
): Converted & Findings {
  const converted = adapter.convert(item, language, resolve)
  const found = findingsOf(validator.validate(converted.record, language), converted, adapter)
  if (converted.issues.length === 0 && found.issues.length === 0) return Object.assign(converted, found)
  const issues = withoutConsequences(converted.issues, found.issues).slice(0, maxIssues)
  return { ...converted, warnings: found.warnings, issues: issues.map(issue => withSource(adapter, issue)) }
}

function findingsOf(found: Findings, { isWithdrawal }: Converted, { standard }: Adapter): Findings {
  if (!isWithdrawal) return found
  return {
    warnings: [],
    issues: found.issues.filter(({ pointer }) => standard.key.some(name => pointer === `/${name}`)),
  }
}

/** A record of a thousand bad elements is understood by the first of them. */
const maxIssues = 100

/** A valid record that its delivery has contradicted before. */
export function rejectDuplicate(
  line: Line,
  { item, word }: { readonly item: SourceRecord; readonly word: Word },
): Reject {
  const issue: Issue = {
    pointer: '',
    code: 'key-duplicate',
    message:
      line.language === 'zh-CN'
        ? '同一批次中已有主键相同而内容不同的记录'
        : 'another record with the same key and other content came before it in the same delivery',
  }
  const { mark } = word
  return {
    ...rejectOf(line, sourceText(item), [issue]),
    key: keyOfWord(word),
    scope: 'scope' in word ? word.scope : undefined,
    ...(mark !== undefined && { mark }),
  }
}

/** A source record as it is kept: with what was read from around it, which key and scope may come from. */
function sourceText({ node, context }: SourceRecord): string {
  const isPlain = Object.keys(context).length === 0 && !isWrapped(node)
  return JSON.stringify(isPlain ? node : { record: node, context })
}

/** The inverse of the text that a readable reject is kept as; it has no place in an input any more. */
export function readSourceText(text: string): SourceRecord {
  const kept = JSON.parse(text, (_, value: SourceNode) =>
    isObject(value) ? Object.assign(new newTree(), value) : value,
  )
  const position = { ordinal: 1, line: 1, column: 1 }
  return isWrapped(kept)
    ? { node: kept.record, context: kept.context, position }
    : { node: kept, context: {}, position }
}

/** Whether a node looks like a record that is kept with its context; one that does is always kept so. */
function isWrapped(node: SourceNode): node is { record: SourceNode; context: { [path: string]: string } } {
  return isObject(node) && Object.keys(node).join() === 'record,context'
}

function isObject(node: SourceNode): node is { [name: string]: SourceNode } {
  return node !== null && typeof node === 'object' && !Array.isArray(node)
}

function rejectOf(
  { adapter, compiled, pseudonymKey }: Line,
  source: string,
  issues: readonly Issue[],
  known: { readonly key?: RecordKey; readonly scope?: string; readonly mark?: string } = {},
): Reject {
  return {
    fingerprint: sourceFingerprint(pseudonymKey, adapter.id, source),
    key: known.key === undefined ? undefined : storedKey(compiled.standard, pseudonymKey, known.key),
    scope: known.scope,
    ...(known.mark !== undefined && { mark: known.mark }),
    source,
    issues,
  }
}

function withSource(adapter: Adapter, issue: Issue): Issue {
  if (issue.source !== undefined) return issue
  const source = adapter.sourceOf(issue.pointer)
  return source === undefined ? issue : { ...issue, source }
}

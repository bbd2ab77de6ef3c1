/** The pure middle of a delivery: a source record becomes an offer, or a reject that says why. */
import type { Adapter } from '../map/adapter.ts'
import type { Converted } from '../map/conversion.ts'
import { withoutConsequences } from '../map/issues.ts'
import type { Issue, Language, RecordKey, SourceRecord, UnreadableRecord } from '../record.ts'
import { storedKey } from '../seal/contents.ts'
import { sourceFingerprint } from '../seal/pseudonym.ts'
import type { Offer } from '../store/keep.ts'
import type { Reject } from '../store/quarantine.ts'
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
  | { readonly offer: Offer; readonly item: SourceRecord; readonly warnings: readonly Issue[] }
  | { readonly reject: Reject; readonly item: SourceRecord | UnreadableRecord }

export function convert(line: Line, item: SourceRecord | UnreadableRecord): Conversion {
  if ('unreadable' in item) return { reject: rejectOf(line, item.text, [item.unreadable]), item }
  const { adapter, compiled, language } = line
  const converted = convertRecord({ adapter, validator: compiled.validator, language }, item)
  const { issues, warnings } = converted
  if (issues.length > 0) return { reject: rejectOf(line, sourceText(item), issues, converted), item }
  const contents = compiled.contentsOf(converted.record)
  return {
    offer: {
      contents,
      scope: converted.scope ?? '',
      recordId: converted.recordId ?? null,
      asOf: converted.asOf ?? null,
    },
    item,
    warnings,
  }
}

/** Maps, then validates: all that is wrong at once, save what merely follows from a field that could not be mapped. */
export function convertRecord(
  {
    adapter,
    validator,
    language,
  }: { readonly adapter: Adapter; readonly validator: Validator; readonly language: Language },
  item: SourceRecord,
): Converted & Findings {
  const converted = adapter.convert(item, language)
  const found = validator.validate(converted.record, language)
  if (converted.issues.length === 0 && found.issues.length === 0) return Object.assign(converted, found)
  const issues = withoutConsequences(converted.issues, found.issues).slice(0, maxIssues)
  return { ...converted, warnings: found.warnings, issues: issues.map(issue => withSource(adapter, issue)) }
}

/** A record of a thousand bad elements is understood by the first of them. */
const maxIssues = 100

/** A valid record that its delivery has contradicted before. */
export function rejectDuplicate(line: Line, item: SourceRecord, offer: Offer): Reject {
  const issue: Issue = {
    pointer: '',
    code: 'key-duplicate',
    message:
      line.language === 'zh-CN'
        ? '同一批次中已有主键相同而内容不同的记录'
        : 'another record with the same key and other content came before it in the same delivery',
  }
  return { ...rejectOf(line, sourceText(item), [issue]), key: offer.contents.key, scope: offer.scope }
}

/** A source record as it is kept: with what was read from around it, which key and scope may come from. */
function sourceText({ node, context }: SourceRecord): string {
  return JSON.stringify(Object.keys(context).length === 0 ? node : { record: node, context })
}

function rejectOf(
  { adapter, compiled, pseudonymKey }: Line,
  source: string,
  issues: readonly Issue[],
  known: { readonly key?: RecordKey; readonly scope?: string } = {},
): Reject {
  return {
    fingerprint: sourceFingerprint(pseudonymKey, adapter.id, source),
    key: known.key === undefined ? undefined : storedKey(compiled.standard, pseudonymKey, known.key),
    scope: known.scope,
    source,
    issues,
  }
}

function withSource(adapter: Adapter, issue: Issue): Issue {
  if (issue.source !== undefined) return issue
  const source = adapter.sourceOf(issue.pointer)
  return source === undefined ? issue : { ...issue, source }
}

/** How a command ends badly: on standard error as text or as JSON, and by the exit code. */
import { CommanderError } from 'commander'
import { HubError, problems, type ProblemCode } from '../errors.ts'
import { DeliveryFailure } from '../exchange/delivery-request.ts'
import type { Issue, Receipt } from '../record.ts'
import type { Comparison } from '../catalogue/compare/compare.ts'
import type { CodeListComparison } from '../exchange/publish-code-list.ts'
import { comparisonText } from './comparison-text.ts'
import { receiptText } from './receipt.ts'

/** Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2

/** @param usage what commander has to say of a wrong usage */
export function report(error: unknown, usage: string, json: boolean): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    process.stderr.write(
      json ? `${JSON.stringify({ code: 'usage', title: 'Wrong usage', detail: usage.trim() })}\n` : usage,
    )
    return 2
  }
  const problem = problemOf(error)
  process.stderr.write(`${json ? JSON.stringify(problem) : problemText(problem)}\n`)
  // A fault of ours: where it happened is what a report of it needs.
  if (problem.code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return 1
}

/** What a detail says for callers over HTTP, said for the command line. */
function asCommands(detail: string): string {
  return calls.reduce((text, [call, instead]) => text.replaceAll(call, instead), detail)
}

/** Longer calls before those that they begin with. */
const calls: readonly [RegExp, string][] = [
  [/GET \/v1\/standards\/([a-z\d-]+)\/compare\?from=…&to=([\d.]+)/g, '`concord compare $1@… $1@$2`'],
  [/`?GET \/v1\/standards\b(?!\/)`?/g, '`concord standard list`'],
  [/`?GET \/v1\/code-lists\b(?!\/)`?/g, '`concord codes list`'],
  [/GET \/v1\/corrections\/(\{id\}|[\da-f-]+)/g, '`concord correction show $1`'],
]

type Problem = {
  readonly code: ProblemCode
  readonly title: string
  readonly detail: string
  readonly issues?: readonly Issue[]
  readonly receipt?: Receipt
  /** What a version was refused for. */
  readonly comparison?: Comparison | CodeListComparison
}

function problemOf(error: unknown): Problem {
  const { code, message, issues, members } = asHubError(error)
  return {
    code,
    title: problems[code].title,
    detail: asCommands(message),
    ...(issues.length > 0 ? { issues } : {}),
    ...members,
    ...(error instanceof DeliveryFailure ? { receipt: error.receipt } : {}),
  }
}

function problemText({ code, title, detail, issues = [], receipt, comparison }: Problem): string {
  const lines = [`concord: ${title}: ${detail}`]
  // It says all that the issues say, and proves it.
  if (comparison !== undefined && 'changes' in comparison) return [...lines, comparisonText(comparison)].join('\n')
  for (const { pointer, source, message } of issues) {
    // Some details say it all in one line.
    if (detail.includes(message)) continue
    lines.push(`  ${pointer || '(the whole)'}${source === undefined ? '' : ` (from ${source})`}: ${message}`)
  }
  if (receipt !== undefined) lines.push('What was good until there is kept:', receiptText(receipt))
  const next = nextSteps[code]
  // Some details name the command themselves.
  if (next !== undefined && !detail.includes(next.slice(0, next.lastIndexOf('`')))) lines.push(next)
  return lines.join('\n')
}

function asHubError(error: unknown): HubError {
  if (error instanceof HubError) return error
  const { code, path, message } = error as NodeJS.ErrnoException
  if (path !== undefined) {
    const why = (code !== undefined && fileFaults[code]) || 'it cannot be read or written'
    return new HubError('file-unreadable', `${path}: ${why} (${code}).`, { cause: error })
  }
  return new HubError('internal', message, { cause: error })
}

/** What the system says of files, in words. */
const fileFaults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you may not read or write it',
  EISDIR: 'it is a folder, and a file is needed',
  EEXIST: 'it stands there already, and is no folder',
  ENOTDIR: 'a part of the path is a file, and no folder',
  ENOSPC: 'the disk is full',
}

/** What to do next, where the detail does not say it. */
const nextSteps: Partial<Record<ProblemCode, string>> = {
  'standard-unknown': '`concord standard list` shows those that there are.',
  'code-list-unknown': '`concord codes list` shows those that there are.',
  'adapter-unknown': '`concord adapter list` shows those that there are.',
  'adapter-invalid': '`concord check <file>` looks at it again.',
  'agreement-unknown': '`concord agreement list` shows them.',
  'input-malformed': 'Mend the input and deliver it again: what was kept will be found unchanged.',
  'input-refused': 'Mend the input and deliver it again: what was kept will be found unchanged.',
  'encoding-unreadable': 'Name the encoding in the adapter (source.encoding), or mend the input and deliver it again.',
  'delivery-unknown': '`concord delivery list` shows them.',
  'reject-unknown': '`concord quarantine list` shows them.',
  'reject-decided': '`concord quarantine list --state open` shows those that are open.',
  'log-invalid':
    'Leave the databases as they are, and compare them with exports and checkpoints that were kept elsewhere.',
}

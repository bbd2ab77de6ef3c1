/** What a call to a hub can fail with. */

/** One thing that is wrong with what was sent, as the hub names it; never with a value in it. */
export type ProblemIssue = {
  readonly pointer: string
  readonly source?: string
  readonly code: string
  readonly message: string
}

/** A refusal or failure that the hub reports (RFC 9457), or whatever stands before it: then `code` is `http`. */
export class ConcordProblem extends Error {
  override readonly name: string = 'ConcordProblem'
  readonly status: number
  /** As in the hub's table of problems; of a token request, as in RFC 6749 §5.2. */
  readonly code: string
  readonly detail: string
  readonly issues: readonly ProblemIssue[]
  /** The request as the hub's log knows it. */
  readonly request: string | undefined
  /** Seconds after which the hub asks to be called again. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    { status, headers }: Pick<Response, 'status' | 'headers'>,
    document: Readonly<Record<string, unknown>> = {},
  ) {
    const code = textOf(document['code']) ?? textOf(document['error']) ?? 'http'
    const detail = textOf(document['detail']) ?? textOf(document['error_description']) ?? textOf(document['title'])
    super(`${code} (${status})${detail === undefined ? '' : `: ${detail}`}`)
    this.status = status
    this.code = code
    this.detail = detail ?? ''
    this.issues = Array.isArray(document['issues']) ? (document['issues'] as ProblemIssue[]) : []
    this.request = textOf(document['request'])
    this.retryAfterSeconds = secondsOf(headers.get('retry-after'))
  }
}

/** The rights that a change cursor was given under have changed: begin again with an export. */
export class CursorExpired extends ConcordProblem {
  override readonly name = 'CursorExpired'
}

/** An export that ended before its end: what came of it is not everything. */
export class ExportCut extends Error {
  override readonly name = 'ExportCut'
}

/** The problem that a reply tells of. */
export async function problemOf(reply: Response): Promise<ConcordProblem> {
  const text = await reply.text().catch(() => '')
  const document = jsonOf(text)
  return document?.['code'] === 'cursor-expired'
    ? new CursorExpired(reply, document)
    : new ConcordProblem(reply, document)
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}

/**
 * Every problem that Concord reports, in one table: code, HTTP status, title (RFC 9457).
 *
 * `docs/problems.md` lists the same table; a test keeps the two equal and finds codes that nothing raises.
 */
import type { Issue } from './record.ts'

export const problems = {
  // the door
  'request-invalid': { status: 400, title: 'The request does not have the form that this call takes' },
  unauthenticated: { status: 401, title: 'No valid credentials' },
  'scope-missing': { status: 403, title: 'The client does not have the scope that this call needs' },
  'address-refused': { status: 403, title: 'The client may not call from this address' },
  'proxy-unknown': { status: 403, title: 'Without TLS, only the named proxies may call' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'not-acceptable': { status: 406, title: 'None of the formats that the call gives is acceptable' },
  'request-timeout': { status: 408, title: 'The request did not come in time' },
  conflict: { status: 409, title: 'It exists already, with other content' },
  'body-too-large': { status: 413, title: 'The body is larger than this call takes' },
  'media-type-unsupported': { status: 415, title: 'The body is in a format that this call does not take' },
  'headers-too-large': { status: 431, title: 'Address and headers are larger than any call takes' },
  'rate-limited': { status: 429, title: 'More requests than are let in; wait as long as Retry-After says' },
  internal: { status: 500, title: 'The hub has failed; the log of the process says more' },
  overloaded: { status: 503, title: 'The hub has more to do than it can at this moment' },
  'log-unavailable': { status: 503, title: 'The access log cannot be written, so nothing is disclosed' },
  'store-unavailable': { status: 503, title: 'The record store cannot be reached' },
  // agreements
  'agreement-missing': { status: 403, title: 'No agreement allows this call' },
  'agreement-ambiguous': {
    status: 409,
    title: 'Another active agreement covers the same department, standard and matter',
  },
  'index-building': { status: 503, title: 'The index of a field that has just become indexed is being built' },
  'not-open': { status: 403, title: 'The records of this standard are not open to the public' },
  'field-not-granted': { status: 403, title: 'The agreement does not grant a field that was asked for' },
  'quota-exceeded': { status: 429, title: 'The daily quota of the agreement has no room for this reply' },
  'agreement-state': { status: 409, title: 'What the agreement is now does not allow this act' },
  'self-decision': { status: 403, title: 'Nobody decides on what they asked for' },
  'owner-only': { status: 403, title: 'Only the owner of the standard decides on this' },
  // catalogue
  'standard-invalid': { status: 422, title: 'The document is not a valid standard' },
  'standard-unknown': { status: 404, title: 'No such standard or version is published' },
  'code-list-invalid': { status: 422, title: 'The document is not a valid code list' },
  'code-list-unknown': { status: 404, title: 'No such code list is published' },
  'codes-refused': { status: 422, title: 'The codes cannot be imported' },
  'crosswalk-invalid': { status: 422, title: 'The document is not a valid crosswalk' },
  'crosswalk-unknown': { status: 404, title: 'No such crosswalk is published' },
  'adapter-invalid': { status: 422, title: 'The document is not a valid adapter' },
  'adapter-unknown': { status: 404, title: 'No such adapter is published' },
  'adapter-broken': {
    status: 422,
    title: 'An adapter could not be used, or would give something else than its cases expect',
  },
  'case-invalid': { status: 422, title: 'The case cannot be taken' },
  'case-unknown': { status: 404, title: 'The adapter has no such case' },
  'version-published': {
    status: 409,
    title: 'This version is published already, with other content; versions are immutable',
  },
  'version-unfit': { status: 422, title: 'The number of the version does not fit what has changed' },
  'uses-changed': { status: 409, title: 'Who uses the major is not what was confirmed' },
  'major-state': { status: 409, title: 'What the major of the standard is now does not allow this act' },
  'major-retired': { status: 410, title: 'This major of the standard is retired' },
  'code-list-in-use': { status: 409, title: 'Standards draw from the code list, and would break by the change' },
  // administration
  'department-unknown': { status: 404, title: 'No such department' },
  'client-unknown': { status: 404, title: 'No such client' },
  'user-unknown': { status: 404, title: 'No such user' },
  'self-administered': { status: 403, title: 'Nobody suspends or renews themselves' },
  'agreement-unknown': { status: 404, title: 'No such agreement' },
  // deliveries
  'input-malformed': { status: 422, title: 'The input is not well-formed' },
  'input-refused': { status: 422, title: 'The input goes beyond a limit or holds what is not taken' },
  'encoding-unreadable': { status: 422, title: 'The input is not in the encoding that it should be in' },
  'delivery-busy': { status: 409, title: 'Another delivery of this adapter is running' },
  'delivery-superseded': { status: 409, title: 'The delivery lost its lease to another and was stopped' },
  'delivery-reverted': { status: 409, title: 'The delivery is reverted already' },
  'delivery-unnoted': { status: 409, title: 'What the delivery changed was not noted, so it cannot be reverted' },
  'delivery-abandoned': { status: 500, title: 'The delivery was begun several times and never came to its end' },
  'queue-full': { status: 429, title: 'Too many deliveries of this client wait for their turn' },
  'delivery-unknown': { status: 404, title: 'No such delivery' },
  'reject-unknown': { status: 404, title: 'No such rejected record' },
  'reject-decided': { status: 409, title: 'The rejected record was released, dismissed or overtaken before' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key was used before, with another input' },
  'cursor-expired': { status: 410, title: 'The cursor was given under other rights; export again' },
  'discrepancy-unknown': { status: 404, title: 'No such discrepancy' },
  'discrepancy-state': { status: 409, title: 'The departments do not differ any more' },
  'correction-unknown': { status: 404, title: 'No such correction' },
  'correction-state': { status: 409, title: 'What the correction is now does not allow this act' },
  'correction-addressed': { status: 403, title: 'The correction is for another department to answer' },
  'record-unknown': { status: 404, title: 'No such record, or none that the agreement reaches' },
  // pulls
  'pull-failed': { status: 502, title: 'The source that records are pulled from does not give them' },
  'credential-unknown': { status: 404, title: 'No such credential' },
  // the log
  'entry-unknown': { status: 404, title: 'The log, or its checkpoint, has no such entry' },
  'checkpoint-unknown': { status: 404, title: 'The log has kept no such checkpoint' },
  'tile-unknown': { status: 404, title: 'The log, as far as it is signed, has no such tile' },
  'witness-unavailable': { status: 502, title: 'A witness of the log does not answer as it should' },
  'log-invalid': { status: 409, title: 'The access log does not verify' },
  // environment and command line
  'configuration-invalid': { status: 500, title: 'The configuration cannot be used' },
  'key-unreadable': { status: 500, title: 'A key cannot be read' },
  'file-unreadable': { status: 400, title: 'A file cannot be read' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** An expected failure. `detail` says what to do next and holds no value of a record. */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly code: ProblemCode
  readonly issues: readonly Issue[]
  /** When the same call may go well, where that is known. */
  readonly retryAfterSeconds: number | undefined
  /** Further members of the problem document (RFC 9457 §3.2), such as the comparison that a version was refused for. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      issues?: readonly Issue[]
      cause?: unknown
      retryAfterSeconds?: number
      members?: Readonly<Record<string, unknown>>
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.issues = more.issues ?? []
    this.retryAfterSeconds = more.retryAfterSeconds
    this.members = more.members ?? {}
  }
}

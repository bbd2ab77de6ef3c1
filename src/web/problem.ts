/** Problems over HTTP: RFC 9457, `application/problem+json`. The only place that knows a problem's status. */
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { DeliveryFailure } from '../exchange/delivery-request.ts'
import { HubError, problems, type ProblemCode } from '../errors.ts'
import type { Issue } from '../record.ts'

export const problemType = 'application/problem+json'

/** Fastify's own refusals, in our words. */
const fastifyCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request-invalid',
  FST_ERR_BAD_URL: 'request-invalid',
  FST_ERR_MAX_PARAM_LENGTH: 'request-invalid',
  // The caller has gone; nobody reads the answer.
  ECONNRESET: 'request-invalid',
}

const seeDocs = '/docs shows what the call takes.'

/** What to do about them, where the title does not say it. */
const fastifyDetails: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: `A document needs Content-Type: application/json; ${seeDocs}`,
  FST_ERR_CTP_EMPTY_JSON_BODY: `The body is empty, though it is said to be JSON; ${seeDocs}`,
  FST_ERR_CTP_INVALID_JSON_BODY: `The body is not JSON that can be read; ${seeDocs}`,
  FST_ERR_BAD_URL: 'The address is not percent-encoded as it must be.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says; send it again.',
}

export function sendProblem(
  error: FastifyError | HubError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemOf(error)
  if (problem.code === 'internal' || problem.status === 503) request.log.error({ err: error }, problem.title)
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="concord"')
  if (problem.status === 503) void reply.header('Retry-After', '5')
  if (error instanceof HubError && error.retryAfterSeconds !== undefined) {
    void reply.header('Retry-After', String(error.retryAfterSeconds))
  }
  void reply
    .status(problem.status)
    .type(problemType)
    .send(JSON.stringify({ ...problem, request: request.id }))
}

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail?: string
  readonly issues?: readonly Issue[]
  readonly receipt?: DeliveryFailure['receipt']
}

export function problemOf(error: FastifyError | HubError | Error): Problem {
  if (error instanceof HubError) {
    return {
      ...head(error.code),
      detail: error.message,
      ...(error.issues.length > 0 ? { issues: error.issues.map(withBoundedPointer) } : {}),
      ...error.members,
      ...(error instanceof DeliveryFailure ? { receipt: error.receipt } : {}),
    }
  }
  if ('validation' in error && error.validation !== undefined) {
    const detail = `Mend the ${error.validationContext ?? 'request'}; ${seeDocs}`
    return { ...head('request-invalid'), detail, issues: error.validation.map(issueOf).map(withBoundedPointer) }
  }
  const code = 'code' in error ? fastifyCodes[error.code] : undefined
  const detail = 'code' in error ? fastifyDetails[error.code] : undefined
  return { ...head(code ?? 'internal'), ...(detail !== undefined && { detail }) }
}

/** Longer than the name of any field. */
const mostOfName = 100

/** A name that is longer is no name: it may be the whole body, read as one. */
function withBoundedPointer(issue: Issue): Issue {
  if (issue.pointer.length <= mostOfName) return issue
  const names = issue.pointer.split('/')
  const end = names.findIndex(name => name.length > mostOfName)
  return { ...issue, pointer: (end === -1 ? names : [...names.slice(0, end), '…']).join('/').slice(0, 1000) }
}

function issueOf({ instancePath, keyword, params, message = keyword }: FastifySchemaValidationError): Issue {
  const { additionalProperty: name, allowedValues } = params
  // What does not look like a name may be a value in the wrong place.
  if (typeof name === 'string' && /^[A-Za-z][\w-]{0,40}$/.test(name)) {
    return { pointer: `${instancePath}/${name}`, code: keyword, message: 'is not known to this call' }
  }
  const isListed = keyword === 'enum' && Array.isArray(allowedValues)
  return {
    pointer: instancePath,
    code: keyword,
    message: isListed ? `must be one of ${allowedValues.join(', ')}` : message,
  }
}

function head(code: ProblemCode): Pick<Problem, 'type' | 'title' | 'status' | 'code'> {
  const { status, title } = problems[code]
  return { type: `urn:concord:problem:${code}`, title, status, code }
}

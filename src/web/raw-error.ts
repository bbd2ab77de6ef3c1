/** What is no request that Node can read: answered on the bare connection, before there is a request, by a problem document. */
import type { FastifyServerOptions } from 'fastify'
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { ProblemCode } from '../errors.ts'
import { HubError } from '../errors.ts'
import { problemOf, problemType } from './problem.ts'

type Answer = { readonly code: ProblemCode; readonly detail: string }

/** By Node's code. What was sent is not echoed. */
const answers: Readonly<Record<string, Answer>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request-timeout', detail: 'Send it again, headers and body without a pause.' },
  HPE_HEADER_OVERFLOW: { code: 'headers-too-large', detail: 'Address and headers take 16 KiB together.' },
  HPE_INVALID_URL: {
    code: 'request-invalid',
    detail:
      'The address holds characters that no address may: percent-encode what is not ASCII, and blanks (curl -G --data-urlencode does).',
  },
}

const unreadable: Answer = { code: 'request-invalid', detail: 'What was sent is not HTTP that can be read.' }

export const answerRawError: NonNullable<FastifyServerOptions['clientErrorHandler']> = (error, socket) => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable) socket.write(replyTo(answers[error.code] ?? unreadable))
  socket.destroy()
}

function replyTo({ code, detail }: Answer): string {
  const problem = problemOf(new HubError(code, detail))
  const body = JSON.stringify({ ...problem, request: randomUUID() })
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

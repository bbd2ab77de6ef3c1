/** How a client shows who it is at `/oauth/token`: `client_secret_basic` or `private_key_jwt` (RFC 6749 §2.3, RFC 7523 §2.2). */
import type { FastifyRequest } from 'fastify'
import type { Hub } from '../exchange/hub.ts'
import { audiencesOf, identifyByAssertion, identifyBySecret, type Identified } from '../exchange/identify-client.ts'

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What of a token request may stand in its body to say who asks. */
export type ClientAssertion = {
  client_id?: string
  client_assertion_type?: string
  client_assertion?: string
}

export const assertionProperties = {
  client_id: { type: 'string', maxLength: 64, description: 'The client, beside its assertion; it may be left out.' },
  client_assertion_type: { type: 'string', const: assertionType },
  client_assertion: {
    type: 'string',
    maxLength: 4096,
    description:
      'A JWT that one of the client’s keys has signed: iss and sub the client, aud this hub, exp at most five minutes ahead, jti new.',
  },
} as const

/** An error of RFC 6749 §5.2. */
export type Unauthenticated = {
  readonly status: 400 | 401
  readonly error: 'invalid_request' | 'invalid_client'
  readonly error_description: string
}

export async function authenticateClient(
  hub: Hub,
  { headers, body }: Pick<FastifyRequest<{ Body: ClientAssertion }>, 'headers' | 'body'>,
): Promise<Identified | Unauthenticated> {
  const { client_id: id, client_assertion_type: type, client_assertion: assertion } = body
  if (assertion === undefined && type === undefined) {
    const [name, secret] = credentialsIn(headers.authorization) ?? []
    const client = name === undefined ? undefined : await identifyBySecret(hub, name, secret ?? '')
    return client ?? invalidClient('Unknown client, wrong secret, or suspended.')
  }
  if (headers.authorization !== undefined || assertion === undefined || type === undefined) {
    return {
      status: 400,
      error: 'invalid_request',
      error_description: 'Send either HTTP Basic, or client_assertion with client_assertion_type.',
    }
  }
  const audiences = audiencesOf(hub).join(' or ')
  return (
    (await identifyByAssertion(hub, assertion, id)) ??
    invalidClient(
      `The assertion must be signed by a key of the client; iss and sub are its id, aud is ${audiences}, exp at most 300 s ahead, jti new.`,
    )
  )
}

function invalidClient(description: string): Unauthenticated {
  return { status: 401, error: 'invalid_client', error_description: description }
}

/** RFC 6749 §2.3.1: both halves are form-encoded first; ids and secrets of ours have nothing to encode. */
function credentialsIn(authorization: string | undefined): [id: string, secret: string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s)
  return [unescape(id), unescape(secret)]
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Signing in as a person does: with the password that was shown once, and the code of an authenticator app. */
import type { Credentials } from '../../src/exchange/users.ts'
import { totpCode } from '../../src/seal/totp.ts'
import type { TestHub } from '../helper.ts'

/** Half a minute later than the last time, so that the app shows a code that was not used yet. */
export function nextCode(hub: TestHub, { totp }: Credentials): string {
  hub.pass(30_000)
  return totpCode(totp.secret, hub.clock())
}

export function requestUserToken(url: string, parameters: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:concord:params:oauth:grant-type:totp', ...parameters }),
  })
}

/** An access token of a user. */
export async function userToken(url: string, hub: TestHub, user: Credentials): Promise<string> {
  const { id: username, password } = user
  const reply = await requestUserToken(url, { username, password, totp: nextCode(hub, user) })
  return ((await reply.json()) as { access_token: string }).access_token
}

/** The access token of a client: asked for once, kept until shortly before it ends, shared by all calls. */
import { signAssertion, type PrivateKey } from './assertion.ts'
import { problemOf } from './problem.ts'
import { retry, type Retries } from './retry.ts'

/** What a client is known by: its secret, or a private key whose public half the hub has. */
export type Credential =
  | { readonly secret: string }
  | {
      readonly privateKey: PrivateKey
      /** How the hub calls itself, `CONCORD_LOG_ORIGIN`; its token endpoint where it is left out, for a hub that knows its CONCORD_PUBLIC_URL. */
      readonly audience?: string
      /** Of the key, where the hub has several; a JWK's own kid where it is left out. */
      readonly keyId?: string
    }

/** How long the hub may take for a token, in ms: every call waits for it. */
const timeoutMs = 30_000

/** A token that ends within this is renewed first: a call may wait on its way. */
const marginMs = 30_000

type Token = { readonly text: string; readonly endsAt: number }

export class TokenSource {
  readonly #url: string
  readonly #clientId: string
  readonly #credential: Credential
  readonly #fetch: typeof fetch
  readonly #retries: Retries
  #token: Promise<Token> | undefined

  constructor(options: {
    readonly url: string
    readonly clientId: string
    readonly credential: Credential
    readonly fetch: typeof fetch
    readonly retries: Retries
  }) {
    this.#url = `${options.url}/oauth/token`
    this.#clientId = options.clientId
    this.#credential = options.credential
    this.#fetch = options.fetch
    this.#retries = options.retries
  }

  /** @param refused a token that the hub does not take any more */
  async token(refused?: string): Promise<string> {
    const known = this.#token
    const token = known && (await known)
    if (token !== undefined && token.text !== refused && token.endsAt - marginMs > Date.now()) return token.text
    // Of several that find it ended, the first renews it.
    if (this.#token === known) this.#token = this.#ask()
    return (await (this.#token ?? this.#ask())).text
  }

  #ask(): Promise<Token> {
    const asked = retry(() => this.#request(), this.#retries, undefined)
    asked.catch(() => {
      if (this.#token === asked) this.#token = undefined
    })
    return asked
  }

  async #request(): Promise<Token> {
    const asked = Date.now()
    const reply = await this.#fetch(this.#url, {
      method: 'POST',
      ...this.#proof(),
      signal: AbortSignal.timeout(timeoutMs),
      // What proves who the client is goes to the hub and nowhere else.
      redirect: 'error',
    })
    if (!reply.ok) throw await problemOf(reply)
    const { access_token: text, expires_in: seconds } = (await reply.json()) as {
      access_token: string
      expires_in: number
    }
    return { text, endsAt: asked + seconds * 1000 }
  }

  #proof(): { readonly headers?: Record<string, string>; readonly body: URLSearchParams } {
    const grant = { grant_type: 'client_credentials' }
    if ('secret' in this.#credential) {
      const pair = `${encodeURIComponent(this.#clientId)}:${encodeURIComponent(this.#credential.secret)}`
      const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
      return { headers, body: new URLSearchParams(grant) }
    }
    const { privateKey, audience = this.#url, keyId } = this.#credential
    const assertion = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signAssertion(privateKey, { clientId: this.#clientId, audience, keyId }),
    }
    return { body: new URLSearchParams({ ...grant, ...assertion }) }
  }
}

/** Pulls over HTTP: one answer, or pages; what has not changed since the last good run is not delivered again. */
import type { HttpPull } from '../map/pull.ts'
import type { Resume } from '../store/pulls.ts'
import { credentialOf } from './credentials.ts'
import { pagesOf } from './pull-pages.ts'
import { ask, type Asking } from './pull-request.ts'
import { PullFailure, withItems, type Found, type Pulling } from './pull-source.ts'

export async function pullHttp(pulling: Pulling, http: HttpPull): Promise<Found> {
  const asking = await askingOf(pulling, http)
  const start = new URL(http.url)
  if (http.paging === undefined) return pullOne(pulling, start, asking)
  const pages = pagesOf(pulling, { start, paging: http.paging, asking })
  const hasRecords = await withItems(pages, all => pulling.deliver(documentsOf(all), () => ({})))
  return hasRecords ? 'delivered' : 'nothing-new'
}

async function pullOne(pulling: Pulling, url: URL, asking: Asking): Promise<Found> {
  const conditions = conditionsOf(pulling)
  const answer = await ask(url, { ...asking, headers: { ...asking.headers, ...conditions } })
  try {
    if (answer.status === 304) return 'not-modified'
    const validators = validatorsOf(answer.headers, pulling.adapter.version)
    await pulling.deliver([answer.body], () => ({ validators }))
    return 'delivered'
  } finally {
    answer.close()
  }
}

async function askingOf({ hub, adapter, signal, waits }: Pulling, http: HttpPull): Promise<Asking> {
  const { department } = adapter
  const credential = http.credential === undefined ? undefined : await credentialOf(hub, department, http.credential)
  const { origin } = new URL(http.url)
  if (credential !== undefined && credential.origin !== origin) {
    throw new PullFailure(`The credential ${credential.name} is for ${credential.origin} and is not sent to ${origin}.`)
  }
  return {
    pullHosts: hub.config.pullHosts,
    home: origin,
    headers: http.headers ?? {},
    credential,
    signal,
    waits,
    now: hub.clock,
    budget: { bytes: hub.config.bodyLimitBytes },
  }
}

/** None for another version of the adapter: it may make something else of the same bytes. */
function conditionsOf({ resume: { validators }, adapter }: Pulling): Record<string, string> {
  if (validators?.version !== adapter.version) return {}
  const { etag, lastModified } = validators
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
}

function validatorsOf(headers: Headers, version: string): NonNullable<Resume['validators']> {
  const etag = headers.get('etag')
  const lastModified = headers.get('last-modified')
  return { version, ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) }
}

async function* documentsOf(pages: AsyncGenerator<Buffer>): AsyncGenerator<AsyncIterable<Uint8Array>> {
  for await (const page of pages) {
    yield (async function* () {
      yield page
    })()
  }
}

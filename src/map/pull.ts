/**
 * Where an adapter's input is fetched from, and when: the `pull` member of its document.
 *
 * Conversion knows nothing of it. What the schema cannot say of it is checked here, so that a steward learns it when
 * the adapter is published and not in the night.
 */
import type { AdapterDocument } from './document.ts'
import { find, type Loading } from './loading.ts'
import { parsePath } from './path.ts'
import { nextRun } from './schedule.ts'
import { isTimezone } from './transforms/timezone.ts'

export type PullDescription = {
  /** Cron of five fields, in the adapter's time zone. */
  readonly schedule: string
} & ({ readonly http: HttpPull } | { readonly folder: FolderPull } | { readonly database: DatabasePull })

export type HttpPull = {
  readonly url: string
  readonly headers?: { readonly [name: string]: string }
  /** A name in the key store, within the adapter's department. */
  readonly credential?: string
  readonly paging?: Paging
}

/** How a source gives out its records in pages. Paths are absolute, in the outermost document of a page. */
export type Paging =
  | { readonly next: string }
  | { readonly page: string; readonly from?: number; readonly size?: PageSize }
  | { readonly offset: string; readonly size?: PageSize }
  | { readonly cursor: { readonly parameter: string; readonly path: string } }

export type PageSize = { readonly parameter: string; readonly number: number }

export type FolderPull = {
  /** Below the drop folder; its first name is the department. */
  readonly path: string
  /** `*` any characters, `?` one. */
  readonly match?: string
}

export type DatabasePull = {
  readonly credential: string
  readonly query: string
  /** The column whose last value the next run goes on from, in place of `:watermark`. */
  readonly watermark?: string
  /** What the first run goes on from. */
  readonly initial?: string
}

/** Finds what is wrong with an adapter's `pull` beyond its shape. */
export function checkPull(loading: Loading): void {
  const { pull, timezone } = loading.document
  if (pull === undefined) return
  checkSchedule(loading, pull.schedule, timezone)
  if ('http' in pull) checkHttp(loading, pull.http)
  else if ('folder' in pull) checkFolder(loading, pull.folder)
  else checkDatabase(loading, pull.database)
}

function checkSchedule(loading: Loading, schedule: string, timezone: string | undefined): void {
  // A time zone that is none has an issue of its own.
  const zone = timezone !== undefined && isTimezone(timezone) ? timezone : undefined
  if (nextRun(schedule, zone, new Date(0)) !== undefined) return
  const message = 'is no cron of five fields (minute, hour, day of the month, month, day of the week) that ever comes'
  find(loading, '/pull/schedule', 'schedule-invalid', message)
}

function checkHttp(loading: Loading, { url, headers = {}, paging }: HttpPull): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.hash !== '') {
    find(loading, '/pull/http/url', 'address-invalid', 'is no http or https address without a fragment')
  } else if (parsed.username !== '' || parsed.password !== '') {
    find(loading, '/pull/http/url', 'secret-exposed', 'holds credentials: `concord credential set` keeps them sealed')
  }
  for (const name of Object.keys(headers)) {
    if (!ownHeaders.test(name)) continue
    const message = 'is set by the hub; what proves who asks is kept by `concord credential set`'
    find(loading, `/pull/http/headers/${name}`, 'header-reserved', message)
  }
  if (paging === undefined) return
  if ('next' in paging && paging.next !== 'link') checkPagePath(loading, '/pull/http/paging/next', paging.next)
  if ('cursor' in paging) checkPagePath(loading, '/pull/http/paging/cursor/path', paging.cursor.path)
}

/** Those that say who asks, or that the connection itself needs. */
const ownHeaders =
  /^(authorization|proxy-.*|cookie|host|connection|content-.*|transfer-encoding|accept-encoding|if-.*|range)$/i

function checkPagePath(loading: Loading, pointer: string, text: string): void {
  if (parsePath(text)?.absolute !== true) {
    find(loading, pointer, 'path-invalid', 'is no path from the root of a page: /names/joined/by/slashes')
  }
  const { envelope, format } = loading.document.source
  if (!/^(xml|json)$/.test(envelope?.[0]?.format ?? format)) {
    find(loading, pointer, 'paging-invalid', `${format} has records only: take next: "link", page or offset`)
  }
}

function checkFolder(loading: Loading, { path }: FolderPull): void {
  const names = path.split('/')
  if (names.some(name => /^\.{0,2}$/.test(name) || /[\\\0]/.test(name))) {
    find(loading, '/pull/folder/path', 'path-invalid', 'is no path below the drop folder: names joined by /')
  } else if (names[0] !== loading.document.adapter.department) {
    find(loading, '/pull/folder/path', 'path-invalid', 'must begin with the department: each drops into its own folder')
  }
}

function checkDatabase(loading: Loading, database: DatabasePull): void {
  const { query, watermark } = database
  const uses = /:watermark\b/.test(query)
  const at = (member: string, code: string, message: string): void =>
    find(loading, `/pull/database/${member}`, code, message)
  if (watermark === undefined && uses) at('query', 'watermark-missing', 'uses :watermark, which no column is named for')
  if (watermark !== undefined && !uses) at('query', 'watermark-unused', 'does not use :watermark: every run gives all')
  if (watermark !== undefined && !/\border\s+by\b/i.test(query)) {
    at('query', 'query-unordered', 'must order by the watermark: the last row says where the next run goes on')
  }
  const { mode, source } = loading.document
  if (watermark !== undefined && mode === 'snapshot') {
    at('watermark', 'mode-invalid', 'gives what has changed only: a snapshot would withdraw all the rest')
  }
  if (!isPlainNdjson(source)) find(loading, '/source/format', 'format-invalid', 'rows of a database come as ndjson')
}

function isPlainNdjson({ format, decode, envelope, encoding = 'utf-8' }: AdapterDocument['source']): boolean {
  return format === 'ndjson' && decode === undefined && envelope === undefined && /^utf-?8$/i.test(encoding)
}

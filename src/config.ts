/**
 * The environment, validated once: the only reader of `process.env`.
 *
 * Every variable begins with `CONCORD_`. An unknown one is refused as a misspelling would otherwise pass in silence.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { resolve } from 'node:path'
import { environmentSchema, type Environment, type KeyName } from './environment.ts'
import { HubError } from './errors.ts'
import type { Issue, Language } from './record.ts'

export type Config = {
  readonly host: string
  readonly port: number
  readonly dataDirectory: string
  readonly samples: boolean
  readonly logOrigin: string
  /** Verifier keys of the log's witnesses, and where they are asked. */
  readonly witnesses: readonly { readonly key: string; readonly url: string }[]
  readonly logLevel: string
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string }
  readonly trustedProxies?: readonly string[]
  /** Without a slash at its end. */
  readonly publicUrl?: string
  /** Requests a second, of a client and of an address that asks for tokens; 0: any number. */
  readonly rateLimit: number
  readonly tokenRateLimit: number
  /** What anybody may read without a client; 0: any number. */
  readonly open: {
    /** Requests a second, of an address and of all. */
    readonly rateLimit: number
    readonly totalRateLimit: number
    readonly dailyRecords: number
  }
  /** The department that answers for the catalogue. */
  readonly cataloguePublisher?: string
  /** Beyond these, calls are shed; 0: never. */
  readonly pressure: { readonly eventLoopDelayMs: number; readonly heapBytes: number; readonly rssBytes: number }
  readonly bodyLimitBytes: number
  /** Within so many days a correction is to be answered. */
  readonly correctionDays: number
  /** How long before its sunset a major must be deprecated, at least. */
  readonly sunsetNoticeDays: number
  /** `host`, `host:port`, `*.domain` or `*`. */
  readonly pullHosts: readonly string[]
  readonly dropDirectory?: string
  /** Files that hold the keys; one that is not named is made in the data directory on first start. */
  readonly keyFiles: Readonly<Partial<Record<KeyName, string>>>
}

export type { KeyName }

/** The language of messages to whoever runs the command line, by the locale: Chinese where it is so, else English. */
export function readLanguage(environment: Readonly<Record<string, string | undefined>> = process.env): Language {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || ''
  return locale.startsWith('zh') ? 'zh-CN' : 'en'
}

/** The variables with their defaults and meanings, for `--help` and the docs. */
export function describeEnvironment(): { name: string; meaning: string; fallback?: string }[] {
  return Object.entries(environmentSchema.properties).map(([name, schema]) => ({
    name,
    meaning: schema.description,
    ...('default' in schema ? { fallback: String(schema.default) } : {}),
  }))
}

/** @throws {HubError} `configuration-invalid`, naming every variable that cannot be used, and never its value */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given: unknown = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith('CONCORD_') && value !== ''),
  )
  const ajv = new Ajv2020({ allErrors: true, coerceTypes: true, useDefaults: true, strictRequired: false })
  const validate = ajv.compile<Environment>(environmentSchema)
  if (!validate(given)) refuse((validate.errors ?? []).map(issueOf))

  const keyFiles: Partial<Record<KeyName, string>> = {}
  for (const key of ['signing', 'token', 'pseudonym', 'master'] as const) {
    const file = given[`CONCORD_${key.toUpperCase() as Uppercase<KeyName>}_KEY_FILE`]
    if (file !== undefined) keyFiles[key] = resolve(file)
  }
  const { CONCORD_TLS_CERT: certificateFile, CONCORD_TLS_KEY: keyFile, CONCORD_TRUSTED_PROXIES: proxies } = given
  const config: Config = {
    host: given.CONCORD_HOST,
    port: given.CONCORD_PORT,
    dataDirectory: resolve(given.CONCORD_DATA_DIR),
    samples: given.CONCORD_SAMPLES === '1',
    logOrigin: given.CONCORD_LOG_ORIGIN,
    witnesses: namesIn(given.CONCORD_WITNESSES ?? '').map(witnessIn),
    logLevel: given.CONCORD_LOG_LEVEL,
    ...(certificateFile && keyFile ? { tls: { certificateFile, keyFile } } : {}),
    ...(proxies ? { trustedProxies: namesIn(proxies) } : {}),
    ...(given.CONCORD_PUBLIC_URL ? { publicUrl: given.CONCORD_PUBLIC_URL.replace(/\/+$/, '') } : {}),
    rateLimit: given.CONCORD_RATE_LIMIT,
    tokenRateLimit: given.CONCORD_TOKEN_RATE_LIMIT,
    open: {
      rateLimit: given.CONCORD_OPEN_RATE_LIMIT,
      totalRateLimit: given.CONCORD_OPEN_TOTAL_RATE_LIMIT,
      dailyRecords: given.CONCORD_OPEN_DAILY_RECORDS,
    },
    ...(given.CONCORD_CATALOGUE_PUBLISHER ? { cataloguePublisher: given.CONCORD_CATALOGUE_PUBLISHER } : {}),
    pressure: {
      eventLoopDelayMs: given.CONCORD_MAX_EVENT_LOOP_DELAY_MS,
      heapBytes: given.CONCORD_MAX_HEAP_BYTES,
      rssBytes: given.CONCORD_MAX_RSS_BYTES,
    },
    bodyLimitBytes: given.CONCORD_BODY_LIMIT_BYTES,
    correctionDays: given.CONCORD_CORRECTION_DAYS,
    sunsetNoticeDays: given.CONCORD_SUNSET_NOTICE_DAYS,
    pullHosts: namesIn(given.CONCORD_PULL_HOSTS ?? ''),
    ...(given.CONCORD_DROP_DIR ? { dropDirectory: resolve(given.CONCORD_DROP_DIR) } : {}),
    keyFiles,
  }
  refuseOpenPlainText(config)
  return Object.freeze(config)
}

/** `a, b` */
function namesIn(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

/** A verifier key has no `@` but in its name. */
function witnessIn(text: string): { key: string; url: string } {
  const at = text.search(/@https?:/)
  return { key: text.slice(0, at), url: text.slice(at + 1) }
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Tokens and records would cross the network in the clear. */
function refuseOpenPlainText(config: Config): void {
  if (loopback.has(config.host) || config.tls !== undefined || config.trustedProxies !== undefined) return
  refuse([
    {
      pointer: '/CONCORD_HOST',
      code: 'plain-text',
      message:
        'only a loopback address may be used without TLS: set CONCORD_TLS_CERT and CONCORD_TLS_KEY, or name the proxy that ends TLS in CONCORD_TRUSTED_PROXIES',
    },
  ])
}

type AjvError = { keyword: string; instancePath: string; message?: string; params: Record<string, unknown> }

function issueOf(error: AjvError): Issue {
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty'])
    return { pointer: `/${name}`, code: 'unknown', message: 'is not a variable that Concord knows (is it misspelt?)' }
  }
  const allowed = error.params['allowedValues']
  const message = `${error.message ?? 'cannot be used'}${Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''}`
  return { pointer: error.instancePath || '/', code: error.keyword, message }
}

function refuse(issues: readonly Issue[]): never {
  const list = issues.map(issue => `${issue.pointer.slice(1) || 'environment'} ${issue.message}`).join('; ')
  throw new HubError('configuration-invalid', `${list}. See \`concord serve --help\` for every variable.`, { issues })
}

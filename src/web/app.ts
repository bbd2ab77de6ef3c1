/** The whole HTTP side on one page: what is registered, in which order, and which routes there are. */
import formbody from '@fastify/formbody'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { Config } from '../config.ts'
import { HubError } from '../errors.ts'
import { enterRefusal, isEntered } from '../exchange/access-entry.ts'
import { isRange, isWithin } from '../exchange/addresses.ts'
import type { Hub } from '../exchange/hub.ts'
import type { Refusals } from '../exchange/supervise.ts'
import { adapterCases } from './api/adapter-cases.ts'
import { adapterPreviews, draftPreviews } from './api/adapter-preview.ts'
import { adapters } from './api/adapters.ts'
import { agreements } from './api/agreements.ts'
import { catalogue } from './api/catalogue.ts'
import { changes } from './api/changes.ts'
import { clients } from './api/clients.ts'
import { corrections } from './api/corrections.ts'
import { coverage } from './api/coverage.ts'
import { deliveries } from './api/deliveries.ts'
import { departments } from './api/departments.ts'
import { discrepancies } from './api/discrepancies.ts'
import { explain } from './api/explain.ts'
import { exports } from './api/export.ts'
import { health } from './api/health.ts'
import { logEntries } from './api/log-entries.ts'
import { logProofs } from './api/log-proofs.ts'
import { lookups } from './api/lookups.ts'
import { majors } from './api/majors.ts'
import { oauth } from './api/oauth.ts'
import { open } from './api/open.ts'
import { quarantine } from './api/quarantine.ts'
import { records } from './api/records.ts'
import { standards } from './api/standards.ts'
import { codeLists } from './api/code-lists.ts'
import { publishing } from './api/publishing.ts'
import { usage } from './api/usage.ts'
import { users } from './api/users.ts'
import { authenticate, byOf } from './authenticate.ts'
import { namingUnknownMembers } from './body-errors.ts'
import { tellDeprecation } from './deprecation.ts'
import { CallLimits } from './limits.ts'
import { requireJsonBodies } from './json-body.ts'
import { openApi, withProblems } from './openapi.ts'
import { problemOf, sendProblem } from './problem.ts'
import { standardId } from './purpose.ts'
import { answerRawError } from './raw-error.ts'
import { shedLoad } from './shedding.ts'
import { Tokens } from './tokens.ts'

export async function buildApp(hub: Hub, refusals: Refusals): Promise<FastifyInstance> {
  const { config } = hub
  requireRanges(config.trustedProxies ?? [])
  const app = openServer(config)
  if (config.tls === undefined) refuseStrangers(app, config.trustedProxies ?? [])
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === 'body' ? namingUnknownMembers(schema, strict.compile(schema)) : coercing.compile(schema),
  )
  // Replies are JSON texts, or small objects: their schemas are documentation.
  app.setSerializerCompiler(() => value => JSON.stringify(value))
  app.setErrorHandler(async (error: Error, request, reply) => {
    sendProblem(await withEntry(hub, refusals, error, request), request, reply)
    return reply
  })
  app.setNotFoundHandler(() => {
    throw new HubError('not-found', 'See /docs for the calls that there are.')
  })
  // One log for all requests: a child of it for each would cost a call more than its token.
  app.setChildLoggerFactory(logger => logger)
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 500) app.log.warn(requestLine(request, reply), 'request')
    else if (config.logLevel === 'debug') app.log.debug(requestLine(request, reply), 'request')
    done()
  })
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('X-Content-Type-Options', 'nosniff')
    done()
  })

  const tokens = new Tokens(hub)
  const limits = new CallLimits(hub)
  const pressure = shedLoad(app, config)
  authenticate(app, tokens, limits, refusals)
  tellDeprecation(app, hub)
  requireJsonBodies(app)
  await app.register(swagger, { openapi: openApi, transform: withProblems })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, transformStaticCSP: withoutUpgrade })
  await app.register(formbody)

  health(app, hub, pressure)
  oauth(app, hub, { tokens, limits, refusals })
  standards(app, hub)
  codeLists(app, hub)
  publishing(app, hub)
  catalogue(app, hub)
  majors(app, hub)
  agreements(app, hub)
  explain(app, hub)
  records(app, hub)
  lookups(app, hub)
  changes(app, hub)
  exports(app, hub)
  quarantine(app, hub)
  discrepancies(app, hub)
  corrections(app, hub)
  logProofs(app, hub)
  logEntries(app, hub)
  usage(app, hub)
  departments(app, hub)
  clients(app, hub)
  users(app, hub)
  adapters(app, hub)
  adapterCases(app, hub)
  draftPreviews(app, hub)
  coverage(app, hub)
  // In scopes of their own, for their bodies are streams.
  await app.register(async scope => deliveries(scope, hub))
  await app.register(async scope => open(scope, hub, refusals))
  await app.register(async scope => adapterPreviews(scope, hub))
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  return app
}

/** A parameter that comes twice becomes a list, which no call takes: else the last one would win unseen. */
function querystringParser(text: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(text)
  return Object.fromEntries(
    [...new Set(parameters.keys())].map(name => {
      const values = parameters.getAll(name)
      return [name, values.length === 1 ? (values[0] as string) : values]
    }),
  )
}

/** The refusal of a known caller is an entry, whatever it was refused for; where it cannot be entered, that is the answer. */
async function withEntry(hub: Hub, refusals: Refusals, error: Error, request: FastifyRequest): Promise<Error> {
  const { url, config } = request.routeOptions
  const operation = config.right?.operation
  if (request.caller === null || operation === undefined || isEntered(error)) return error
  if (error instanceof HubError && error.code === 'rate-limited' && !refusals.isFirst(byOf(request))) return error
  // It has just been tried, for as long as another process may hold the log.
  if (error instanceof HubError && error.code === 'log-unavailable') return error
  const { id } = request.params as { id?: string }
  // What has not the form of an id may be anything, and entries last.
  const isStandard = id !== undefined && url?.startsWith('/v1/standards/') && standardId.test(id)
  const standard = isStandard ? { standard: id } : {}
  const isAgreement = id !== undefined && url?.startsWith('/v1/agreements/') && /^[a-z0-9-]{1,64}$/.test(id)
  const agreement = isAgreement ? { agreement: id } : {}
  try {
    await enterRefusal(hub, byOf(request), { operation, problem: problemOf(error).code, ...standard, ...agreement })
    return error
  } catch (unavailable) {
    return unavailable as Error
  }
}

/** The route and not the URL, which may hold a record's key. */
function requestLine({ id, method, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): object {
  return { id, method, route: routeOptions.url, statusCode, ms: Math.round(elapsedTime * 10) / 10 }
}

function openServer(config: Config): FastifyInstance {
  const options: FastifyServerOptions = {
    genReqId: () => randomUUID(),
    logger: config.logLevel === 'silent' ? false : { level: config.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    // Whoever sends nothing for a minute has gone; an upload may go on for hours as long as it goes on.
    connectionTimeout: 60_000,
    // Also what fails before a route is found is a problem document, and echoes no address.
    frameworkErrors: sendProblem,
    clientErrorHandler: answerRawError,
    trustProxy: config.trustedProxies === undefined ? false : [...config.trustedProxies],
    routerOptions: { maxParamLength: 2000, querystringParser },
  }
  if (config.tls === undefined) return Fastify(options)
  const tls = readTls(config.tls)
  return Fastify({ ...options, serverFactory: handler => createServer(tls, handler) })
}

/** @throws {HubError} `configuration-invalid` */
function readTls({ certificateFile, keyFile }: NonNullable<Config['tls']>): { cert: Buffer; key: Buffer } {
  try {
    const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
    createSecureContext(tls)
    return tls
  } catch (cause) {
    const detail = `CONCORD_TLS_CERT and CONCORD_TLS_KEY must name PEM files that belong together: ${certificateFile}, ${keyFile}.`
    throw new HubError('configuration-invalid', detail, { cause })
  }
}

/** Without TLS only this machine and the proxies that end it may connect: tokens would cross the network in the clear. */
function refuseStrangers(app: FastifyInstance, proxies: readonly string[]): void {
  const known = [...proxies, '127.0.0.0/8', '::1']
  app.addHook('onRequest', (request, _reply, done) => {
    if (isWithin(known, request.socket.remoteAddress ?? '')) done()
    else done(new HubError('proxy-unknown', 'Call by way of the proxy that ends TLS for this hub.'))
  })
}

/** @throws {HubError} `configuration-invalid` */
function requireRanges(proxies: readonly string[]): void {
  if (proxies.every(isRange)) return
  const detail = 'CONCORD_TRUSTED_PROXIES takes addresses and CIDR ranges, joined by commas.'
  throw new HubError('configuration-invalid', detail)
}

const options = { strict: false, allErrors: false } as const
const strict = new Ajv2020(options)
/** Query and headers are text: "7" must become 7 there, and nowhere else. */
const coercing = new Ajv2020({ ...options, coerceTypes: true, useDefaults: true })

/** `upgrade-insecure-requests` would break the page on a plain-HTTP intranet. */
function withoutUpgrade(header: string): string {
  return header.replace(/upgrade-insecure-requests;?/, '')
}

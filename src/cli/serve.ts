/** `concord serve`: listens until it is told to stop. With samples, it shows a newcomer what to try. */
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import type { FastifyInstance } from 'fastify'
import { describeEnvironment, readConfig, type Config } from '../config.ts'
import { HubError } from '../errors.ts'
import { openHub, type Hub } from '../exchange/hub.ts'
import { fillWithSamples, type Samples } from '../exchange/samples.ts'
import { supervise } from '../exchange/supervise.ts'
import { command } from './command.ts'
import { callsText, firstCalls } from './first-calls.ts'
import { aligned, show } from './output.ts'
import { thisOperator } from './run.ts'

export function serve(program: Command): void {
  command(program, 'serve', 'Serve the sharing API', 'serve')
    .addHelpText('after', `\nEnvironment:\n${environmentText()}`)
    .action(async (options: { json?: boolean }) => {
      const config = readConfig()
      const hub = await openHub(config, { server: true })
      try {
        const samples = config.samples ? await fill(hub, options.json) : undefined
        const address = await listen(hub)
        const docs = `${address}/docs`
        const calls = samples === undefined ? [] : firstCalls(address, samples)
        show(options.json, { address, docs, calls }, () => {
          const greeting = `Concord is at ${address}; its calls are described at ${docs}.`
          return calls.length === 0 ? greeting : `\n${greeting}\n\n${callsText(calls, config)}`
        })
      } catch (error) {
        await hub.close()
        throw error
      }
    })
}

async function fill(hub: Hub, json: boolean | undefined): Promise<Samples | undefined> {
  const say = (step: string): void => void (json ? undefined : process.stdout.write(`${step}\n`))
  const samples = await fillWithSamples(hub, thisOperator(), say)
  if (samples === undefined) say('This hub has clients of its own: it is served without samples.')
  return samples
}

/** Serves until a signal comes, then lets calls that are under way end; the address. */
async function listen(hub: Hub): Promise<string> {
  // Only here: what serves takes longer to load than most commands take to run.
  const { buildApp } = await import('../web/app.ts')
  const supervision = supervise(hub, error => app.log.error({ err: error }, 'supervision'))
  const app = await buildApp(hub, supervision.refusals)
  const address = await listenQuietly(app, hub.config)
  closeWithGrace({ logger: app.log }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'the process cannot go on')
    await app.close()
    await supervision.stop()
    await hub.close()
  })
  return address
}

async function listenQuietly(app: FastifyInstance, { host, port, tls }: Config): Promise<string> {
  const { level } = app.log
  // We say ourselves where it listens.
  app.log.level = 'warn'
  try {
    const address = await app.listen({ host, port })
    // Fastify takes a server that was made for it for a plain one.
    return tls === undefined ? address : address.replace(/^http:/, 'https:')
  } catch (cause) {
    await app.close()
    throw new HubError('configuration-invalid', listenDetail((cause as NodeJS.ErrnoException).code, host, port), {
      cause,
    })
  } finally {
    app.log.level = level
  }
}

function listenDetail(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `port ${port} of ${host} is taken by another program. Stop it, or set CONCORD_PORT (0 takes a free port).`
  }
  if (code === 'EACCES') return `this user may not listen on port ${port}. Set CONCORD_PORT to one above 1023.`
  return `the hub cannot listen at ${host}, port ${port} (${code}). Set CONCORD_HOST and CONCORD_PORT.`
}

function environmentText(): string {
  const rows = describeEnvironment().map(({ name, meaning, fallback }) => [`  ${name}`, fallback ?? '-', meaning])
  return aligned([['  variable', 'default', 'meaning'], ...rows])
}

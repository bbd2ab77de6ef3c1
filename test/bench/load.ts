/**
 * A load of HTTP/1.1 requests from this process: so many connections, each with one request under way.
 *
 * Written on sockets, since a client that costs as much as the server would measure itself: on two cores they share.
 */
import { connect, type Socket } from 'node:net'

/** With a body it is a POST of JSON. */
export type Request = { readonly path: string; readonly body?: string }

export type Load = { readonly perSecond: number; readonly p99Ms: number }

/** @throws {Error} at the first reply that is not 200 */
export async function load(options: {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  readonly headers: Readonly<Record<string, string>>
  /** Each next request. */
  readonly request: () => Request
}): Promise<Load> {
  const { url, connections, seconds } = options
  const { hostname, port, host } = new URL(url)
  const head = Object.entries({ host, ...options.headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  const requestText = (): string => {
    const { path, body } = options.request()
    if (body === undefined) return `GET ${path} HTTP/1.1\r\n${head}\r\n`
    const length = Buffer.byteLength(body)
    return `POST ${path} HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`
  }
  const latencies: number[] = []
  // Half a second to warm up, as the first requests compile what they run through.
  const begin = performance.now() + 500
  const end = begin + seconds * 1000

  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true })
      let sentAt = 0
      let missing = 0
      const send = (): void => {
        sentAt = performance.now()
        if (sentAt >= end) return void socket.end(resolve)
        socket.write(requestText())
      }
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('data', chunk => {
        if (missing === 0) missing = sizeOf(chunk)
        missing -= chunk.length
        if (missing > 0) return
        if (sentAt >= begin) latencies.push(performance.now() - sentAt)
        send()
      })
    })
  await Promise.all(Array.from({ length: connections }, run))
  const sorted = Float64Array.from(latencies).sort()
  return { perSecond: latencies.length / seconds, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? NaN }
}

/** The bytes of a reply, by its head, which comes in one piece. */
function sizeOf(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n')
  const head = chunk.toString('latin1', 0, end)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (!head.startsWith('HTTP/1.1 200') || length === undefined)
    throw new Error(`unexpected reply: ${head.slice(0, 200)}`)
  return end + 4 + Number(length)
}

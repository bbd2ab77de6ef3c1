/** A hub that is none: it gives tokens, and to other calls what it is told to. */
import type { Test } from 'tap'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConcordClient, type Retries } from '../../src/client/client.ts'
import { quick } from './served-hub.ts'

/** Waits for a count without looking again and again. */
export function waiter() {
  let count = 0
  let wake = (): void => {}
  return {
    tell(now: number): void {
      count = now
      wake()
    },
    async reached(wanted: number): Promise<void> {
      while (count < wanted) await new Promise<void>(resolve => (wake = resolve))
    },
  }
}

export type Answer = 'cut' | readonly [status: number, body: string, headers?: Record<string, string>]

/** A server that gives tokens, and to other calls its answers, one after another; the last one again and again. */
export async function openServer(t: Test, answers: readonly Answer[], retries: Retries = quick) {
  const bodies: string[] = []
  const calls = waiter()
  const server = createServer((request, response) => void answer(request, response))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk
    if (request.url === '/oauth/token') return void response.end('{"access_token":"t","expires_in":600}')
    const given = answers[Math.min(bodies.length, answers.length - 1)]
    bodies.push(body)
    if (given === undefined || given === 'cut') return void request.socket.destroy()
    const [status, text, headers = {}] = given
    response.writeHead(status, headers)
    response.end(text, () => {
      // What is promised and does not come.
      if ('content-length' in headers) request.socket.destroy()
      calls.tell(bodies.length)
    })
  }

  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close().closeAllConnections())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new ConcordClient({ url, clientId: 'c', secret: 's', retries })
  return {
    client,
    server: {
      bodies,
      answered: (count: number) => calls.reached(count),
      get calls() {
        return bodies.length
      },
    },
  }
}

/** No byte of a record leaves before its entry is durable: shown by killing the hub under load, again and again. */
import t from 'tap'
import { recordPseudonym } from '../../src/seal/pseudonym.ts'
import { decodeEntry, type Entry } from '../../src/log/entry.ts'
import { verifyLog } from '../../src/log/verify.ts'
import { build } from '../cli/concord.ts'
import { openTestHub, tokenFor } from '../helper.ts'
import { fields, matter, prepare, records, standard } from './reader.ts'
import { ServedHub } from './served.ts'

build()

const kills = 12
const readers = 12
/** So many replies are read between two kills at least; where it is hit is left to chance. */
const repliesBetween = 60

/** A reply that came whole: which call it answered, its entry's number, and the records that it held. */
type Reply = { readonly operation: Entry['operation']; readonly entry: number; readonly keys: readonly string[] }

t.test('every reply that a client received whole has its entry, and the tree verifies, after every kill', async t => {
  const { directory, credentials, keys } = await prepare(t)
  const hub = await ServedHub.on(directory)
  t.teardown(() => hub.kill())
  const replies: Reply[] = []
  /** Records of exports that were cut by a kill: they have left, so an entry must name them. */
  const cut: string[] = []
  let isOver = false
  let token = ''

  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'concord-matter': matter, ...init.headers }
    return fetch(`${hub.url}${records}${path}`, { ...init, headers })
  }
  const read = async (turn: number): Promise<void> => {
    const key = keys[turn % keys.length] as string
    const call = calls[turn % calls.length] as (typeof calls)[number]
    const reply = await ask(call.path(key), call.init?.(keys))
    const entry = Number(reply.headers.get('concord-entry'))
    if (call.operation === 'export') {
      let text = ''
      const decoder = new TextDecoder()
      try {
        for await (const chunk of reply.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true })
      } catch {
        cut.push(...linesOf(text).map(({ key: found }) => found))
        return
      }
      const lines = linesOf(text)
      if (reply.status === 200) replies.push({ operation: 'export', entry, keys: lines.map(({ key: found }) => found) })
      return
    }
    const body = await reply.text()
    if (reply.status !== 200) throw new Error(`${reply.status} ${body}`)
    replies.push({ operation: call.operation, entry, keys: call.keysOf(JSON.parse(body) as Body, key) })
  }
  const reader = async (start: number): Promise<void> => {
    for (let turn = start; !isOver; turn += readers + 1) {
      // Between two lives of the hub nobody answers: the call is made again.
      await read(turn).catch((error: unknown) => isConnectionLost(error) || t.fail(String(error)))
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  await hub.start()
  token = await tokenFor(hub.url, credentials)
  const load = Array.from({ length: readers }, (_, index) => reader(index))
  for (let kill = 1; kill <= kills; kill++) {
    const before = replies.length
    while (replies.length < before + repliesBetween) await new Promise(resolve => setTimeout(resolve, 5))
    await hub.kill()
    await hub.start()
  }
  isOver = true
  await Promise.all(load)
  await hub.kill('SIGTERM')

  const after = await openTestHub(t, directory)
  const entries = new Map<number, Entry>()
  for await (const item of after.log.items()) {
    if ('entry' in item) entries.set(item.index, decodeEntry(item.entry))
  }
  const pseudonym = (key: string): string => recordPseudonym(after.keys.pseudonym, standard, key)
  const wrong = replies.filter(reply => !isTold(reply, entries, pseudonym))
  t.same(wrong, [], `each of ${replies.length} replies is told of by its entry`)
  const exported = new Set(
    [...entries.values()].filter(({ operation }) => operation === 'export').flatMap(entry => entry.records ?? []),
  )
  t.ok(
    cut.every(key => exported.has(pseudonym(key))),
    `so is each of ${cut.length} records of exports that were cut`,
  )
  for (const { operation } of calls)
    t.ok(
      replies.some(reply => reply.operation === operation),
      `${operation} was read`,
    )
  t.match(await verifyLog(after.log.items(), { keys: [after.logKey] }), { finding: 'none' })
})

const calls: readonly {
  readonly operation: Entry['operation']
  readonly path: (key: string) => string
  readonly init?: (keys: readonly string[]) => RequestInit
  readonly keysOf: (body: Body, key: string) => string[]
}[] = [
  { operation: 'read', path: key => `/records/${key}`, keysOf: body => [body.key] },
  {
    operation: 'list',
    path: () => '/records?limit=3',
    keysOf: body => body.records.map(({ key }) => key),
  },
  {
    operation: 'lookup',
    path: () => '/lookup',
    init: keys => posted({ keys }),
    keysOf: body => body.records.map(({ key }) => key),
  },
  {
    operation: 'verify',
    path: () => '/verify',
    init: keys => posted({ key: keys[0], claims: { status: '1' } }),
    keysOf: body => [body.key],
  },
  { operation: 'history', path: key => `/records/${key}/history`, keysOf: (_body, key) => [key] },
  {
    operation: 'changes',
    path: () => `/changes?limit=5&fields=${fields.join()}`,
    keysOf: body => body.changes.map(({ record }) => record.key),
  },
  { operation: 'export', path: () => '/export', keysOf: () => [] },
]

type Served = { readonly key: string }

/** What the replies have among them. */
type Body = Served & { readonly records: readonly Served[]; readonly changes: readonly { readonly record: Served }[] }

function posted(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The records of an export's whole lines. */
function linesOf(text: string): Served[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Served)
    .filter(line => 'key' in line)
}

/** Whether the entry that a reply names, and those of its request that follow, name every record of the reply. */
function isTold(reply: Reply, entries: ReadonlyMap<number, Entry>, pseudonym: (key: string) => string): boolean {
  const first = entries.get(reply.entry)
  if (first === undefined || first.operation !== reply.operation || first.outcome !== 'disclosed') return false
  const named = [...entries.values()]
    .filter(({ request }) => request === first.request)
    .flatMap(entry => entry.records ?? [])
  return reply.keys.every(key => named.includes(pseudonym(key)))
}

/** What a fetch fails by when the hub is dead, or dies; anything else is a fault of the hub. */
function isConnectionLost(error: unknown): boolean {
  return error instanceof TypeError
}

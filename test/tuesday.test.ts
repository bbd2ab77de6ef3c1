/** A steward changes a standard on Tuesday, and nobody's system breaks on Wednesday. */
import t from 'tap'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { ConcordClient, type Notice, type Served } from '../src/client/client.ts'
import { createAgreement } from '../src/exchange/agreements.ts'
import { acceptByDocument } from '../src/exchange/case-trial.ts'
import { sentInput } from '../src/exchange/case-files.ts'
import { createClient } from '../src/exchange/clients.ts'
import { deliver } from '../src/exchange/deliver.ts'
import { home, publishFiles, readDocument } from '../src/exchange/documents.ts'
import { deprecateMajor, tryDeprecation } from '../src/exchange/majors.ts'
import { publishAdapter } from '../src/exchange/publish-adapter.ts'
import { publishStandard } from '../src/exchange/publish.ts'
import type { JsonObject } from '../src/record.ts'
import { readStandard, type StandardDocument } from '../src/standard.ts'
import { compileValidator } from '../src/validate/validator.ts'
import { openTestHub, serve, tester } from './helper.ts'

const standard = 'parking-permit'
const example = (name: string): string => join(home, 'docs/examples/parking', name)

/** What the consumer's system was written for, and goes on to expect. */
const written = readStandard(readDocument(example('v1.0.0.json')) as StandardDocument)

t.test('a system written for 1.0.0 reads on while a minor and a major are published and delivered', async t => {
  const hub = await openTestHub(t)
  await publishFiles(hub, tester, [join(home, 'schemas/departments.json'), example('v1.0.0.json')])
  const release = async (version: string): Promise<void> => {
    const document = readDocument(example(`adapter-${version}.json`))
    const cases = await acceptByDocument(hub, tester, document, [sentInput(example('permits.csv'))])
    await publishAdapter(hub, tester, document, cases)
    const body = createReadStream(example('permits.csv'))
    t.equal((await deliver(hub, { adapter: 'housing/parking', body, by: tester })).accepted, 3)
  }
  await release('1.0.0')
  const patrol = { id: 'patrol', department: 'public-security', title: 'Patrol', scopes: ['read'] } as const
  const { id: clientId, secret } = await createClient(hub, tester, patrol)
  await createAgreement(hub, tester, {
    department: patrol.department,
    standard,
    major: 1,
    fields: written.fields.map(({ path }) => path),
    operations: ['read', 'list', 'changes', 'export'],
    matters: ['parking'],
    from: new Date(0),
    until: new Date('2100-01-01'),
  })
  const client = new ConcordClient({ url: await serve(t, hub), clientId, secret, matter: 'parking' })
  const permits = client.standard<JsonObject>(standard)

  const system = startSystem(permits)
  for (const version of ['1.1.0', '2.0.0']) {
    await system.hasRead()
    await publishStandard(hub, tester, readDocument(example(`v${version}.json`)))
    await system.hasRead()
    await release(version)
  }
  await system.hasRead()
  const ending = { standard, major: 1, sunset: new Date('2099-06-30'), reason: 'an example' }
  const { digest: uses } = await tryDeprecation(hub, tester, ending)
  await deprecateMajor(hub, tester, { ...ending, uses })
  await system.hasRead()
  const { read, kept, notices } = await system.stop()

  const { validate } = compileValidator(written, () => undefined)
  for (const { version, data, withheld } of read) {
    t.match(version, /^1\./)
    t.same(validate(data).issues, [], `a record is what the system was written for, of ${version}`)
    t.notOk(
      withheld.some(field => field !== 'zone'),
      'what is granted is there',
    )
  }
  t.same([...new Set(read.map(({ version }) => version))].sort(), ['1.0.0', '1.1.0'])
  t.same([...kept.keys()].sort(), ['P000001', 'P000002', 'P000003'], 'its copy is whole')
  t.same([...new Set(notices.map(({ kind }) => kind))].sort(), ['deprecated', 'published'])
})

/** Reads pages and follows changes, over and over, until it is stopped. */
function startSystem(permits: ReturnType<ConcordClient['standard']>) {
  const read: Served<JsonObject>[] = []
  const kept = new Map<string, Served<JsonObject>>()
  const notices: Notice[] = []
  let rounds = 0
  let isStopped = false
  let cursor: string | undefined
  const store = { read: async () => cursor, write: async (next: string) => void (cursor = next) }
  const onNotice = (notice: Notice): void => void notices.push(notice)

  const running = (async () => {
    while (!isStopped) {
      for await (const record of permits.records()) read.push(record as Served<JsonObject>)
      for await (const change of permits.changes({ cursor: store, follow: false, onNotice })) {
        if (change.kind === 'record') kept.set(change.record.key, change.record as Served<JsonObject>)
        else if (change.kind === 'removed') kept.delete(change.key)
      }
      rounds += 1
    }
  })()
  return {
    /** Once more from the beginning, after what was done before this call. */
    async hasRead(): Promise<void> {
      const before = rounds
      while (rounds < before + 2) await Promise.race([running, new Promise(resolve => setImmediate(resolve))])
    },
    async stop() {
      isStopped = true
      await running
      return { read, kept, notices }
    },
  }
}

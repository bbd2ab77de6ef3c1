import t, { type Test } from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { UsageRow } from '../../src/log/usage.ts'
import type { Scope } from '../../src/record.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import { recount } from '../exchange/recount.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'

type Item = { readonly index: number; readonly entry: Entry }
type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

const subjectOf = (id: number): string => `SECRET-SUBJECT-${id % 5}`
const keys = Array.from({ length: 12 }, (_, id) => String(id))

/** A hub on which the archives have read things of the data bureau, in every way that there is. */
async function openService(t: Test) {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await deliverThings(
    hub,
    'data-bureau/plain',
    keys.map((id, at) => ({ id, name: `n${id}`, secret: subjectOf(at) })),
  )
  await createAgreement(hub, tester, {
    department: 'archives',
    standard: 'thing',
    fields: ['id', 'name'],
    operations: ['read', 'list', 'lookup', 'export', 'changes'],
    matters: ['m1', 'm2'],
    until: new Date('2100-01-01'),
  })
  const url = await serve(t, hub)
  const callAs = async (id: string, department: string, scopes: readonly Scope[]) => {
    const client = await createClient(hub, tester, { id, department, title: id, scopes })
    const authorization = `Bearer ${await tokenFor(url, client)}`
    return async (
      path: string,
      { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {},
    ): Promise<Reply> => {
      const reply = await fetch(url + path, {
        headers: { authorization, ...headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      const isJson =
        reply.headers.get('content-type')?.includes('json') && !reply.headers.get('content-type')?.includes('ndjson')
      return {
        status: reply.status,
        headers: reply.headers,
        text,
        json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      }
    }
  }
  const reader = await callAs('reader', 'archives', ['read'])
  const auditor = await callAs('auditor', 'archives', ['audit'])
  const entries = async (): Promise<Entry[]> =>
    (await hub.log.entries({ from: 0, limit: 10_000 })).map(({ entry }) => JSON.parse(entry) as Entry)
  const m1 = { headers: { 'concord-matter': 'm1', 'concord-case': 'case 7' } }
  const m2 = { headers: { 'concord-matter': 'm2' } }
  const records = '/v1/standards/thing/records'
  for (const key of ['1', '2', '1', '99']) await reader(`${records}/${key}`, m1)
  const first = await reader(`${records}?limit=5`, m2)
  await reader(`${records}?limit=5&cursor=${String(first.json['cursor'])}`, m2)
  await reader(`${records}?limit=5`, { headers: { 'concord-matter': 'other' } })
  await reader('/v1/standards/thing/lookup', { ...m1, body: { keys: ['3', '4', '98'] } })
  hub.pass(86_400_000)
  const again = await callAs('reader-2', 'archives', ['read'])
  await again('/v1/standards/thing/export', m2)
  await again(`${records}/3`, m1)
  await again('/v1/standards/thing/changes', m2)
  return {
    hub,
    reader: again,
    auditor: await callAs('auditor-2', 'archives', ['audit']),
    callAs,
    entries,
    first: auditor,
  }
}

const itemsOf = ({ json }: Reply): Item[] => json['entries'] as Item[]

t.test('every record and subject that was disclosed is found: exactly the entries that name it', async t => {
  const { hub, auditor, entries } = await openService(t)
  const log = await entries()
  const leaves = (member: 'records' | 'subjects', name: string): number[] =>
    log.flatMap((entry, leaf) => (entry[member]?.includes(name) ? [leaf] : []))
  for (const [at, key] of keys.entries()) {
    const record = recordPseudonym(hub.keys.pseudonym, 'thing', key)
    const subject = subjectPseudonym(hub.keys.pseudonym, subjectOf(at))
    const searches: [path: string, expected: number[], body?: object][] = [
      ['/v1/log/search', leaves('records', record), { record: { standard: 'thing', key }, order: 'oldest' }],
      ['/v1/log/search', leaves('subjects', subject), { subject: subjectOf(at), order: 'oldest' }],
      [`/v1/log/entries?record=${record}&order=oldest`, leaves('records', record)],
      [`/v1/log/entries?subject=${subject}&order=oldest`, leaves('subjects', subject)],
    ]
    for (const [path, expected, body] of searches) {
      t.ok(expected.length >= 2, 'an export and a change at the least')
      const reply = await auditor(path, body && { body })
      t.same(
        itemsOf(reply).map(({ index }) => index),
        expected,
        key,
      )
      t.equal(reply.json['cursor'], null)
    }
  }
  const found = await auditor('/v1/log/search', { body: { record: { standard: 'thing', key: '1' } } })
  t.match(new Set(itemsOf(found).map(({ entry }) => entry.operation)), new Set(['read', 'list', 'export', 'changes']))
  t.match(itemsOf(found).at(-1)?.entry, {
    actor: { id: 'reader' },
    department: 'archives',
    matter: 'm1',
    case: 'case 7',
    fields: ['id', 'name'],
  })
  t.same(itemsOf(await auditor('/v1/log/search', { body: { subject: 'nobody' } })), [])
})

t.test('that the log was searched is an entry, with pseudonyms in place of what was asked for', async t => {
  const { hub, auditor, entries } = await openService(t)
  await auditor('/v1/log/search', { body: { subject: subjectOf(3), matter: 'm1' } })
  t.match((await entries()).at(-1), {
    operation: 'audit',
    outcome: 'done',
    actor: { id: 'auditor-2' },
    detail: {
      act: 'search-log',
      filters: { matter: 'm1', subject: subjectPseudonym(hub.keys.pseudonym, subjectOf(3)) },
    },
  })
  await auditor('/v1/log/search', { body: { record: { standard: 'thing', key: '7' } } })
  t.match((await entries()).at(-1), {
    detail: { filters: { record: recordPseudonym(hub.keys.pseudonym, 'thing', '7') } },
  })
  t.notMatch(JSON.stringify(await entries()), 'SECRET-SUBJECT')
  t.equal((await entries()).at(-1)?.subjects, undefined, 'a search for a subject discloses nothing of them')
})

t.test('entries are filtered, paged both ways, and streamed whole as NDJSON', async t => {
  const { auditor, entries } = await openService(t)
  const log = await entries()
  const filters: [query: string, holds: (entry: Entry) => boolean][] = [
    ['client=reader', ({ actor }) => actor.kind === 'client' && actor.id === 'reader'],
    ['operator=tester', ({ actor }) => actor.kind === 'operator'],
    ['matter=m2&standard=thing', ({ matter }) => matter === 'm2'],
    ['case=case%207&operation=lookup', entry => entry.case === 'case 7' && entry.operation === 'lookup'],
    ['outcome=refused', ({ outcome }) => outcome === 'refused'],
    ['problem=record-unknown', entry => 'problem' in entry && entry.problem === 'record-unknown'],
    ['department=archives&to=2026-03-01', entry => entry.department === 'archives' && entry.time < '2026-03-02'],
    ['from=2026-03-02', ({ time }) => time >= '2026-03-02'],
    [
      `request=${log.find(({ matter }) => matter === 'm2')?.request ?? ''}`,
      ({ request }) => request === log.find(({ matter }) => matter === 'm2')?.request,
    ],
  ]
  for (const [query, holds] of filters) {
    const expected = log.flatMap((entry, leaf) => (holds(entry) ? [leaf] : []))
    t.ok(expected.length > 0 && expected.length < log.length, query)
    for (const order of ['newest', 'oldest']) {
      const pages: number[] = []
      for (let cursor: unknown = ''; cursor !== null;) {
        const reply = await auditor(
          `/v1/log/entries?${query}&order=${order}&limit=2${cursor === '' ? '' : `&cursor=${String(cursor)}`}`,
        )
        t.ok(itemsOf(reply).length <= 2)
        pages.push(...itemsOf(reply).map(({ index }) => index))
        cursor = reply.json['cursor']
      }
      // What the searches themselves add to the log comes behind it.
      t.same(
        pages.filter(leaf => leaf < log.length).toSorted((a, b) => a - b),
        expected,
        `${query} ${order}`,
      )
    }
    const stream = await auditor(`/v1/log/entries?${query}&order=oldest`, {
      headers: { accept: 'application/x-ndjson' },
    })
    t.equal(stream.headers.get('content-type'), 'application/x-ndjson')
    const lines = stream.text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Item)
    t.same(
      lines.filter(({ index }) => index < log.length).map(({ index }) => index),
      expected,
      `${query} streamed`,
    )
    t.same(lines.find(({ index }) => index === expected[0])?.entry, log[expected[0] ?? -1])
  }
})

t.test('only auditors search; what cannot be asked is refused, and both are entries', async t => {
  const { auditor, reader, entries } = await openService(t)
  const cases: [who: typeof auditor, path: string, status: number, code: string, body?: object][] = [
    [reader, '/v1/log/entries', 403, 'scope-missing'],
    [reader, '/v1/log/search', 403, 'scope-missing', {}],
    [auditor, '/v1/log/entries?from=yesterday', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?to=2026-02-30', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?client=a&user=b', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?subject=11010519491231002X', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?outcome=maybe', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?operation=reed', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?department=nope', 404, 'department-unknown'],
    [auditor, '/v1/log/entries?standard=thingg', 404, 'standard-unknown'],
    [auditor, '/v1/log/entries?client=raeder', 404, 'client-unknown'],
    [auditor, '/v1/log/search', 404, 'user-unknown', { user: 'reader' }],
    [auditor, '/v1/log/search', 404, 'standard-unknown', { record: { standard: 'thingg', key: '1' } }],
    [auditor, '/v1/log/search', 400, 'request-invalid', { record: { standard: 'thing', key: '1~12' } }],
    [auditor, '/v1/usage?department=houzing', 404, 'department-unknown'],
    [auditor, '/v1/usage?operation=deliver', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?limit=0', 400, 'request-invalid'],
    [auditor, '/v1/log/entries?nonsense=1', 400, 'request-invalid'],
    [auditor, '/v1/log/search', 400, 'request-invalid', { subject: '' }],
    [auditor, '/v1/log/search', 400, 'request-invalid', { record: { standard: 'thing' } }],
    [auditor, '/v1/usage?by=hour', 400, 'request-invalid'],
    [auditor, '/v1/usage?from=x', 400, 'request-invalid'],
  ]
  for (const [who, path, status, code, body] of cases) {
    const reply = await who(path, body && { body })
    t.match(reply, { status, json: { code } }, path)
    t.notMatch(reply.text, '11010519491231002X')
    t.match((await entries()).at(-1), { operation: 'audit', outcome: 'refused', problem: code })
  }
  t.match(await auditor('/v1/log/entries', { headers: { accept: 'text/html' } }), { status: 406 })
})

t.test('what only the log still names is found: an entry outlives what it names', async t => {
  const { auditor, reader } = await openService(t)
  await reader('/v1/standards/other/records/1', { headers: { 'concord-matter': 'm1' } })
  t.match(itemsOf(await auditor('/v1/log/entries?standard=other')), [{ entry: { outcome: 'refused' } }])
  const body = { record: { standard: 'other', key: '1~12~13' } }
  t.match(await auditor('/v1/log/search', { body }), { status: 200 }, 'of its key nothing is known')
  // A department is not told whom others have as clients.
  t.match(await reader('/v1/usage?client=nobody'), { status: 200, json: { total: { calls: 0 } } })
})

t.test('use is counted from the log, for an auditor all of it', async t => {
  const { auditor, entries } = await openService(t)
  const queries: [query: string, question: Parameters<typeof recount>[1]][] = [
    ['', { by: ['department', 'standard'], filters: {} }],
    [
      '?by=day,department,standard,operation,matter',
      { by: ['day', 'department', 'standard', 'operation', 'matter'], filters: {} },
    ],
    ['?by=operation&matter=m1', { by: ['operation'], filters: { matter: 'm1' } }],
    ['?by=&to=2026-03-01', { by: [], filters: { to: '2026-03-01' } }],
    [
      '?by=matter&from=2026-03-02&client=reader-2',
      { by: ['matter'], filters: { from: '2026-03-02', client: 'reader-2' } },
    ],
  ]
  for (const [query, question] of queries) {
    const { usage, total } = recount(await entries(), question)
    const reply = await auditor(`/v1/usage${query}`)
    t.strictSame({ usage: reply.json['usage'], total: reply.json['total'] }, { usage, total }, query)
  }
  const reply = await auditor('/v1/usage?by=operation')
  t.match(reply.json['usage'], [
    { operation: 'changes', calls: 1, records: 12, subjects: 5, refusals: 0 },
    { operation: 'export', calls: 1, records: 12, subjects: 5, refusals: 0 },
    { operation: 'list', calls: 3, records: 10, subjects: 5, refusals: 1 },
    { operation: 'lookup', calls: 1, records: 2, subjects: 2, refusals: 1 },
    { operation: 'read', calls: 5, records: 4, subjects: 3, refusals: 1 },
  ])
})

t.test('a department sees its own use, and the use made of its standards', async t => {
  const { reader, callAs, entries } = await openService(t)
  const owner = await callAs('owner', 'data-bureau', ['decide'])
  const all = recount(await entries(), { by: ['department', 'standard'], filters: {} }).usage
  const rows = async (who: typeof owner, query = ''): Promise<UsageRow[]> =>
    (await who(`/v1/usage${query}`)).json['usage'] as UsageRow[]
  t.same(await rows(reader), all, 'it is the only one that used anything')
  t.same(await rows(owner), all, 'it was all of a standard of theirs')
  await (
    await callAs('own', 'data-bureau', ['read'])
  )('/v1/standards/other/records/1', { headers: { 'concord-matter': 'm9' } })
  t.match(await rows(owner, '?by=matter&matter=m9'), [{ matter: 'm9', calls: 1, refusals: 1 }])
  t.same(await rows(reader, '?by=matter&matter=m9'), [], 'another department’s use of another’s standard')
})

import t, { type Test } from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { fillWithSamples } from '../../src/exchange/samples.ts'
import { lookUp } from '../../src/exchange/lookup.ts'
import { verify, type Verdict } from '../../src/exchange/verify.ts'
import type { Claims } from '../../src/exchange/claims.ts'
import type { Call } from '../../src/exchange/access-entry.ts'
import { HubError } from '../../src/errors.ts'
import type { Json, JsonObject } from '../../src/record.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import type { Standard } from '../../src/standard.ts'
import { codeListsNamedIn } from '../../src/validate/named-code-lists.ts'
import { compileClaims } from '../../src/validate/claims.ts'
import { chunks, openTestHub, tester, type TestHub } from '../helper.ts'
import { people, publishPeople } from './people.ts'
import { entriesSince, granted, jsonOf, type Served } from './reading.ts'
import { deliverThings, publishThings } from './things.ts'

type Verified = { readonly key: string; readonly results: Record<string, Verdict> }

const verdictsOn = async (hub: TestHub, call: Call, key: string, claims: Claims): Promise<Record<string, Verdict>> =>
  jsonOf<Verified>(await verify(hub, call, { key, claims })).results

async function openThings(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'a', secret: 'SECRET' }])
  return hub
}

t.test(
  'match, mismatch or unknown for each field, in an entry that names fields, record and subject, and no value',
  async t => {
    const hub = await openThings(t)
    const call = await granted(hub, 'm', { fields: ['id', 'name', 'note', 'secret'] })
    const from = await hub.log.size()
    const answer = await verify(hub, call(), { key: '1', claims: { secret: 'SECRET', name: 'WRONG', note: 'x' } })
    t.same(jsonOf(answer), { key: '1', results: { secret: 'match', name: 'mismatch', note: 'unknown' } })
    const entries = await entriesSince(hub, from)
    t.match(entries, [
    {
      operation: 'verify', outcome: 'disclosed', count: 1, fields: ['name', 'note', 'secret'],
      records: [recordPseudonym(hub.keys.pseudonym, 'thing', '1')], subjects: [subjectPseudonym(hub.keys.pseudonym, 'SECRET')],
    },
  ]) // prettier-ignore
    t.equal(entries.length, 1)
    t.equal(answer.entry, from)
    t.notMatch(JSON.stringify([jsonOf(answer), entries]), /SECRET|WRONG/)
  },
)

t.test('what cannot be compared is refused whole, with its place and without the value', async t => {
  const hub = await openThings(t)
  const call = await granted(hub, 'm', { fields: ['id', 'name'], rows: { name: ['a'] } })
  await deliverThings(hub, 'data-bureau/input', [{ id: '2', name: 'b' }])
  let deep: Json = 'VALUE'
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  const cases: [what: string, key: string, claims: Claims, code: string, pointer?: string][] = [
    ['a field that is not granted', '1', { name: 'a', secret: 'VALUE' }, 'field-not-granted'],
    ['no such field', '1', { 'na/me': 'VALUE' }, 'request-invalid', '/claims/na~1me'],
    ['a name that every object has', '1', { constructor: 'VALUE' }, 'request-invalid', '/claims/constructor'],
    ['a value of another type', '1', { name: 1 }, 'request-invalid', '/claims/name'],
    ['a value that no record could have', '1', { name: 'VALUE longer than ten' }, 'request-invalid', '/claims/name'],
    ['null where the field takes none', '1', { name: null }, 'request-invalid', '/claims/name'],
    ['text that has no UTF-8', '1', { name: 'VALUE\ud800' }, 'request-invalid', '/claims/name'],
    ['a value nested without end', '1', { name: deep }, 'request-invalid', '/claims/name'],
    ['no such record', '9', { name: 'a' }, 'record-unknown'],
    ['a record that the row filter does not reach', '2', { name: 'b' }, 'record-unknown'],
  ]
  for (const [what, key, claims, code, pointer] of cases) {
    try {
      await verify(hub, call(), { key, claims })
      t.fail(what)
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      t.equal(error.code, code, what)
      t.same(
        error.issues.map(issue => issue.pointer),
        pointer === undefined ? [] : [pointer],
        what,
      )
      t.notMatch(JSON.stringify([error.message, error.issues]), /VALUE/)
    }
  }
  t.match((await entriesSince(hub)).at(-1), {
    operation: 'verify', outcome: 'refused', problem: 'record-unknown', records: [recordPseudonym(hub.keys.pseudonym, 'thing', '2')],
  }) // prettier-ignore
})

t.test('a claim within an array matches if one of its elements says so', async t => {
  const hub = await openTestHub(t)
  await fillWithSamples(hub, tester, () => {})
  const fields = [
    'unifiedSocialCreditCode',
    'termTo',
    'investors.name',
    'investors.idNumber',
    'investors.paid',
    'registeredCapital',
  ]
  const call = await granted(hub, 'm', { standard: 'enterprise-registration', fields })
  const verdict = (claims: Claims) => verdictsOn(hub, call(), '91331199MAXT000111', claims)
  const { records } = jsonOf<{ records: Served[] }>(await lookUp(hub, call(), ['91331199MAXT000111']))
  const data = records[0]?.data as { investors: JsonObject[]; registeredCapital: string }
  t.ok(data.investors.length > 1, 'there are several')
  for (const { name, idNumber } of data.investors) {
    t.same(await verdict({ 'investors.name': name as Json, 'investors.idNumber': idNumber as Json }), {
      'investors.name': 'match',
      'investors.idNumber': 'match',
    })
  }
  t.same(await verdict({ 'investors.name': '无此人' }), { 'investors.name': 'mismatch' })
  t.same(await verdict({ registeredCapital: data.registeredCapital }), { registeredCapital: 'match' })
  const capital = data.registeredCapital
  const whole = capital.replace(/\.0*$/, '')
  t.match(whole, /^\d+0$/, 'zeros that count')
  for (const [said, result] of [
    [whole, 'match'],
    [`${whole}.0`, 'match'],
    [`${whole}.000`, 'match'],
    [`${whole}0`, 'mismatch'],
    [`${whole}.01`, 'mismatch'],
    [whole.slice(0, -1), 'mismatch'],
  ] as const) {
    t.same(await verdict({ registeredCapital: said }), { registeredCapital: result }, said)
  }
  await t.rejects(verdict({ investors: data.investors }), { code: 'request-invalid' }, 'a leaf, not what holds it')
})

t.test('of a standard whose key is sealed, persons are compared by the key in the body', async t => {
  const hub = await openTestHub(t)
  await publishPeople(hub)
  const lines = people.map(person => JSON.stringify(person)).join('\n')
  await deliver(hub, { adapter: 'public-security/people', body: chunks(lines), by: tester })
  const call = await granted(hub, 'm', { standard: 'person-basic', fields: ['idNumber', 'name', 'alive'] })
  const [person] = people
  const from = await hub.log.size()
  t.same(
    await verdictsOn(hub, call(), person.idNumber, { name: person.name, alive: false, idNumber: people[1].idNumber }),
    {
      name: 'match',
      alive: 'mismatch',
      idNumber: 'mismatch',
    },
  )
  t.notMatch(JSON.stringify(await entriesSince(hub, from)), new RegExp(`${person.idNumber}|${person.name}`))
})

t.test(
  'law: what a record says is a match, and any other valid value is none, for every field of every sample',
  async t => {
    const hub = await openTestHub(t)
    await fillWithSamples(hub, tester, () => {})
    const { index } = await hub.published.configuration()
    let compared = 0
    for (const id of new Set(index.standards.map(({ standard }) => standard))) {
      const { standard } = await hub.published.standard(id)
      const all = standard.fields.map(({ path }) => path)
      const call = (await granted(hub, `of ${id}`, { standard: id, fields: all }))()
      const keys = await hub.store.read.all<{ key: string }>(
        'SELECT record_key AS key FROM records WHERE standard = ? AND withdrawn = 0 ORDER BY record_key LIMIT 2',
        [id],
      )
      if (standard.keySealed || keys.length === 0) continue
      const { records } = jsonOf<{ records: Served[] }>(
        await lookUp(
          hub,
          call,
          keys.map(({ key }) => key),
        ),
      )
      const others = await otherValues(hub, standard)
      for (const { key, data } of records) {
        const said = all.map(path => ({ path, values: valuesOf(data, path) }))
        const own = said.filter(({ values }) => values.length > 0)
        const first = Object.fromEntries(own.map(({ path, values }) => [path, values[0] as Json]))
        assert.deepEqual(
          await verdictsOn(hub, call, key, first),
          Object.fromEntries(own.map(({ path }) => [path, 'match'])),
        )
        const last = Object.fromEntries(own.map(({ path, values }) => [path, values.at(-1) as Json]))
        assert.deepEqual(
          await verdictsOn(hub, call, key, last),
          Object.fromEntries(own.map(({ path }) => [path, 'match'])),
        )
        const wrong = said.flatMap(({ path, values }) => {
          const other = others(path, values)
          return other === undefined ? [] : [{ path, other, verdict: values.length === 0 ? 'unknown' : 'mismatch' }]
        })
        const claims = Object.fromEntries(wrong.map(({ path, other }) => [path, other]))
        assert.deepEqual(
          await verdictsOn(hub, call, key, claims),
          Object.fromEntries(wrong.map(({ path, verdict }) => [path, verdict])),
        )
        compared += own.length + wrong.length
      }
    }
    t.ok(compared > 300, `${compared} claims`)
  },
)

/** Written anew, and not as the hub does: all values below a path. */
function valuesOf(data: Json, path: string): Json[] {
  let nodes: Json[] = [data]
  for (const name of path.split('.')) {
    nodes = nodes.flat().flatMap(node => {
      const inner = (node as JsonObject | null)?.[name]
      return inner === undefined ? [] : [inner]
    })
  }
  return nodes
}

/** A valid value that is none of some: from the values of other records, and small changes of its own. */
async function otherValues(
  hub: TestHub,
  standard: Standard,
): Promise<(path: string, said: Json[]) => Json | undefined> {
  const { validate } = compileClaims(standard, await hub.published.codeLists(codeListsNamedIn(standard.document)))
  return (path, said) => {
    const own = said[0]
    const tries: Json[] = [
      null,
      true,
      false,
      0,
      7,
      '0',
      '1',
      '2',
      '01',
      '02',
      '03',
      '110',
      'H6210',
      'C1411',
      '甲',
      'example',
      '2001-01-01',
      '2001-01',
      '2020-01-01T00:00:00Z',
      [],
      ['x'],
    ]
    if (typeof own === 'string') tries.unshift(`${own}x`, `${own}1`, own.slice(0, -1))
    if (typeof own === 'number') tries.unshift(own + 1)
    return tries.find(
      value =>
        !said.some(one => JSON.stringify(one) === JSON.stringify(value)) &&
        validate({ [path]: value }).issues.length === 0,
    )
  }
}

t.test('texts are compared as they are: neither case, nor blanks, nor composition is passed over', async t => {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const call = (await granted(hub, 'm', { fields: ['id', 'name'] }))()
  const text = fc.string({
    maxLength: 10,
    unit: fc.constantFrom('a', 'A', ' ', 'é', 'e\u0301', '张', '"', '\\', '\u{1f600}'),
  })
  const pairs: [string, string][] = [
    ['é', 'e\u0301'],
    ['a', 'A'],
    ['a', 'a '],
    ['张', '张'],
  ]
  const { validator } = await hub.published.standard('thing')
  let told = 0
  await fc.assert(
    fc.asyncProperty(text, text, async (one, other) => {
      fc.pre([one, other].every(name => validator.validate({ id: '1', name }).issues.length === 0))
      await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: one }])
      // A source's blank text is no value.
      if (one.trim() === '') return
      const results = await verdictsOn(hub, call, '1', { name: other })
      assert.deepEqual(results, { name: one === other ? 'match' : 'mismatch' })
      told += 1
    }),
    { numRuns: 20, examples: pairs },
  )
  t.ok(told >= pairs.length)
})

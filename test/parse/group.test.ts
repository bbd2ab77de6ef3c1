import t from 'tap'
import fc from '../properties.ts'
import assert from 'node:assert/strict'
import { HubError } from '../../src/errors.ts'
import { group, type Grouping } from '../../src/parse/group.ts'
import { defaultLimits, type Limits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { SourceNode, SourceRecord, UnreadableRecord } from '../../src/record.ts'
import { openRowSpool } from '../../src/store/row-spool.ts'
import { chunks, needs, realData } from './reading.ts'

type Item = SourceRecord | UnreadableRecord
type Row = { id: string; day: string | null; code: string }
type Options = {
  readonly held?: number
  readonly limits?: Partial<Limits>
  readonly batch?: number
  readonly error?: Error | undefined
}

const byId: Grouping = { by: ['id'] }
const inTurn: Grouping = { by: ['id'], contiguous: true }

t.test(
  'rows become records, in the order in which their groups were met, with the place of their first row',
  async t => {
    const { items } = await grouped([row('b', '1'), row('a', '2'), row('b', '3')], byId)
    t.same(items, [
    { node: { id: 'b', day: null, code: ['1', '3'], rows: [row('b', '1'), row('b', '3')] }, position: place(1), context: {} },
    { node: { ...row('a', '2'), rows: [row('a', '2')] }, position: place(2), context: {} },
  ]) // prettier-ignore
  },
)

t.test('contiguous groups are given out as they end', async t => {
  const given: string[] = []
  async function* source(): AsyncGenerator<Item[]> {
    for (const [at, id] of ['a', 'a', 'b', 'c'].entries()) {
      given.push(`row ${id}`)
      yield [itemOf(row(id, String(at)), at)]
    }
  }
  for await (const batch of group(source(), inTurn, optionsOf({})))
    given.push(...batch.map(item => `group ${idOf(item)}`))
  t.same(given, ['row a', 'row a', 'row b', 'group a', 'row c', 'group b', 'group c'])
})

t.test('an input in which a contiguous group comes back is refused, after the groups before', async t => {
  const rows = [row('a', '1'), row('b', '2'), row('a', '3'), row('a', '4'), row('c', '5')]
  for (const batch of [1, 2, 5]) {
    const found: Item[] = []
    const taken = async () => {
      for await (const more of group(itemsOf(rows, { batch }), inTurn, optionsOf({}))) found.push(...more)
    }
    await t.rejects(taken(), { code: 'input-refused', message: /^Line 3, column 1: .*take contiguous out/ })
    t.same(found.map(idOf), ['a', 'b'], `${batch} rows at a time`)
  }
})

t.test('a group whose rows had other texts around them is rejected, wherever its rows wait', async t => {
  const around = (id: string, context: SourceRecord['context'], at: number): SourceRecord => ({
    ...itemOf(row(id, '1'), at),
    context,
  })
  const items = [
    around('a', { '/day': '1' }, 0),
    around('a', { '/day': '2' }, 1),
    around('b', { '/day': '2' }, 2),
    around('b', {}, 3),
    around('c', {}, 4),
    around('c', { '/day': '3' }, 5),
    around('d', { '/day': '3', '#name': 'x' }, 6),
    around('d', { '/day': '3', '#name': 'y' }, 7),
    around('e', { '/day': '3', '#name': 'y' }, 8),
    around('e', { '/day': '3', '#name': 'y' }, 9),
  ]
  for (const [grouping, held] of [
    [inTurn, 1],
    [byId, 100],
    [byId, 2],
  ] as const) {
    // prettier-ignore
    const found: Item[] = []
    for await (const more of group(only(items), grouping, optionsOf({ held }))) found.push(...more)
    const differs = { unreadable: { code: 'group-context-differs' } }
    t.match(found, [differs, differs, differs, { node: { id: 'd' } }, { node: { id: 'e' } }])
    t.same(
      found.slice(3).map(item => 'context' in item && item.context),
      [{ '/day': '3' }, { '/day': '3', '#name': 'y' }],
      'rows that stand under several names have none together',
    )
  }
})

t.test('a row without a key, and one that could not be read, are given on by themselves', async t => {
  const broken: UnreadableRecord = {
    unreadable: { pointer: '', code: 'input-malformed', message: 'no JSON' },
    position: place(2),
    text: '{',
  }
  for (const grouping of [byId, inTurn]) {
    const { items } = await grouped([row('a', '1'), broken, { code: '3' }, row('a', '4')], grouping)
    t.same(items.slice(0, 2), [
      broken,
      {
        unreadable: {
          pointer: '',
          code: 'group-key-missing',
          message: 'the row has no text at a path by which rows are grouped',
        },
        position: place(3),
        text: '{"code":"3"}',
      },
    ])
    t.match(items.slice(2), [{ node: { code: ['1', '4'] } }])
  }
})

t.test('a group that is too large is refused by itself, wherever its rows wait', async t => {
  const rows = [row('a', '1'), ...Array.from({ length: 50 }, (_, at) => row('b', String(at))), row('c', '2')]
  const limits = { recordBytes: 2000 }
  for (const [grouping, held] of [
    [inTurn, 1000],
    [byId, 1000],
    [byId, 3],
  ] as const) {
    const { items } = await grouped(rows, grouping, { limits, held })
    t.match(items, [
      { node: { id: 'a' } },
      { unreadable: { code: 'group-too-large' }, position: { ordinal: 2 }, text: '["b"]' },
      { node: { id: 'c' } },
    ])
    t.equal(items.length, 3)
  }
})

t.test('where the input ends early, no group is given out of which more may have followed', async t => {
  const rows = [row('a', '1'), row('a', '2'), row('b', '3'), row('c', '4')]
  const error = new HubError('input-malformed', 'Line 5, column 1: it ends here.')
  for (const [grouping, held, ids, detail] of [
    [inTurn, 1000, ['a', 'b'], 'More rows may have followed of the last group: it is not taken.'],
    [byId, 1000, [], 'More rows may have followed of each group: none is taken.'],
    [byId, 2, [], 'More rows may have followed of each group: none is taken.'],
  ] as const) {
    const { items, thrown } = await grouped(rows, grouping, { error, held })
    t.same(items.map(idOf), ids)
    t.match(thrown, { code: 'input-malformed', message: `Line 5, column 1: it ends here. ${detail}` })
  }
})

t.test('however it ends, the spool is closed', async t => {
  const rows = Array.from({ length: 12 }, (_, at) => row(String(at % 3), String(at)))
  const endings: [how: string, error: Error | undefined, taken: number][] = [
    ['the input ends', undefined, Infinity],
    ['the input is refused', new HubError('input-refused', 'Too much.'), Infinity],
    ['the consumer has enough', undefined, 1],
  ]
  for (const [how, error, taken] of endings) {
    let open = 0
    const openSpool = () => {
      const spool = openRowSpool()
      open += 1
      return { ...spool, close: () => void (spool.close(), (open -= 1)) }
    }
    let most = 0
    let left = taken
    try {
      for await (const _ of group(itemsOf(rows, { error }), byId, { ...optionsOf({ held: 2 }), openSpool })) {
        most = Math.max(most, open)
        if (--left === 0) break
      }
    } catch (thrown) {
      t.match(thrown, { code: 'input-refused' })
    }
    if (error === undefined) t.equal(most, 1, `${how}: it was open`)
    t.equal(open, 0, how)
  }
})

const someRows = fc.array(
  fc.record(
    {
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      day: fc.constantFrom('1', '2', null),
      code: fc.string({ maxLength: 5 }),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 30 },
)
const twice: Grouping = { by: ['id'], as: 'days', group: { by: ['day'], as: 'codes' } }

t.test('law: the groups of rows in any order are those of the rows in turn', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, someRows, async (rows, more) => {
      const all = [...rows, ...more]
      const sorted = all.toSorted((a, b) => a.id.localeCompare(b.id))
      const { items } = await grouped(all, byId)
      const { items: expected } = await grouped(sorted, inTurn)
      const shown = (found: readonly Item[]): unknown => found.map(rowsIn).toSorted(byText)
      assert.deepEqual(shown(items), shown(expected))
    }),
  )
})

t.test('law: rows that were spooled make the same groups as rows that were held', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, fc.nat(10), fc.integer({ min: 1, max: 9 }), async (rows, held, batch) => {
      const { items } = await grouped(rows, twice, { batch, held })
      assert.deepEqual(items, (await grouped(rows, twice, { batch })).items)
    }),
    { numRuns: 50 },
  )
})

t.test('law: the rows of all groups are those of the input', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, async rows => {
      const { items } = await grouped(rows, twice)
      const days = items.flatMap(item => childrenOf(nodeOf(item), 'days'))
      assert.deepEqual(days.flatMap(day => childrenOf(day, 'codes')).toSorted(byText), rows.toSorted(byText))
    }),
  )
})

t.test(
  'the real inspections of New York: 114 premises, 741 inspections',
  needs('food-nyc-dohmh/rows.json'),
  async t => {
    const rows = newYorkRows()
    t.equal(rows.length, 2014)
    const grouping: Grouping = {
      by: ['camis'],
      as: 'inspections',
      group: { by: ['inspection_date', 'inspection_type'], as: 'violations' },
    }
    const input = rows.map(each => JSON.stringify(each)).join('\n')
    const source = { format: 'ndjson', records: '' } as const
    for (const [contiguous, held] of [
      [true, 1],
      [false, 10_000],
      [false, 100],
    ] as const) {
      const parsed = parse(chunks(Buffer.from(input), [50_000]), source, { limits: defaultLimits })
      const premises: SourceNode[] = []
      for await (const batch of group(parsed, { ...grouping, contiguous }, optionsOf({ held })))
        premises.push(...batch.map(nodeOf))
      const inspections = premises.flatMap(node => childrenOf(node, 'inspections'))
      t.equal(premises.length, 114)
      t.equal(inspections.length, 741)
      t.equal(inspections.flatMap(node => childrenOf(node, 'violations')).length, 2014)
      t.ok(
        premises.every(node => !Array.isArray((node as { dba: SourceNode }).dba)),
        'a premises has one name',
      )
      t.ok(
        inspections.every(node => !Array.isArray((node as { score: SourceNode }).score)),
        'an inspection has one score',
      )
    }
  },
)

async function grouped(rows: readonly (SourceNode | UnreadableRecord)[], grouping: Grouping, options: Options = {}) {
  const found: Item[] = []
  let thrown: unknown
  try {
    for await (const more of group(itemsOf(rows, options), grouping, optionsOf(options))) found.push(...more)
  } catch (caught) {
    thrown = caught
  }
  if (thrown !== undefined && options.error === undefined) throw thrown
  // Merged nodes inherit nothing, which deepEqual takes for a difference.
  return { items: JSON.parse(JSON.stringify(found)) as Item[], thrown }
}

/** The rows as they would be parsed, some at a time, and then the error. */
async function* itemsOf(
  rows: readonly (SourceNode | UnreadableRecord)[],
  { batch = 4, error }: Options,
): AsyncGenerator<Item[]> {
  const items = rows.map((each, index) => (isUnreadable(each) ? each : itemOf(each, index)))
  for (let at = 0; at < items.length; at += batch) yield items.slice(at, at + batch)
  if (error !== undefined) throw error
}

async function* only(items: Item[]): AsyncGenerator<Item[]> {
  yield items
}

function optionsOf({ held = 1000, limits = {} }: Options) {
  return {
    limits: { ...defaultLimits, ...limits },
    held: { rows: held, text: 1e9 },
    openSpool: openRowSpool,
  }
}

function newYorkRows(): { [name: string]: SourceNode }[] {
  const { meta, data } = JSON.parse(realData('food-nyc-dohmh/rows.json').toString()) as {
    meta: { view: { columns: { fieldName: string }[] } }
    data: (string | number | null)[][]
  }
  const names = meta.view.columns.map(({ fieldName }) => fieldName)
  const textOf = (cell: string | number | null | undefined): string | null => (cell === null ? null : String(cell))
  return data.map(cells => Object.fromEntries(names.map((name, index) => [name, textOf(cells[index])])))
}

function row(id: string, code: string): Row {
  return { id, day: null, code }
}

function itemOf(node: SourceNode, index: number): SourceRecord {
  return { node, position: place(index + 1), context: {} }
}

function place(ordinal: number): SourceRecord['position'] {
  return { ordinal, line: ordinal, column: 1 }
}

function isUnreadable(each: SourceNode | UnreadableRecord): each is UnreadableRecord {
  return each !== null && typeof each === 'object' && 'unreadable' in each
}

function nodeOf(item: Item): SourceNode {
  if ('unreadable' in item) throw new Error(item.unreadable.code)
  return item.node
}

function idOf(item: Item): string {
  return (nodeOf(item) as { readonly id: string }).id
}

function childrenOf(node: SourceNode, name: string): SourceNode[] {
  return (node as { [name: string]: SourceNode[] })[name] ?? []
}

/** What a group has in it, whatever the order of its rows. */
function rowsIn(item: Item): unknown {
  return { id: idOf(item), rows: childrenOf(nodeOf(item), 'rows').toSorted(byText) }
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

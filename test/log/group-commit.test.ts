import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fc from '../properties.ts'
import t from 'tap'
import { GroupCommit } from '../../src/log/group-commit.ts'

t.test('items get the indices that follow the first of their batch', async t => {
  const log: string[] = []
  const group = new GroupCommit<string>(async batch => log.push(...batch) - batch.length)
  t.equal(await group.append('a'), 0)
  t.strictSame(await Promise.all(['b', 'c', 'd'].map(item => group.append(item))), [1, 2, 3])
  t.strictSame(log, ['a', 'b', 'c', 'd'])
})

t.test('what is appended in one turn of the event loop shares a commit, even the first', async t => {
  const { commit, batches } = stepped()
  const group = new GroupCommit<number>(commit)
  const told = [group.append(1), group.append(2)]
  t.strictSame(batches, [], 'nothing is committed before the turn has ended')
  await nextTurn()
  t.strictSame(
    batches.map(batch => batch.items),
    [[1, 2]],
  )
  batches[0]?.succeed()
  t.strictSame(await Promise.all(told), [0, 1])
})

t.test('what is appended while a commit runs goes together into the next, which waits for the first', async t => {
  const { commit, batches } = stepped()
  const group = new GroupCommit<number>(commit)
  const told = [group.append(1)]
  await nextTurn()
  for (const item of [2, 3, 4]) {
    told.push(group.append(item))
    await nextTurn()
  }
  t.strictSame(
    batches.map(batch => batch.items),
    [[1]],
    'one commit at a time',
  )
  batches[0]?.succeed()
  await nextTurn()
  t.strictSame(
    batches.map(batch => batch.items),
    [[1], [2, 3, 4]],
  )
  batches[1]?.succeed()
  t.strictSame(await Promise.all(told), [0, 1, 2, 3])
})

t.test('nothing is told before its commit has ended', async t => {
  const { commit, batches } = stepped()
  const group = new GroupCommit<number>(commit)
  let isTold = false
  group.appendThen(1, () => (isTold = true))
  await nextTurn()
  await nextTurn()
  t.notOk(isTold)
  batches[0]?.succeed()
  await nextTurn()
  t.ok(isTold)
})

t.test('a batch is no larger than its bound; the rest goes into the next', async t => {
  const sizes: number[] = []
  let size = 0
  const group = new GroupCommit<number>(async batch => {
    sizes.push(batch.length)
    return (size += batch.length) - batch.length
  }, 4)
  const told = await Promise.all(Array.from({ length: 10 }, (_, at) => group.append(at)))
  t.strictSame(sizes, [4, 4, 2])
  t.strictSame(told, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

t.test('a failed commit fails its whole batch and no other', async t => {
  const failure = new Error('the disk is full')
  const { commit, batches } = stepped()
  const group = new GroupCommit<number>(commit)
  const first = Promise.allSettled([group.append(1), group.append(2)])
  await nextTurn()
  const second = group.append(3)
  batches[0]?.fail(failure)
  const rejected = { status: 'rejected', reason: failure }
  t.strictSame(await first, [rejected, rejected])
  await nextTurn()
  batches[1]?.succeed()
  t.equal(await second, 0, 'the next batch has the place of the failed one')
})

t.test('a commit that throws before it promises anything fails its batch like one that rejects', async t => {
  const throwing = new GroupCommit<number>(() => {
    throw new Error('no connection')
  })
  await t.rejects(throwing.append(1), { message: 'no connection' })
  await t.rejects(throwing.append(2), { message: 'no connection' }, 'and the next is tried')
  // oxlint-disable-next-line prefer-promise-reject-errors -- what a careless library may do
  const careless = new GroupCommit<number>(() => Promise.reject(undefined))
  await t.rejects(careless.append(1), { message: 'The commit failed' })
})

t.test('closing waits for all that was appended, and takes nothing more', async t => {
  const { commit, batches } = stepped()
  const group = new GroupCommit<number>(commit)
  const told: string[] = []
  group.appendThen(1, () => told.push('first'))
  await nextTurn()
  group.appendThen(2, () => told.push('second'))
  const isClosed = group.close().then(() => told.push('closed'))
  await t.rejects(group.append(3), { code: 'log-unavailable' })
  batches[0]?.succeed()
  await nextTurn()
  t.strictSame(told, ['first'])
  batches[1]?.succeed()
  await isClosed
  t.strictSame(told, ['first', 'second', 'closed'])
  t.equal(batches.length, 2)
})

t.test('closing an idle group, or one closed before, ends at once', async t => {
  const group = new GroupCommit<number>(async () => 0)
  await group.close()
  await group.close()
  const used = new GroupCommit<number>(async () => 0)
  await used.append(1)
  await used.close()
  t.pass()
})

t.test('a callback that throws ends the process like any other, after the others were told', async t => {
  const script = `
    import { GroupCommit } from ${JSON.stringify(new URL('../../src/log/group-commit.ts', import.meta.url).href)}
    const group = new GroupCommit(async () => 0)
    group.appendThen(1, () => { throw new Error('a careless callback') })
    group.appendThen(2, (error, index) => console.log('told', index))`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import=tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  )
  t.equal(stdout, 'told 1\n')
  t.match(stderr, 'a careless callback')
  t.not(status, 0)
})

t.test('every item is told once; those that were committed are in the log in their order, at their index', async () => {
  const run = fc.record({
    turns: fc.array(fc.nat({ max: 5 }), { maxLength: 20 }),
    fails: fc.infiniteStream(fc.boolean()),
    waits: fc.infiniteStream(fc.nat({ max: 3 })),
    maxBatch: fc.integer({ min: 1, max: 6 }),
  })
  await fc.assert(
    fc.asyncProperty(run, async ({ turns, fails, waits, maxBatch }) => {
      const log: number[] = []
      const group = new GroupCommit<number>(async batch => {
        for (let turn = waits.next().value as number; turn > 0; turn--) await nextTurn()
        if (fails.next().value as boolean) throw new Error('failed')
        return log.push(...batch) - batch.length
      }, maxBatch)
      const told: Promise<void>[] = []
      const committed: number[] = []
      let item = 0
      for (const count of turns) {
        for (let more = count; more > 0; more--) {
          const own = item++
          const check = (index: number) => {
            assert.equal(log[index], own)
            committed.push(own)
          }
          told.push(group.append(own).then(check, () => assert.ok(!log.includes(own))))
        }
        await nextTurn()
      }
      await group.close()
      await Promise.all(told)
      assert.deepEqual(log, committed)
      assert.deepEqual(
        log,
        log.toSorted((one, other) => one - other),
      )
    }),
  )
})

type Step = { readonly items: readonly number[]; succeed(): void; fail(error: Error): void }

/** A commit that ends when the test says so. */
function stepped() {
  const batches: Step[] = []
  let size = 0
  const commit = (items: readonly number[]) =>
    new Promise<number>((resolve, fail) => {
      batches.push({ items, fail, succeed: () => resolve((size += items.length) - items.length) })
    })
  return { commit, batches }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

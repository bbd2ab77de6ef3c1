import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { canonicalise } from '../../src/canonical.ts'
import { encodeCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts'
import { GrowingTree } from '../../src/log/growing-tree.ts'
import { noteKey, signNote } from '../../src/log/note.ts'
import type { NoteKey } from '../../src/log/note.ts'
import { leafHash } from '../../src/log/tree.ts'
import type { TreeHead } from '../../src/log/tree.ts'
import { describe } from '../../src/log/verdict.ts'
import type { Verdict } from '../../src/log/verdict.ts'
import { verifyLog } from '../../src/log/verify.ts'
import type { LogItem, VerifyOptions } from '../../src/log/verify.ts'

const key = noteKey('concord.example/log', generateKeyPairSync('ed25519').privateKey)
const keys = [key]

/** The sizes of the small log's checkpoints; it has one entry more than the last of them covers. */
const checkpointed = [2, 7, 8, 11]
const texts = Array.from({ length: 12 }, (_, at) => text(at))

t.test('a log that nobody touched is as it was signed, live and exported', async t => {
  const expected: Verdict = { finding: 'none', entries: 12, covered: 11, checkpoints: 4 }
  t.strictSame(await verify(live(texts)), expected)
  t.strictSame(await verify(exported(texts)), expected)
  t.strictSame(await verify(merge(exported(texts), exported(texts))), expected, 'checkpoints first')
  t.strictSame(await verify(merge(live(texts), live(texts).toReversed())), expected, 'checkpoints in any order')
  t.strictSame(await verifyLog(streamed(live(texts)), { keys }), expected, 'from a stream')
})

t.test('logs of no entries, of none covered, and covered to the end', async t => {
  t.strictSame(await verify([]), { finding: 'none', entries: 0, covered: 0, checkpoints: 0 })
  t.strictSame(await verify([checkpointAt([])]), { finding: 'none', entries: 0, covered: 0, checkpoints: 1 })
  t.strictSame(await verify(exported(texts).filter(isEntry)), {
    finding: 'none',
    entries: 12,
    covered: 0,
    checkpoints: 0,
  })
  t.strictSame(await verify([...exported(texts), checkpointAt(texts)]), {
    finding: 'none',
    entries: 12,
    covered: 12,
    checkpoints: 5,
  })
})

t.test('every changed byte of a live log is found in its entry', async () => {
  await forEachByte(async (changed, at) => {
    const verdict = await verify(withTexts(live(texts), changed))
    assert.deepEqual(verdict, { finding: 'entry-changed', entry: at })
  })
})

t.test('every changed byte of an export is found in its entry by its form, or in its span', async () => {
  await forEachByte(async (changed, at) => {
    const verdict = await verify(withTexts(exported(texts), changed))
    if (at === 11 && verdict.finding === 'none') return // beyond the last checkpoint nothing was promised yet
    if (verdict.finding === 'entry-not-canonical') assert.equal(verdict.entry, at)
    else assert.deepEqual(verdict, spanOf(at))
  })
})

t.test('a changed entry whose stored hashes were all made anew is found by the next checkpoint', async () => {
  await forEachByte(async (changed, at) => {
    const verdict = await verify(merge(live(changed), exported(texts)))
    if (at === 11 && verdict.finding === 'none') return
    if (verdict.finding === 'entry-not-canonical') assert.equal(verdict.entry, at)
    else assert.deepEqual(verdict, spanOf(at))
  })
})

t.test('a changed entry of which only its own hash was made anew is found under the first hash above it', async t => {
  for (let at = 0; at < texts.length; at++) {
    const changed = texts.with(at, text(100))
    const items = withTexts(live(texts), changed).map(item =>
      isEntry(item) && item.index === at
        ? { ...item, hashes: Buffer.concat([leafHash(item.entry), (item.hashes as Uint8Array).subarray(32)]) }
        : item,
    )
    const verdict = await verify(items)
    // The hash above entries 4 and 5 is stored with 5, which comes before the checkpoint that has 4 in its span.
    const pair = { finding: 'hashes-changed', first: at - (at % 2), last: at - (at % 2) + 1 }
    const endsSpan = at % 2 === 0 && checkpointed.includes(at + 1)
    t.strictSame(verdict, endsSpan ? spanOf(at) : pair, `${at}`)
  }
})

t.test('every changed byte of the stored hashes is found with the entry that they are stored with', async () => {
  const items = live(texts)
  for (const [place, item] of items.entries()) {
    if (!isEntry(item)) continue
    const hashes = item.hashes as Uint8Array
    for (let byte = 0; byte < hashes.length; byte++) {
      const changed = hashes.map((value, at) => (at === byte ? value ^ 1 : value))
      const verdict = await verify(items.with(place, { ...item, hashes: changed }))
      if (byte < 32) assert.deepEqual(verdict, { finding: 'entry-changed', entry: item.index })
      else {
        const width = 2 ** Math.floor(byte / 32)
        assert.deepEqual(verdict, { finding: 'hashes-changed', first: item.index + 1 - width, last: item.index })
      }
    }
    for (const wrong of [new Uint8Array(0), hashes.subarray(1), Buffer.concat([hashes, hashes])]) {
      const verdict = await verify(items.with(place, { ...item, hashes: wrong }))
      assert.deepEqual(verdict, { finding: 'entry-changed', entry: item.index })
    }
  }
})

t.test('an entry that is missing, doubled or out of order is found by its index', async t => {
  for (const items of [live(texts), exported(texts)]) {
    for (let at = 0; at < texts.length; at++) {
      const place = items.findIndex(item => isEntry(item) && item.index === at)
      const item = items[place] as LogItem
      const isLast = at === texts.length - 1
      const next = await verify(items.toSpliced(place, 1))
      if (isLast) t.strictSame(next, { finding: 'none', entries: 11, covered: 11, checkpoints: 4 }, 'the last')
      else t.strictSame(next, { finding: 'entry-misplaced', expected: at, found: at + 1 }, `${at} missing`)
      const doubled = await verify(items.toSpliced(place, 0, item))
      t.strictSame(doubled, { finding: 'entry-misplaced', expected: at + 1, found: at }, `${at} doubled`)
      if (isLast) continue
      const swapped = await verify(
        swap(
          items,
          place,
          items.findIndex(item => isEntry(item) && item.index === at + 1),
        ),
      )
      t.strictSame(swapped, { finding: 'entry-misplaced', expected: at, found: at + 1 }, `${at} and the next swapped`)
    }
  }
})

t.test('entries taken out, put in or swapped, and numbered anew, are found', async t => {
  for (let at = 0; at < 11; at++) {
    const span = spanOf(at)
    const out = texts.toSpliced(at, 1)
    const put = texts.toSpliced(at, 0, text(100))
    const swapped = swap(texts, at, at + 1)
    for (const [what, changed] of Object.entries({ out, put, swapped })) {
      t.strictSame(await verify(merge(exported(changed), exported(texts))), span, `${at} ${what}: export`)
      t.strictSame(await verify(merge(live(changed), exported(texts))), span, `${at} ${what}: hashes made anew`)
      const kept = await verify(withTexts(live(texts), changed))
      t.strictSame(kept, { finding: 'entry-changed', entry: at }, `${at} ${what}: hashes kept`)
    }
  }
})

t.test('a tail that was cut off is found by whatever checkpoint still covers it', async t => {
  for (let left = 0; left < texts.length; left++) {
    const items = exported(texts).filter(item => !isEntry(item) || item.index < left)
    const covered = checkpointed.filter(size => size <= left).at(-1) ?? 0
    const alone = items.filter(
      item => isEntry(item) || checkpoints.indexOf(item.checkpoint) < checkpointed.indexOf(covered) + 1,
    )
    const intact = { finding: 'none', entries: left, covered }
    t.match(await verify(alone), intact, `${left}: with its checkpoints cut off too, the rest is a log like any other`)
    const trusted = headOf(texts)
    t.strictSame(
      await verify(alone, { trusted }),
      { finding: 'tail-missing', entries: left, signed: 12 },
      `${left}: kept`,
    )
    if (left >= 11) continue
    t.strictSame(
      await verify(items),
      { finding: 'tail-missing', entries: left, signed: 11 },
      `${left}: checkpoints left`,
    )
  }
})

t.test('a checkpoint that an auditor kept agrees with the log that it is of, at every size', async t => {
  for (let size = 0; size <= texts.length; size++) {
    const trusted = headOf(texts.slice(0, size))
    t.match(await verify(live(texts), { trusted }), { finding: 'none' }, `${size}`)
  }
})

t.test('a log that was written and signed anew is found by the checkpoint that an auditor kept', async t => {
  const anew = texts.with(3, text(100))
  t.match(await verify(live(anew)), { finding: 'none' }, 'it agrees with itself')
  for (const size of [4, 7, 10, 11]) {
    const trusted = headOf(texts.slice(0, size))
    t.strictSame(await verify(live(anew), { trusted }), { finding: 'history-rewritten', size }, `${size}`)
  }
  t.match(
    await verify(live(anew), { trusted: headOf(texts.slice(0, 3)) }),
    { finding: 'none' },
    'the change came later',
  )
  const uncovered = texts.with(11, text(100))
  const verdict = await verify(live(uncovered), { trusted: headOf(texts) })
  t.strictSame(verdict, { finding: 'span-changed', first: 11, last: 11 }, 'not signed anew, as no checkpoint covers it')
})

t.test('a checkpoint with any byte changed is named by its place', async () => {
  const items = exported(texts)
  const place = items.findIndex(item => item === items.filter(each => !isEntry(each))[1])
  const note = (items[place] as { checkpoint: string }).checkpoint
  for (let at = 0; at < note.length; at++) {
    const changed = note.slice(0, at) + String.fromCharCode(note.charCodeAt(at) ^ 1) + note.slice(at + 1)
    const verdict = await verify(items.with(place, { checkpoint: changed }))
    assert.equal(verdict.finding, 'checkpoint-unverified', JSON.stringify(changed))
    assert.equal('checkpoint' in verdict && verdict.checkpoint, 2)
  }
})

t.test('a checkpoint of another key or another log is named by its place', async t => {
  const stranger = noteKey(key.name, generateKeyPairSync('ed25519').privateKey)
  const elsewhere = signNote(encodeCheckpoint({ origin: 'other.example', ...headOf(texts) }), keys)
  for (const note of [signCheckpoint(headOf(texts), [stranger]), elsewhere, 'no note']) {
    const verdict = await verify([...live(texts), { checkpoint: note }])
    t.match(verdict, { finding: 'checkpoint-unverified', checkpoint: 5, reason: String })
  }
})

t.test('a log goes on under a new key, as long as both are known', async t => {
  const next = noteKey(key.name, generateKeyPairSync('ed25519').privateKey)
  const items = [...live(texts), checkpointAt(texts, next)]
  t.match(await verify(items), { finding: 'checkpoint-unverified', checkpoint: 5 })
  t.match(await verify(items, { keys: [key, next] }), { finding: 'none', covered: 12 })
})

t.test('a checkpoint that comes after entries beyond it is not passed over', async t => {
  const items = [...exported(texts).filter(isEntry), checkpointAt(texts.slice(0, 5))]
  t.strictSame(await verify(items), { finding: 'checkpoint-late', checkpoint: 1, size: 5, entries: 12 })
})

t.test('two signed checkpoints of one size that differ are two histories', async t => {
  const other = texts.with(0, text(100))
  const pair = [checkpointAt(texts), checkpointAt(other)]
  for (const both of [pair, pair.toReversed()]) {
    t.strictSame(await verify([...both, ...live(texts)]), { finding: 'checkpoints-differ', size: 12 }, 'ahead')
  }
  t.strictSame(await verify([...live(texts), ...pair]), { finding: 'checkpoints-differ', size: 12 }, 'behind')
  const empty = { checkpoint: signCheckpoint({ size: 0, root: leafHash('') }, [key]) }
  t.strictSame(await verify([empty]), { finding: 'checkpoints-differ', size: 0 }, 'of a log without entries')
})

t.test('an entry that is not canonical is named though it was signed', async t => {
  for (const entry of ['', '{', '{"b":1,"a":2}', '{"a": 1}', ' {}', '"\\u0061"', '['.repeat(1e6)]) {
    const odd = texts.with(5, entry)
    t.strictSame(await verify(live(odd)), { finding: 'entry-not-canonical', entry: 5 }, entry.slice(0, 20))
  }
})

t.test('what reading the log fails by is passed on', async t => {
  const failure = new Error('the disk is gone')
  async function* failing(): AsyncGenerator<LogItem> {
    yield* live(texts)
    throw failure
  }
  await t.rejects(verifyLog(failing(), { keys }), failure)
})

const sentences: readonly (readonly [Verdict, string])[] = [
  [
    { finding: 'none', entries: 12, covered: 12, checkpoints: 1 },
    'The log is as it was signed: 12 entries under 1 checkpoint.',
  ],
  [
    { finding: 'none', entries: 12, covered: 11, checkpoints: 3 },
    'The log is as it was signed: 11 entries under 3 checkpoints; not yet covered: 1 entry.',
  ],
  [
    { finding: 'none', entries: 2, covered: 0, checkpoints: 0 },
    'No checkpoint signs the log; not yet covered: 2 entries.',
  ],
  [
    { finding: 'checkpoint-unverified', checkpoint: 2, reason: 'No known key has signed the note' },
    'Checkpoint 2 in the log cannot be trusted: No known key has signed the note.',
  ],
  [
    { finding: 'checkpoint-late', checkpoint: 2, size: 5, entries: 9 },
    'Checkpoint 2, of 5 entries, stands after 9 entries.',
  ],
  [
    { finding: 'checkpoints-differ', size: 5 },
    "Two checkpoints of 5 entries differ: the log's key has signed two histories.",
  ],
  [{ finding: 'entry-misplaced', expected: 3, found: 5 }, 'Entry 5 stands where entry 3 belongs.'],
  [{ finding: 'entry-not-canonical', entry: 3 }, 'Entry 3 was changed: it is not in the form that the log writes.'],
  [{ finding: 'entry-changed', entry: 3 }, 'Entry 3 does not fit the hash stored with it: one of them was changed.'],
  [{ finding: 'hashes-changed', first: 4, last: 7 }, 'One of entries 4 to 7, or a hash stored with them, was changed.'],
  [{ finding: 'span-changed', first: 3, last: 3 }, 'Entry 3 is not as it was signed.'],
  [{ finding: 'span-changed', first: 3, last: 7 }, 'Something from entry 3 to entry 7 is not as it was signed.'],
  [
    { finding: 'tail-missing', entries: 3, signed: 7 },
    'The log ends after 3 entries, but 7 were signed: its tail was cut off.',
  ],
  [
    { finding: 'history-rewritten', size: 7 },
    'The log was signed anew: its first 7 entries are not those of the kept checkpoint.',
  ],
]

t.test('every verdict has its sentence', async t => {
  for (const [verdict, sentence] of sentences) t.equal(describe(verdict), sentence)
})

const checkpoints = checkpointed.map(size => checkpointAt(texts.slice(0, size)).checkpoint)

/** Short, as every byte of the log is changed in its turn: verification asks only that it be canonical. */
function text(number: number): string {
  return canonicalise({ count: number, request: `请求 ${number}` })
}

function verify(items: readonly LogItem[], options: Partial<VerifyOptions> = {}): Promise<Verdict> {
  return verifyLog(items, { keys, ...options })
}

/** The log as the store gives it: each entry with its hashes, each checkpoint after the entries that it covers. */
function live(entries: readonly string[]): LogItem[] {
  const tree = new GrowingTree()
  return entries.flatMap((entry, index) => {
    const item = { index, entry, hashes: tree.append(leafHash(entry)) }
    return checkpointed.includes(tree.size) ? [item, { checkpoint: signCheckpoint(tree.head(), [key]) }] : [item]
  })
}

function exported(entries: readonly string[]): LogItem[] {
  return live(entries).map(item => (isEntry(item) ? { index: item.index, entry: item.entry } : item))
}

/** The same items with other texts: what changes entries and leaves the rest alone. */
function withTexts(items: readonly LogItem[], entries: readonly string[]): LogItem[] {
  return items.map(item => (isEntry(item) ? { ...item, entry: entries[item.index] ?? '' } : item))
}

/** The entries of one log with the checkpoints of another: what a forger has who lacks the key. */
function merge(forged: readonly LogItem[], signed: readonly LogItem[]): LogItem[] {
  return [...signed.filter(item => !isEntry(item)), ...forged.filter(isEntry)]
}

function checkpointAt(entries: readonly string[], signer: NoteKey = key): { checkpoint: string } {
  return { checkpoint: signCheckpoint(headOf(entries), [signer]) }
}

function headOf(entries: readonly string[]): TreeHead {
  const tree = new GrowingTree()
  for (const entry of entries) tree.append(leafHash(entry))
  return tree.head()
}

/** The span that a change of the entry is found in. */
function spanOf(at: number): Verdict {
  const first = checkpointed.filter(size => size <= at).at(-1) ?? 0
  return { finding: 'span-changed', first, last: (checkpointed.find(size => size > at) ?? texts.length) - 1 }
}

/** Every text of the log with one bit of one byte turned, and the index of its entry. */
async function forEachByte(check: (changed: readonly string[], at: number) => Promise<void>): Promise<void> {
  for (const [at, text] of texts.entries()) {
    for (let byte = 0; byte < text.length; byte++) {
      const changed = text.slice(0, byte) + String.fromCharCode(text.charCodeAt(byte) ^ 1) + text.slice(byte + 1)
      await check(texts.with(at, changed), at)
    }
  }
}

async function* streamed(items: readonly LogItem[]): AsyncGenerator<LogItem> {
  yield* items
}

function swap<T>(list: readonly T[], one: number, other: number): T[] {
  return list.with(one, list[other] as T).with(other, list[one] as T)
}

function isEntry(item: LogItem): item is Extract<LogItem, { entry: string }> {
  return 'entry' in item
}

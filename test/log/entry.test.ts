import assert from 'node:assert/strict'
import fc from '../properties.ts'
import t from 'tap'
import { canonicalise } from '../../src/canonical.ts'
import { decodeEntry, encodeEntry, maxEntryBytes } from '../../src/log/entry.ts'
import type { Json } from '../../src/record.ts'
import { anyEntry, entryOf } from './entries.ts'

t.test('a disclosure reads as it should', async t => {
  t.equal(
    encodeEntry(entryOf(7)),
    '{"actor":{"id":"c-331199","kind":"client"},"agreement":"a-17","case":"2026-7","count":1,"department":"housing",' +
      '"fields":["name","status"],"matter":"331199-0101","operation":"read","outcome":"disclosed",' +
      '"records":["pppppppppppppppppppppppppppppppppppppppppp7"],"request":"r-7",' +
      '"standard":"enterprise-registration","time":"2026-01-02T00:00:00.007Z"}',
  )
})

t.test('the text of every entry is its canonical JSON, whichever members it has, and is read back', async () => {
  fc.assert(
    fc.property(anyEntry, entry => {
      const text = encodeEntry(entry)
      assert.equal(text, canonicalise(entry as unknown as Json))
      assert.deepEqual(decodeEntry(text), JSON.parse(JSON.stringify(entry)))
    }),
    { numRuns: 500 },
  )
})

t.test('an entry of 32 KiB is taken and one byte more is refused, in bytes and not in characters', async t => {
  const room = maxEntryBytes - Buffer.byteLength(encodeEntry({ ...entryOf(1), case: '' }))
  for (const letter of ['a', 'é', '市', '😀']) {
    const width = Buffer.byteLength(letter)
    const full = letter.repeat(Math.floor(room / width)) + 'a'.repeat(room % width)
    t.equal(Buffer.byteLength(encodeEntry({ ...entryOf(1), case: full })), maxEntryBytes, letter)
    t.throws(() => encodeEntry({ ...entryOf(1), case: `${full}a` }), RangeError, `${letter}: one more`)
  }
})

t.test('what canonical JSON lacks is refused', async t => {
  t.throws(() => encodeEntry({ ...entryOf(1), count: NaN }), TypeError)
  t.throws(() => encodeEntry({ ...entryOf(1), case: '\ud800' }), TypeError)
})

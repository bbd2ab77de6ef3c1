import t from 'tap'
import assert from 'node:assert/strict'
import { createDecipheriv, randomBytes } from 'node:crypto'
import { newDataKey } from '../../src/seal/seal.ts'
import { sealStream, unsealStream } from '../../src/seal/stream.ts'
import { chunks } from '../helper.ts'

const key = newDataKey()
const chunk = 64 * 1024
const sealedChunk = chunk + 16

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

const sealed = (plain: Buffer, context = 'a', size = 1000) => whole(sealStream(key, context, chunks(plain, size)))
const opened = (bytes: Buffer, context = 'a', size = 1000) => whole(unsealStream(key, context, chunks(bytes, size)))

t.test('opening is the inverse of sealing, however the bytes come', async t => {
  for (const length of [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 5]) {
    const plain = randomBytes(length)
    for (const size of [997, chunk, 10 * chunk]) {
      const text = await sealed(plain, 'a', size)
      t.equal(text.length, length + 16 * Math.max(1, Math.ceil(length / chunk)), `${length} bytes in ${size}s`)
      t.ok((await opened(text, 'a', size + 1)).equals(plain))
    }
  }
})

t.test('the layout is that of age: chunks of 64 KiB under a counter and a mark of the end', async t => {
  const plain = randomBytes(chunk + 3)
  const bytes = await sealed(plain)
  const piece = (at: number, end: number, nonce: string): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'hex')).setAAD(Buffer.from('a'))
    decipher.setAuthTag(bytes.subarray(end - 16, end))
    return Buffer.concat([decipher.update(bytes.subarray(at, end - 16)), decipher.final()])
  }
  t.ok(piece(0, sealedChunk, '000000000000000000000000').equals(plain.subarray(0, chunk)))
  t.ok(piece(sealedChunk, bytes.length, '000000000000000000000101').equals(plain.subarray(chunk)))
})

t.test('what was cut, altered, reordered, repeated or joined does not open', async t => {
  const plain = randomBytes(3 * chunk)
  const bytes = await sealed(plain)
  const [one, two, three] = [0, 1, 2].map(index => bytes.subarray(index * sealedChunk, (index + 1) * sealedChunk))
  assert(one && two && three)
  const flipped = Buffer.from(bytes)
  flipped[sealedChunk + 7] = (flipped[sealedChunk + 7] as number) ^ 1
  const bad: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'less than a tag': bytes.subarray(0, 7),
    'cut within a chunk': bytes.subarray(0, bytes.length - 1),
    'cut between chunks': bytes.subarray(0, 2 * sealedChunk),
    'a bit changed': flipped,
    'two chunks in the other order': Buffer.concat([two, one, three]),
    'a chunk twice': Buffer.concat([one, one, two, three]),
    'a chunk left out': Buffer.concat([one, three]),
    'more behind the end': Buffer.concat([bytes, bytes]),
    'a byte behind the end': Buffer.concat([bytes, Buffer.from([0])]),
  }
  for (const [name, damaged] of Object.entries(bad)) await t.rejects(opened(damaged), /does not open/, name)
  await t.rejects(opened(bytes, 'b'), /does not open/, 'another stream')
  await t.rejects(whole(unsealStream(newDataKey(), 'a', chunks(bytes))), /does not open/, 'another key')
})

t.test('a body that fails is not ended by it: what was sealed until then does not open', async t => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield randomBytes(chunk)
    yield randomBytes(chunk)
    throw new Error('broke off')
  }
  const parts: Buffer[] = []
  await t.rejects(
    (async () => {
      for await (const part of sealStream(key, 'a', failing())) parts.push(part)
    })(),
    /broke off/,
  )
  t.equal(parts.length, 1)
  await t.rejects(opened(Buffer.concat(parts)), /does not open/)
})

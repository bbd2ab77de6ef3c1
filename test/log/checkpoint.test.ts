import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { encodeCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts'
import { noteKey, openNote, parseVerifierKey, signNote } from '../../src/log/note.ts'
import { leafHash } from '../../src/log/tree.ts'

const root = leafHash('')
const key = noteKey('concord.example/log', generateKeyPairSync('ed25519').privateKey)
const next = noteKey('concord.example/log', generateKeyPairSync('ed25519').privateKey)
const witness = noteKey('witness.example', generateKeyPairSync('ed25519').privateKey)

const invalid = { code: 'log-invalid' }

t.test('the text is origin, size and root, each on a line', async t => {
  const text = 'concord.example/log\n17\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n'
  t.equal(encodeCheckpoint({ origin: 'concord.example/log', size: 17, root }), text)
  t.strictSame(parseCheckpoint(text), { origin: 'concord.example/log', size: 17, root: Buffer.from(root) })
  t.equal(encodeCheckpoint(parseCheckpoint(text)), text)
})

t.test('extension lines are kept', async t => {
  const text = `other.example\n0\n${'A'.repeat(43)}=\none\ntwo\n`
  t.strictSame(parseCheckpoint(text).extensions, ['one', 'two'])
  t.equal(encodeCheckpoint(parseCheckpoint(text)), text)
})

t.test('the largest size is 2^53 - 1', async t => {
  const text = encodeCheckpoint({ origin: 'a', size: Number.MAX_SAFE_INTEGER, root })
  t.equal(parseCheckpoint(text).size, Number.MAX_SAFE_INTEGER)
  t.throws(() => parseCheckpoint(text.replace('991', '992')), invalid)
})

const base64 = 'bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0='
const malformed = {
  nothing: '',
  'no origin': `\n1\n${base64}\n`,
  'no root': 'a\n1\n',
  'no last newline': `a\n1\n${base64}`,
  'a leading zero': `a\n01\n${base64}\n`,
  'a sign': `a\n+1\n${base64}\n`,
  'a size that is no number': `a\n1e3\n${base64}\n`,
  'a short root': `a\n1\n${base64.slice(4)}\n`,
  'base64 without its padding': `a\n1\n${base64.slice(0, -1)}\n`,
  'an empty extension line': `a\n1\n${base64}\n\nb\n`,
}

for (const [what, text] of Object.entries(malformed)) {
  t.test(`a checkpoint is refused for ${what}`, async t => {
    t.throws(() => parseCheckpoint(text), invalid)
  })
}

t.test('a signed checkpoint opens by the key of the log, with or without others beside it', async t => {
  const checkpoint = { origin: 'concord.example/log', size: 3, root: Buffer.from(root) }
  t.strictSame(openCheckpoint(signCheckpoint({ size: 3, root }, [key]), [key]), checkpoint)
  t.strictSame(openCheckpoint(signCheckpoint({ size: 3, root }, [key, witness]), [key]), checkpoint)
  const handedOver = signCheckpoint({ size: 3, root }, [key, next])
  t.strictSame(openCheckpoint(handedOver, [next]), checkpoint, 'the key that replaces it')
})

t.test('a checkpoint of another log is refused, though a known key has signed it', async t => {
  const note = signNote(encodeCheckpoint({ origin: 'other.example', size: 3, root }), [key])
  t.throws(() => openCheckpoint(note, [key]), invalid)
  t.throws(
    () => openCheckpoint(signCheckpoint({ size: 3, root }, [key, witness]), [witness]),
    invalid,
    'only a witness is known',
  )
})

t.test('a checkpoint that Go has signed reads as it should', async t => {
  const go = parseVerifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8')
  const note =
    'go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n' +
    '— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n'
  const { origin, size } = parseCheckpoint(openNote(note, [go]).text)
  t.strictSame([origin, size], ['go.sum database tree', 6_476_701])
  t.throws(() => openCheckpoint(note, [go]), invalid, 'its origin is not the name of its key, which ours always is')
})

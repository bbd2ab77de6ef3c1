import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { encodeVerifierKey, noteKey, openNote, parseVerifierKey, signNote } from '../../src/log/note.ts'

// Keys and signatures from the tests of golang.org/x/mod/sumdb/note.
const peterText = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const enochText = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
const peterSeed = 'YEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const peterLine =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const enochLine =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'

const peter = parseVerifierKey(peterText)
const enoch = parseVerifierKey(enochText)
const peterPrivate = noteKey('PeterNeumann', privateKey(Buffer.from(`A${peterSeed}`, 'base64').subarray(1)))

const invalid = { code: 'log-invalid' }
const unreadable = { code: 'key-unreadable' }

t.test('a known key signs as it does in Go', async t => {
  t.equal(peterPrivate.id, 'c74f20a3')
  t.equal(encodeVerifierKey(peterPrivate), peterText)
  t.equal(signNote(text, [peterPrivate]), `${text}\n${peterLine}`)
})

t.test('a verifier key is read and written back, whether from the private key or the public', async t => {
  t.equal(encodeVerifierKey(enoch), enochText)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const written = encodeVerifierKey(noteKey('concord.example/log', privateKey))
  t.equal(encodeVerifierKey(noteKey('concord.example/log', publicKey)), written)
  t.equal(encodeVerifierKey(parseVerifierKey(written)), written)
})

t.test('a verifier key with any byte changed, cut at any place, or of another kind is refused', async t => {
  const refused = (key: string) => t.throws(() => parseVerifierKey(key), unreadable, key)
  for (let start = 0; start <= peterText.length; start += 3) {
    for (let end = start; end <= peterText.length; end += 3) {
      if (start !== 0 || end !== peterText.length) refused(peterText.slice(start, end))
    }
  }
  for (let at = 0; at < peterText.length; at++) {
    refused(peterText.slice(0, at) + String.fromCharCode(peterText.charCodeAt(at) + 1) + peterText.slice(at + 1))
  }
  refused('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==') // too long, id adjusted
  refused('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW') // unknown algorithm, id adjusted
  refused(peterText.replace('c74f', 'C74F'))
  refused(`${peterText}=`)
  refused(`${peterText}\n`)
})

t.test('a note opens by whichever of its keys are known, and the others are passed over', async t => {
  const both = `${text}\n${peterLine}${enochLine}`
  t.strictSame(openNote(both, [peter]), { text, signedBy: [peter] })
  t.strictSame(openNote(both, [peter, enoch]), { text, signedBy: [peter, enoch] })
  t.strictSame(openNote(both, [peterPrivate]), { text, signedBy: [peterPrivate] }, 'a private key verifies too')
  t.strictSame(openNote(`${text}\n${peterLine}${peterLine}`, [peter]).signedBy, [peter], 'twice is once')
  t.throws(() => openNote(both, []), invalid)
  t.throws(() => openNote(`${text}\n${enochLine}`, [peter]), invalid)
})

t.test('a key is known by its name and its id together', async t => {
  const other = noteKey('EnochRoot', peter.key)
  t.throws(() => openNote(`${text}\n${peterLine}`, [other]), invalid, 'the same key under another name')
  t.throws(
    () => openNote(`${text}\n${peterLine}`, [{ ...peter, id: 'c74f20a4' }]),
    invalid,
    'the same name, another id',
  )
})

t.test('one wrong signature of a known key refuses the note, whoever else has signed', async t => {
  const wrong = peterLine.replace('x08go/ZJ', 'x08go/ZK')
  t.throws(() => openNote(`${text}\n${wrong}${enochLine}`, [peter, enoch]), invalid)
  t.ok(openNote(`${text}\n${wrong}${enochLine}`, [enoch]), 'an unknown one is not looked at')
  t.throws(() => openNote(`${text.replace('your', 'my')}\n${peterLine}`, [peter]), invalid)
})

const malformed: readonly (readonly [string, string])[] = [
  ['no signatures', text],
  ['no signature lines', `${text}\n`],
  ['no last newline', `${text}\n${peterLine.slice(0, -1)}`],
  ['a control character', `\x01${text}\n${peterLine}`],
  ['a carriage return', `${text.replace('\n', '\r\n')}\n${peterLine}`],
  ['a lone surrogate', `\ud800${text}\n${peterLine}`],
  ['a space in the name', `${text}\n${peterLine.replace('Neumann', ' Neumann')}`],
  ['a plus in the name', `${text}\n${peterLine.replace('Neumann', '+Neumann')}`],
  ['a line that is no signature', `${text}\n${peterLine}Unexpected line.\n`],
  ['a line before that is none', `${text}\nUnexpected line.\n${peterLine}`],
  ['a hyphen for the dash', `${text}\n${peterLine.replace('—', '-')}`],
  ['base64 without its padding', `${text}\n${peterLine.replace('=', '')}`],
  ['base64 with stray bits', `${text}\n${peterLine.replace('nAM=', 'nAN=')}`],
  ['no signature after the id', `${text}\n— PeterNeumann x08gow==\n`],
  ['no text', `\n${peterLine}`],
  ['an empty line among the signatures', `${text}\n${peterLine}\n${enochLine}`],
  ['a hundred and one signatures', `${text}\n${peterLine.repeat(101)}`],
  ['nothing', ''],
]

for (const [what, note] of malformed) {
  t.test(`a note is refused for ${what}`, async t => {
    t.throws(() => openNote(note, [peter]), invalid)
  })
}

t.test(
  'a text with empty lines is a note, and one without a last newline or with control characters is not',
  async t => {
    const paragraphs = `a\n\n\nb\n`
    t.equal(openNote(signNote(paragraphs, [peterPrivate]), [peter]).text, paragraphs)
    for (const bad of ['', 'abc', 'a\tb\n', 'a\n\0\n', '\ud800\n'])
      t.throws(() => signNote(bad, [peterPrivate]), invalid)
  },
)

t.test('names have no spaces of any script and no plus, and keys are Ed25519', async t => {
  for (const name of ['', 'a b', 'a+b', 'a\u3000b', 'a\u00a0b', 'a\u0085b', 'a\nb', '\ud800']) {
    t.throws(() => noteKey(name, peter.key), unreadable, JSON.stringify(name))
  }
  t.throws(() => noteKey('a', generateKeyPairSync('ed448').publicKey), unreadable)
})

function privateKey(seed: Buffer) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

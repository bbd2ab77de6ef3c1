import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { openCheckpoint, parseCheckpoint } from '../../src/log/checkpoint.ts'
import { cosignatureLine, encodeVerifierKey, lineBy, noteKey, openNote, parseVerifierKey } from '../../src/log/note.ts'
import { signNote, textOf } from '../../src/log/note.ts'

// A checkpoint of a log in service, as its witnesses have cosigned it (Arche 2025h1, transparency.dev).
const logKey = parseVerifierKey(
  'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f',
)
const witnessText = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'
const witness = parseVerifierKey(witnessText)
const witnessLine =
  '— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n'
const known = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
${witnessLine}`

const own = noteKey('witness.example/w1', generateKeyPairSync('ed25519').privateKey, 'cosignature')

t.test('a checkpoint of a log in service opens by its log and by its witness', async t => {
  t.match(openCheckpoint(known, [logKey], [witness]), { size: 1432088532 })
  t.equal(lineBy(witness, known), witnessLine)
  t.throws(() => openCheckpoint(known, [logKey], [own]), { code: 'log-invalid', message: /has not cosigned/ })
})

t.test('a cosignature holds for no other text, time or key', async t => {
  const changes: [string, string][] = [
    ['another size', known.replace('1432088532', '1432088533')],
    ['another time', known.replace('2net5wAAAABqEiEg', '2net5wAAAABqEiEh')],
    ['cut short', known.replace('DrAWfBw==', 'DrAU=')],
  ]
  for (const [what, changed] of changes) {
    t.not(changed, known, what)
    t.throws(() => openNote(changed, [witness]), { code: 'log-invalid' }, what)
  }
  const { key } = noteKey('a', generateKeyPairSync('ed25519').publicKey)
  t.throws(() => openNote(known, [{ ...witness, key }]), { code: 'log-invalid' }, 'another key')
})

t.test('a witness cosigns below the log, and its key is read and written back', async t => {
  const note = `${known}${cosignatureLine(known, own, 1_679_315_147)}`
  const key = parseVerifierKey(encodeVerifierKey(own))
  t.equal(key.signing, 'cosignature')
  t.strictSame(openNote(note, [witness, key]).signedBy, [witness, key])
  t.equal(encodeVerifierKey(witness), witnessText)
  // 1679315147 s are 0x641850CB, between the id of the key and the signature.
  const bytes = Buffer.from(lineBy(own, note)?.split(' ')[2] ?? '', 'base64')
  t.equal(bytes.toString('hex', 0, 12), `${own.id}00000000641850cb`)
  t.equal(bytes.length, 4 + 8 + 64)
  t.equal(parseCheckpoint(textOf(note)).size, 1432088532)
})

t.test('a signature is no cosignature, and a witness that is called as the log cannot stand in for it', async t => {
  const text = textOf(known)
  const plain = noteKey(logKey.name, own.key)
  const sameName = noteKey(logKey.name, own.key, 'cosignature')
  t.not(plain.id, sameName.id)
  const cosigned = `${text}\n${cosignatureLine(known, sameName, 1)}`
  t.throws(() => openNote(cosigned, [plain]), { code: 'log-invalid' })
  t.throws(() => openCheckpoint(cosigned, [sameName]), { code: 'log-invalid', message: /another log/ })
  t.ok(openCheckpoint(signNote(text, [plain]), [plain]))
})

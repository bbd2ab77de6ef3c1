import t from 'tap'
import { newTotpSecret, totpCode, totpStep, totpUri } from '../../src/seal/totp.ts'

/** The secret of the test vectors, ASCII `12345678901234567890`, in base32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

const at = (seconds: number): Date => new Date(seconds * 1000)

t.test('codes are those of RFC 6238, appendix B, SHA-1: the last six of their eight digits', async t => {
  const vectors: [seconds: number, code: string][] = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ]
  for (const [seconds, code] of vectors) t.equal(totpCode(secret, at(seconds)), code.slice(2), String(seconds))
})

t.test('steps are the counters of RFC 4226, appendix D', async t => {
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
  for (const [counter, code] of codes.entries()) {
    t.equal(totpCode(secret, at(counter * 30)), code)
    t.equal(totpStep(secret, code, at(counter * 30 + 29)), counter)
  }
})

t.test('a code is good for its step and one before and after, and no longer', async t => {
  const [counter, code] = [5, '254676']
  for (const [seconds, step] of [
    [119, undefined],
    [120, counter],
    [150, counter],
    [209, counter],
    [210, undefined],
  ] as const) {
    t.equal(totpStep(secret, code, at(seconds)), step, `${seconds} s`)
  }
  for (const bad of ['', '25467', '2546760', '25467a', '２５４６７６', ' 254676', '000000']) {
    t.equal(totpStep(secret, bad, at(150)), undefined, JSON.stringify(bad))
  }
})

t.test('a secret has 160 bits, and its address says what an authenticator app must know', async t => {
  const made = newTotpSecret()
  t.match(made, /^[A-Z2-7]{32}$/)
  t.not(made, newTotpSecret())
  const uri = new URL(totpUri(made, { issuer: 'Concord test.example/log', label: 'li-wei' }))
  t.equal(`${uri.protocol}//${uri.host}`, 'otpauth://totp')
  t.equal(decodeURIComponent(uri.pathname), '/Concord test.example/log:li-wei')
  t.equal(uri.searchParams.get('secret'), made)
  t.equal(uri.searchParams.get('issuer'), 'Concord test.example/log')
  // What stands there by default may be left out (Key Uri Format).
  t.match(uri.searchParams.get('algorithm') ?? 'SHA1', /^SHA1$/)
  t.equal(uri.searchParams.get('digits') ?? '6', '6')
  t.equal(uri.searchParams.get('period') ?? '30', '30')
})

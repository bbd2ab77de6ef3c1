import t from 'tap'
import { hashPassword, isPassword, newPassword } from '../../src/seal/password.ts'

t.test('a password is hashed by Argon2id with the parameters that OWASP names', async t => {
  const hashed = await hashPassword('correct horse')
  t.match(hashed, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  t.equal(await isPassword('correct horse', hashed), true)
  t.equal(await isPassword('correct horsE', hashed), false)
  t.not(await hashPassword('correct horse'), hashed, 'salted')
})

t.test('a known answer: the hash that the documentation of argon2-cffi shows', async t => {
  const known = '$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg'
  t.equal(await isPassword('correct horse battery staple', known), true)
  t.equal(await isPassword('correct horse battery stapler', known), false)
})

t.test('an unknown user’s is never right', async t => {
  // `x` is the password that it is compared with.
  for (const password of ['', 'x', newPassword()]) t.equal(await isPassword(password, undefined), false)
})

t.test('a new password is 20 characters without those that look alike', async t => {
  const made = Array.from({ length: 200 }, newPassword)
  for (const password of made) t.match(password, /^([a-hjkmnp-tv-z0-9]{5}-){3}[a-hjkmnp-tv-z0-9]{5}$/)
  t.equal(new Set(made).size, made.length)
  t.equal(new Set(made.join('')).size, 33, 'all 32 characters occur, and the hyphen')
})

t.test('more at a time than wait in the line are turned away, and the line goes on', async t => {
  const hashed = await hashPassword('x')
  const all = await Promise.allSettled(Array.from({ length: 200 }, () => isPassword('x', hashed)))
  const isIn = all.filter(one => one.status === 'fulfilled')
  const isOut = all.filter(one => one.status === 'rejected')
  t.equal(isIn.length, 130)
  t.ok(isIn.every(({ value }) => value))
  t.ok(isOut.every(({ reason }) => (reason as { code?: string }).code === 'overloaded'))
  t.equal(await isPassword('x', hashed), true)
})

/**
 * Passwords of people: Argon2id (RFC 9106) in the PHC string format, off the event loop.
 *
 * Each takes 19 MiB for about 20 ms, and strangers may ask for it: so many at once and no more, and a line that ends.
 */
import { hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import { HubError } from '../errors.ts'

/**
 * OWASP Password Storage Cheat Sheet, Argon2id: m=19456 (19 MiB), t=2, p=1. The algorithm is the library's own choice,
 * and a test holds it to this.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** At once: half of the threads that Node.js has for files and names too, which would wait behind strangers. */
const atOnce = 2

/** In the line behind them, two seconds' work: whoever comes later would be answered after they have gone. */
const inLine = 128

/** No ambiguous letters: people type it. 32 characters, so that a byte's five low bits are one. */
const alphabet = 'abcdefghjkmnpqrstvwxyz0123456789'

/** The hash of `x`, which lets nobody in: comparing with it costs what comparing with a user's costs. */
const nobodys = '$argon2id$v=19$m=19456,t=2,p=1$wOhScDGI/3jHFYNh9fcrew$BwrABGHjdny3wNAIjXz/sZL6E/BPU90vOM+WMhBe7Uc'

/** A password of 100 random bits, `xxxxx-xxxxx-xxxxx-xxxxx`: no dictionary finds it. */
export function newPassword(): string {
  const characters = [...randomBytes(20)].map(byte => alphabet[byte & 31]).join('')
  return characters.replace(/(.{5})(?=.)/g, '$1-')
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, parameters))
}

/**
 * Whether it is the password of that hash; of an unknown user's, undefined, it is not, at the same cost.
 *
 * @throws {HubError} `overloaded`
 */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const isRight = await inTurn(() => verify(passwordHash ?? nobodys, password))
  return isRight && passwordHash !== undefined
}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running < atOnce) running++
  else if (waiting.length < inLine) await new Promise<void>(resolve => waiting.push(resolve))
  else throw new HubError('overloaded', 'Too many sign in at this moment; try again in some seconds.')
  try {
    return await work()
  } finally {
    // Whoever is next takes this one's place, which so is never free in between.
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

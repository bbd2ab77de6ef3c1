/**
 * Time-based one-time passwords (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds from 1970 on.
 *
 * SHA-1, since it is what authenticator apps know, many of which take an `algorithm` in the address and ignore it; HMAC
 * does not lean on what is broken of it (RFC 6238 §1.2, RFC 4226 appendix B).
 */
import { generateSecret, generateSync, generateURI, verifySync } from 'otplib'

export const stepSeconds = 30

const form = { algorithm: 'sha1', digits: 6, period: stepSeconds } as const

/** A secret of 160 bits in base32, as RFC 4226 §4 (R6) recommends. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 })
}

/** The address by which an authenticator app takes a secret: as text, or as a QR code. */
export function totpUri(
  secret: string,
  { issuer, label }: { readonly issuer: string; readonly label: string },
): string {
  return generateURI({ ...form, secret, issuer, label })
}

/** The code that an authenticator app shows at an instant. */
export function totpCode(secret: string, at: Date): string {
  return generateSync({ ...form, secret, epoch: secondsOf(at) })
}

/**
 * The step whose code this is: that of the instant, the one before or the one after, as clocks differ and people type
 * (RFC 6238 §5.2); undefined where it is none of theirs. Whoever accepts a step accepts none up to it again.
 */
export function totpStep(secret: string, code: string, at: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const epoch = secondsOf(at)
  const found = verifySync({ ...form, secret, token: code, epoch, epochTolerance: stepSeconds })
  return found.valid && 'timeStep' in found ? found.timeStep : undefined
}

function secondsOf(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

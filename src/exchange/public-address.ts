/** The address that the hub calls itself by. */
import type { Config } from '../config.ts'

/**
 * Without a slash at its end. Where no public address is set, the one that it listens on: never what a caller says in
 * `Host`, which would let a stranger put an address of their own into what others keep.
 */
export function publicAddress({ publicUrl, tls, host, port }: Config): string {
  if (publicUrl !== undefined) return publicUrl
  const name = host.includes(':') ? `[${host}]` : host
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`
}

/** Lengths of time on the command line. */
import { InvalidArgumentError } from 'commander'

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Reads `90s`, `30m`, `24h` or `7d`, in ms. */
export function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  if (unit === '') throw new InvalidArgumentError('This must be a length of time: 90s, 30m, 24h, 7d.')
  return Number(number) * unitMs[unit as keyof typeof unitMs]
}

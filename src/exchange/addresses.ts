/** Address ranges that a client may call from: CIDR (RFC 4632, RFC 4291 §2.3), or single addresses. */
import { BlockList, isIP, isIPv6 } from 'node:net'
import { HubError } from '../errors.ts'
import type { Issue } from '../record.ts'

/** A list that is longer is no list of a system's own addresses. */
export const maxRanges = 50

/**
 * The ranges as they are kept.
 *
 * @throws {HubError} `request-invalid` with an issue for each that is none
 */
export function readAddresses(ranges: readonly string[]): string[] {
  const issues = ranges.flatMap((range, index): Issue[] =>
    isRange(range)
      ? []
      : [{ pointer: `/addresses/${index}`, code: 'address', message: 'is no address and no CIDR range' }],
  )
  if (issues.length === 0 && ranges.length <= maxRanges) return [...new Set(ranges)]
  const detail = `Addresses are like 10.1.0.0/16, 192.0.2.7 or 2001:db8::/32, ${maxRanges} at most.`
  throw new HubError('request-invalid', detail, { issues })
}

/** Whether an address lies in one of the ranges; an IPv4 address that is written as IPv6 is one of IPv4. Any does where there is no range. */
export function isWithin(ranges: readonly string[], address: string): boolean {
  if (ranges.length === 0) return true
  let checked = checkedBy.get(ranges)
  if (checked === undefined) checkedBy.set(ranges, (checked = { list: listOf(ranges), answers: new Map() }))
  const known = checked.answers.get(address)
  if (known !== undefined) return known
  const answer = checked.list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  // A client has few addresses; one with many is looked at anew.
  if (checked.answers.size >= 100) checked.answers.clear()
  checked.answers.set(address, answer)
  return answer
}

/** The ranges of a client are one array until the configuration changes; to check an address costs a twentieth of a call. */
const checkedBy = new WeakMap<readonly string[], { list: BlockList; answers: Map<string, boolean> }>()

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** Whether a text is an address or a range of them. */
export function isRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/')
  const version = isIP(address)
  // A zone (fe80::1%eth0) is another machine's business.
  if (version === 0 || rest.length > 0 || address.includes('%')) return false
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

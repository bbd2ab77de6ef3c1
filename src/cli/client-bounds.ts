/** `concord client set-addresses`, `set-rate`: from where a client may call, and how often. */
import type { Command } from 'commander'
import { setClientAddresses, setClientRate } from '../exchange/clients.ts'
import { command, listOf, numberFrom } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function clientBounds(clients: Command): void {
  const addresses = 'client set-addresses permits 10.7.0.0/16,2001:db8::/32'
  command(clients, 'set-addresses', 'Bind a client to addresses; calls from elsewhere are refused', addresses)
    .argument('<id>')
    .argument('<ranges>', 'addresses and CIDR ranges, joined by commas; any: from anywhere', listOf())
    .action(async (id: string, ranges: string[], options: { json?: boolean }) => {
      const isAny = ranges.length === 1 && ranges[0] === 'any'
      const set = await withHub((hub, by) => setClientAddresses(hub, by, id, isAny ? [] : ranges))
      const from = set.length === 0 ? 'any address' : set.join(', ')
      show(options.json, { id, addresses: set }, () => `The client ${id} may call from ${from}.`)
    })

  const rate = 'client set-rate permits --per-second 50 --burst 200'
  command(clients, 'set-rate', 'Bound the requests a second of a client, in each process of the hub', rate)
    .argument('<id>')
    .requiredOption(
      '--per-second <n>',
      'requests a second; default: as every client, by CONCORD_RATE_LIMIT',
      perSecondOf,
    )
    .option('--burst <n>', 'requests at once after a pause; twice those of a second if left out', numberFrom(1))
    .action(async (id: string, { perSecond, burst, json }: RateOptions) => {
      const set = perSecond === 'default' ? undefined : { perSecond, burst: burst ?? 2 * perSecond }
      await withHub((hub, by) => setClientRate(hub, by, id, set))
      show(json, { id, rate: set ?? null }, () =>
        set === undefined
          ? `The client ${id} has the rate of every client.`
          : `The client ${id} may send ${set.perSecond} requests a second, ${set.burst} at once.`,
      )
    })
}

type RateOptions = { perSecond: number | 'default'; burst?: number; json?: boolean }

function perSecondOf(text: string): number | 'default' {
  return text === 'default' ? text : numberFrom(1)(text)
}

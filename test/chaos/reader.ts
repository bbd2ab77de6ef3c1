/** A hub's directory with records, and clients that read them; what of every reply must be found in the log. */
import { createReadStream } from 'node:fs'
import type { Test } from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { fixture, folder, openStarterHub, tester } from '../helper.ts'

export const standard = 'enterprise-registration'
export const matter = 'chaos'
export const records = `/v1/standards/${standard}`
export const fields = ['unifiedSocialCreditCode', 'name', 'status', 'legalRepresentativeIdNumber']

export type Credentials = { readonly id: string; readonly secret: string }

/** Fills a hub and closes it: the processes that follow open it. */
export async function prepare(
  t: Test,
  directory: string = folder(t),
): Promise<{ readonly directory: string; readonly credentials: Credentials; readonly keys: readonly string[] }> {
  let prepared: { credentials: Credentials; keys: string[] } | undefined
  // A test of its own, so that its hub is closed when it ends.
  await t.test('a hub with records, and a client that may read them in every way', async t => {
    const hub = await openStarterHub(t, directory)
    for (const file of ['companies.json', 'individual-businesses.json']) {
      const body = createReadStream(fixture(`market-regulation/enterprises/${file}`))
      await deliver(hub, { adapter: 'market-regulation/enterprises', body, by: tester })
    }
    await createAgreement(hub, tester, {
      department: 'housing',
      standard,
      major: 1,
      fields,
      operations: ['read', 'list', 'lookup', 'export', 'changes', 'history', 'verify'],
      matters: [matter],
      from: new Date(0),
      until: new Date('2100-01-01'),
    })
    const client = { id: 'permits', department: 'housing', title: 'Permits', scopes: ['read'] } as const
    const credentials = await createClient(hub, tester, client)
    const rows = await hub.store.read.all<{ key: string }>(
      'SELECT record_key AS "key" FROM records WHERE standard = ? AND withdrawn = 0 ORDER BY record_key',
      [standard],
    )
    t.ok(rows.length >= 5, 'there are records to read')
    prepared = { credentials, keys: rows.map(({ key }) => key) }
  })
  if (prepared === undefined) throw new Error('the hub could not be prepared')
  return { directory, ...prepared }
}

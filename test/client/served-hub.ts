/** A hub that is really served, with records, and a consumer and a provider of its own. */
import { join } from 'node:path'
import type { Test } from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { ConcordClient, type ClientOptions } from '../../src/client/client.ts'
import type { FoodPremisesInspection } from '../../src/generated/standards/food-premises-inspection/v1.ts'
import { premisesXml } from '../exchange/premises.ts'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import { chunks, folder, openTestHub, serve, tester, type TestHub } from '../helper.ts'

export const standard = 'food-premises-inspection'
export const adapter = 'food-standards-agency/premises'
export const granted = ['authority', 'premisesId', 'name', 'address.postcode', 'ratingNormalised']

/** What the tests need of the starter catalogue. */
export const catalogue = [
  'schemas/departments.json',
  'schemas/code-lists',
  `schemas/standards/${standard}`,
  `adapters/${adapter}.json`,
].map(path => join(home, path))

/** What the agreement grants. */
export type Premises = Pick<FoodPremisesInspection, 'authority' | 'premisesId' | 'name'> & {
  readonly address: { readonly postcode?: string }
  readonly ratingNormalised?: string
}

export async function deliverPremises(hub: TestHub, options: Parameters<typeof premisesXml>[0]): Promise<void> {
  await deliver(hub, { adapter, body: chunks(premisesXml(options)), by: tester })
}

export async function grant(hub: TestHub, id: string, fields: readonly string[]): Promise<void> {
  await createAgreement(hub, tester, {
    id,
    department: 'health',
    standard,
    major: 1,
    fields,
    operations: ['read', 'list', 'lookup', 'export', 'changes', 'history', 'verify'],
    matters: ['inspection-plan', '检查计划'],
    from: new Date('2026-01-01'),
    until: new Date('2027-01-01'),
  })
}

export async function openServedHub(t: Test, directory = folder(t)) {
  const hub = await openTestHub(t, directory)
  await publishFiles(hub, tester, catalogue)
  await deliverPremises(hub, { count: 20 })
  const title = 'Inspections'
  const reader = await createClient(hub, tester, { id: 'reader', department: 'health', title, scopes: ['read'] })
  const department = 'food-standards-agency'
  const sender = await createClient(hub, tester, { id: 'sender', department, title: 'Sender', scopes: ['deliver'] })
  await grant(hub, 'a1', granted)
  const url = await serve(t, hub)
  const options = { url, clientId: reader.id, secret: reader.secret, matter: 'inspection-plan', retries: quick }
  const client = new ConcordClient(options)
  const provider = new ConcordClient({ url, clientId: sender.id, secret: sender.secret, retries: quick })
  const premises = client.standard<Premises>(standard)
  return { hub, directory, url, reader, options: options satisfies ClientOptions, client, provider, premises }
}

/** No test waits for what time alone would bring. */
export const quick = { firstPauseMs: 1 }

export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

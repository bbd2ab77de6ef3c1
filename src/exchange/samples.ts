/**
 * Samples: what `npm start` fills an empty hub with, so that a newcomer has something to ask for.
 *
 * The starter catalogue, the good cases of the fixtures (all people and firms in them are synthetic), a client that
 * reads, one that delivers, and agreements. Their secrets are made on the first start and kept in the data directory.
 */
import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { operations, type Receipt } from '../record.ts'
import { createAgreement } from './agreements.ts'
import { inputFiles } from './case-files.ts'
import { createClient, renewSecret } from './clients.ts'
import { deliver } from './deliver.ts'
import { home, publishFiles, starterCatalogue } from './documents.ts'
import type { By, Hub } from './hub.ts'

/** The sample clients and their secrets. The file that keeps them is written last: a start that was cut off is gone through again. */
export type Samples = { readonly reader: Credentials; readonly provider: Credentials }

type Credentials = { readonly id: string; readonly secret: string }

/** What the sample agreement covers. */
export const sampleMatter = '331199-construction-permit'
export const sampleKey = '91331199MAXT000111'

/** Fills an empty hub; of a hub that was filled before, gives what was made then; of any other, undefined. */
export async function fillWithSamples(hub: Hub, by: By, onStep: (step: string) => void): Promise<Samples | undefined> {
  const file = join(hub.config.dataDirectory, 'samples.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Samples
  const { clients } = await hub.published.configuration()
  if ([...clients.keys()].some(id => id !== sampleReader.id && id !== sampleProvider.id)) return undefined

  const published = await publishFiles(hub, by, starterCatalogue)
  onStep(
    `published ${published.filter(({ outcome }) => outcome === 'published').length} documents of the starter catalogue`,
  )
  const { agreements } = await hub.published.configuration()
  const made = new Set([...agreements.values()].flat().map(agreement => agreement.id))
  for (const agreement of sampleAgreements(hub.clock())) {
    if (!made.has(agreement.id)) await createAgreement(hub, by, agreement)
  }
  for (const { adapter, files } of await inOrder(hub, goodCases())) {
    for (const path of files) {
      const receipt: Receipt = await deliver(hub, { adapter, body: createReadStream(path), by })
      onStep(`delivered ${receipt.accepted} records through ${adapter}`)
    }
  }
  const { index } = await hub.published.configuration()
  const reader = await credentialsOf(hub, by, sampleReader)
  const provider = await credentialsOf(hub, by, sampleProvider)
  onStep(`made 2 clients and 2 agreements among ${index.departments.length} departments`)
  const samples = { reader, provider }
  writeFileSync(file, `${JSON.stringify(samples, null, 2)}\n`, { mode: 0o600, flush: true })
  return samples
}

const sampleReader = {
  id: 'housing-permits',
  department: 'housing',
  title: 'Sample: the permit system of the housing department',
  scopes: ['read'],
} as const

const sampleProvider = {
  id: 'market-regulation-feed',
  department: 'market-regulation',
  title: 'Sample: the delivering system of the market regulator',
  scopes: ['deliver'],
} as const

const sampleFields = [
  'unifiedSocialCreditCode',
  'name',
  'enterpriseType',
  'legalRepresentativeName',
  'registeredCapital',
  'establishedOn',
  'divisionCode',
  'status',
  'investors.name',
]

/** What the sample client reads, and what social security's own adapter looks up. */
function sampleAgreements(from: Date): (Parameters<typeof createAgreement>[2] & { readonly id: string })[] {
  const term = { from, until: new Date('2100-01-01') }
  return [
    {
      id: 'sample-agreement',
      department: sampleReader.department,
      standard: 'enterprise-registration',
      major: 1,
      fields: sampleFields,
      operations,
      matters: [sampleMatter],
      ...term,
    },
    {
      id: 'sample-units',
      department: 'social-security',
      standard: 'social-insurance-unit',
      major: 1,
      fields: ['unitNumber', 'unifiedSocialCreditCode'],
      operations: ['lookup'],
      matters: ['331199-SI-0001'],
      ...term,
    },
  ]
}

/** A new secret where an earlier start made the client and was cut off before its secret was kept. */
async function credentialsOf(hub: Hub, by: By, client: Parameters<typeof createClient>[2]): Promise<Credentials> {
  const { clients } = await hub.published.configuration()
  return clients.has(client.id) ? renewSecret(hub, by, client.id) : createClient(hub, by, client)
}

type GoodCases = { readonly adapter: string; readonly files: readonly string[] }

/** Adapters that look records up come after those that bring them. */
async function inOrder(hub: Hub, cases: readonly GoodCases[]): Promise<GoodCases[]> {
  const adapters = await Promise.all(cases.map(({ adapter }) => hub.published.adapter(adapter)))
  const looksUp = (index: number) => adapters[index]?.resolves.length !== 0
  return [...cases.filter((_, index) => !looksUp(index)), ...cases.filter((_, index) => looksUp(index))]
}

/** The fixtures that hold nothing bad, by adapter. */
function goodCases(): GoodCases[] {
  const root = join(home, 'fixtures')
  return readdirSync(root).flatMap(department =>
    readdirSync(join(root, department)).map(name => ({
      adapter: `${department}/${name}`,
      files: inputFiles(join(root, department, name)).filter(file => !basename(file).startsWith('bad-')),
    })),
  )
}

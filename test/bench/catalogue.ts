/** A large catalogue beside a small one: starting on it, a page of it, searches in Chinese and English. */
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { readConfig } from '../../src/config.ts'
import { openHub, type Hub } from '../../src/exchange/hub.ts'
import { supervise } from '../../src/exchange/supervise.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { writeStandard } from '../../src/store/standards.ts'
import { buildApp } from '../../src/web/app.ts'
import type { Bench } from './bench.ts'
import { median, ratio, table } from './figures.ts'

const sizes = [100, 10_000] as const

const calls: readonly [title: string, path: (size: number, turn: number) => string, least: number][] = [
  ['the first page of 20', () => '?limit=20', 20],
  ['a page of 20 from the middle', size => `?limit=20&cursor=${cursorAfter(standardId(size / 2))}`, 20],
  ['search 许可 办理, a page of 20', () => `?limit=20&q=${encodeURIComponent('许可 办理')}`, 20],
  ['search for one, in Chinese', (size, turn) => `?q=${encodeURIComponent(`第${turn % size}号事项`)}`, 1],
  ['search for one, in English', (size, turn) => `?q=${encodeURIComponent(`permit ${standardId(turn % size)}`)}`, 1],
  ['search for what is not there', () => '?q=nowhere', 0],
]

const requestsOfRound = 20

/** Each round starts a hub on either catalogue in turn and asks it; figures are medians in milliseconds. */
export async function benchCatalogue({ folder, rounds }: Bench): Promise<void> {
  console.log(`Catalogue: ${sizes.join(' and ')} standards with titles in Chinese and English, ${rounds} rounds`)
  const times = new Map<string, number[]>()
  const note = (what: string, size: number, ms: number): void => {
    const key = `${what} ${size}`
    times.set(key, [...(times.get(key) ?? []), ms])
  }
  for (const size of sizes) await fillCatalogue(join(folder, `catalogue-${size}`), size)
  // The first start of all pays for what the process does once.
  await started(join(folder, `catalogue-${sizes[0]}`), async () => {})
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) {
      const began = performance.now()
      await started(join(folder, `catalogue-${size}`), async app => {
        await ask(app, '?limit=20', 20)
        note('start, to the first page', size, performance.now() - began)
        for (const [title, path, least] of calls) {
          for (let i = 0; i < requestsOfRound; i++) {
            const sent = performance.now()
            await ask(app, path(size, round * requestsOfRound + i), least)
            note(title, size, performance.now() - sent)
          }
        }
      })
    }
  }
  const titles = ['start, to the first page', ...calls.map(([title]) => title)]
  const rows = titles.map(title => {
    const [few, many] = sizes.map(size => median(times.get(`${title} ${size}`) ?? [])) as [number, number]
    return [title, few.toFixed(2), many.toFixed(2), ratio(many, few)]
  })
  table(['ms (median)', ...sizes.map(size => `${size} standards`), 'ratio'], rows)
  console.log()
}

/** Straight into the store: what publishing does besides, making types and trying cases, is not asked for here. */
async function fillCatalogue(directory: string, size: number): Promise<void> {
  const hub = await open(directory)
  try {
    for (let from = 0; from < size; from += 500) {
      await hub.store.transact(async tx => {
        for (let i = from; i < Math.min(size, from + 500); i++) {
          await writeStandard(tx, {
            document: documentAt(i),
            types: '',
            status: 'published',
            at: '2026-01-01T00:00:00Z',
          })
        }
      })
    }
  } finally {
    await hub.close()
  }
}

async function started(directory: string, use: (app: FastifyInstance) => Promise<void>): Promise<void> {
  const hub = await open(directory)
  const supervision = supervise(hub, error => console.error(error))
  const app = await buildApp(hub, supervision.refusals)
  try {
    await use(app)
  } finally {
    await app.close()
    await supervision.stop()
    await hub.close()
  }
}

async function open(directory: string): Promise<Hub> {
  return openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent', CONCORD_PORT: '0' }))
}

async function ask(app: FastifyInstance, query: string, least: number): Promise<void> {
  const reply = await app.inject({ url: `/v1/standards${query}` })
  const { standards } = reply.json<{ standards?: unknown[] }>()
  if ((standards?.length ?? -1) < least)
    throw new Error(`${query} gave ${reply.statusCode}: ${reply.body.slice(0, 200)}`)
}

function standardId(i: number): string {
  return `matter-${String(i).padStart(5, '0')}`
}

/** As the listing gives it (exchange/list-standards.ts). */
function cursorAfter(id: string): string {
  return id
}

const trades = [
  ['餐饮', 'Catering'],
  ['建筑', 'Construction'],
  ['环境', 'Environment'],
  ['税务', 'Tax'],
  ['住房', 'Housing'],
] as const

function documentAt(i: number): StandardDocument {
  const [zh, en] = trades[i % trades.length] ?? trades[0]
  const titles = (zhTitle: string, enTitle: string): { 'zh-CN': string; en: string } => ({
    'zh-CN': zhTitle,
    en: enTitle,
  })
  const field = (zhTitle: string, enTitle: string, type: object): object => ({
    titles: titles(zhTitle, enTitle),
    level: 'L1',
    ...type,
  })
  return {
    $schema: '../../meta/standard.json',
    $id: `https://concord.example/schemas/standards/${standardId(i)}/v1.json`,
    standard: {
      id: standardId(i),
      version: '1.0.0',
      owner: `department-${i % 40}`,
      titles: titles(`${zh}许可第${i}号事项`, `${en} matter ${i} permit`),
      abstract: titles(`${zh}许可的办理情况。`, `How the ${en.toLowerCase()} permit was handled.`),
      key: ['number'],
      subjects: ['holder'],
      sharing: 'conditional',
      openness: 'closed',
      updateCycle: 'daily',
      legalBasis: 'made up',
      resourceCode: `307001331199/${String(i).padStart(6, '0')}`,
    },
    type: 'object',
    properties: {
      number: field('编号', 'Number', { type: 'string', minLength: 1, maxLength: 40 }),
      holder: field('持有人', 'Holder', { type: 'string', format: 'uscc' }),
      name: field('名称', 'Name', { type: 'string', maxLength: 200 }),
      issuedOn: field('发证日期', 'Date of issue', { type: 'string', format: 'date' }),
      area: field('面积', 'Area', { type: 'string', format: 'decimal', unit: 'm2' }),
    },
    required: ['number', 'holder', 'name'],
    additionalProperties: false,
  } as StandardDocument
}

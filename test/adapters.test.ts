import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compileAdapter, type Adapter } from '../src/map/adapter.ts'
import { withoutConsequences } from '../src/map/issues.ts'
import { defaultLimits } from '../src/parse/limits.ts'
import { parse } from '../src/parse/parse.ts'
import type { Issue, JsonObject, RecordKey } from '../src/record.ts'
import { readStandard } from '../src/standard.ts'
import { compileValidator } from '../src/validate/validator.ts'

const root = new URL('../', import.meta.url)
const shared = new URL('../shared/data/', root)
const codeList = (id: string) => read(`schemas/code-lists/${id}.json`)
const catalogue = {
  standard: (id: string, major: number) => readStandard(read(`schemas/standards/${id}/v${major}.json`)),
  codeList,
}

/** What comes of an input: the shape of `fixtures/…/<case>.expected.json`. */
type Outcome = { records: Kept[]; rejects: Reject[] }
type Kept = { key: RecordKey; data: JsonObject; recordId?: string; asOf?: string }
type Reject = { ordinal: number; key?: RecordKey; issues: Pick<Issue, 'pointer' | 'source' | 'code'>[] }

for (const folder of adapterFolders()) {
  const adapter = adapterOf(folder)
  const cases = readdirSync(new URL(`fixtures/${folder}/`, root)).filter(file => !file.endsWith('.expected.json'))

  t.test(`${folder} has good and bad cases, and gives for each what stands beside it`, async t => {
    t.equal(adapter.id, folder)
    t.ok(cases.length >= 3)
    for (const file of cases) {
      const path = `fixtures/${folder}/${file}`
      const outcome = await outcomeOf(adapter, new URL(path, root))
      t.same(outcome, read(path.replace(/\.\w+$/, '.expected.json')), file)
      t.equal(outcome.rejects.length > 0, file.startsWith('bad-'), `${file} is named after its rejects`)
    }
  })
}

t.test('the fixtures of real estate are encoded in GBK', async t => {
  const bytes = readFileSync(new URL('fixtures/natural-resources/titles/titles.xml', root))
  t.ok(bytes.includes(Buffer.from([0xca, 0xbe, 0xc0, 0xfd, 0xcf, 0xd8])), '示例县')
})

/** Real inputs, with the number of their records; more than 1 % of rejects would be a fault of the adapter. */
const real: [adapter: string, file: string, records: number][] = [
  ...Object.entries({ 105: 1005, 151: 809, 205: 434, 214: 487, 263: 815, 323: 462, 336: 115, 529: 1113 }),
  ...Object.entries({ 551: 720, 562: 946, 874: 944, 879: 430 }),
].map(([authority, records]) => ['food-standards-agency/premises', `food-fhrs/FHRS${authority}en-GB.xml`, records])
real.push(['twse/companies', 'listed-tw/twse_t187ap03_L.json', 1089])

for (const [id, file, expected] of real) {
  const url = new URL(file, shared)
  const skip = existsSync(url) ? false : `${file} is not there`
  t.test(`${id} accounts for all ${expected} records of ${file} and accepts them`, { skip }, async t => {
    const { records, rejects } = await outcomeOf(adapterOf(id), url)
    t.equal(records.length + rejects.length, expected)
    t.same(rejects, [])
    t.equal(new Set(records.map(({ key }) => key)).size, expected, 'each under a key of its own')
    t.match(records[0]?.asOf, /^20\d\d-\d\d-\d\d$/)
  })
}

async function outcomeOf(adapter: Adapter, file: URL): Promise<Outcome> {
  const { validate } = compileValidator(adapter.standard, codeList)
  const outcome: Outcome = { records: [], rejects: [] }
  const options = { limits: defaultLimits, context: adapter.context }
  for await (const batch of parse(createReadStream(file), adapter.source, options)) {
    for (const source of batch) {
      if ('unreadable' in source) throw new Error(source.unreadable.message)
      const { record, key, recordId, asOf, issues: noted } = adapter.convert(source)
      const issues = withoutConsequences(noted, validate(record).issues).map(({ pointer, source, code }) => {
        const path = source ?? adapter.sourceOf(pointer)
        return { pointer, ...(path !== undefined && { source: path }), code }
      })
      if (issues.length > 0 || key === undefined) {
        outcome.rejects.push({ ordinal: source.position.ordinal, ...(key !== undefined && { key }), issues })
      } else {
        const envelope = { ...(recordId !== undefined && { recordId }), ...(asOf !== undefined && { asOf }) }
        outcome.records.push({ key, data: record, ...envelope })
      }
    }
  }
  return outcome
}

function adapterOf(id: string): Adapter {
  return compileAdapter(read(`adapters/${id}.json`), catalogue)
}

function adapterFolders(): string[] {
  const folder = fileURLToPath(new URL('adapters/', root))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.json'))
    .map(file => file.replace(/\.json$/, ''))
}

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

/** Drafts measured against the adapters that people wrote for the same sources. */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { compileAdapter } from '../../../src/map/adapter.ts'
import { catalogue, draft, read } from './starter.ts'

const root = new URL('../../../', import.meta.url)
const shared = '../shared/data'

/** An adapter, a sample of its source, and how many of the fields that it fills from a path a draft must find there. */
const known: [adapter: string, sample: string, found: number][] = [
  ['development-reform/projects', 'fixtures/development-reform/projects/filed.ndjson', 14],
  ['ecology/approvals', 'fixtures/ecology/approvals/approvals.xml', 12],
  ['food-standards-agency/premises', 'fixtures/food-standards-agency/premises/sampleshire.xml', 10],
  ['food-standards-agency/premises', `${shared}/food-fhrs/FHRS529en-GB.xml`, 11],
  ['housing/permits', 'fixtures/housing/permits/permits.xml', 13],
  ['licence-bureau/licences', 'fixtures/licence-bureau/licences/people.json', 13],
  ['market-regulation/enterprises', 'fixtures/market-regulation/enterprises/companies.json', 22],
  ['market-regulation/food-licences', 'fixtures/market-regulation/food-licences/licences.csv', 12],
  ['natural-resources/titles', 'fixtures/natural-resources/titles/titles.xml', 17],
  ['nyc-health/inspections', `${shared}/food-nyc-dohmh/rows.json`, 12],
  ['social-security/insurances', 'fixtures/social-security/insurances/insurances.xml', 4],
  ['social-security/units', 'fixtures/social-security/units/units.xml', 3],
  ['taxation/taxpayers', 'fixtures/taxation/taxpayers/taxpayers.xml', 9],
  ['tpex/companies', `${shared}/listed-tw/tpex_mopsfin_t187ap03_O.json`, 16],
  ['twse/companies', 'fixtures/twse/companies/companies.json', 18],
  ['twse/companies', `${shared}/listed-tw/twse_t187ap03_L.json`, 19],
]

const total = { filled: 0, found: 0, wrong: 0 }

for (const [id, sample, least] of known) {
  const file = new URL(sample, root)
  const skip = existsSync(file) ? false : `${sample} is not there`
  t.test(`a draft of ${sample} finds what ${id} reads`, { skip }, async t => {
    const document = read(`adapters/${id}.json`)
    const { traces } = compileAdapter(document, catalogue)
    const { proposals } = await draft(document.standard.id, readFileSync(file))
    const fromPaths = traces.filter(({ sources }) => sources.length > 0)
    const fields = [...new Set(fromPaths.map(({ field }) => field))]
    const isFound = (field: string): boolean => {
      const read = new Set(
        fromPaths.filter(trace => trace.field === field).flatMap(({ sources }) => sources.map(unprefixed)),
      )
      const proposed = proposals.find(proposal => isSame(proposal.field, field))
      return proposed !== undefined && proposed.sources.every(source => read.has(unprefixed(source)))
    }
    const found = fields.filter(isFound)
    const wrong = proposals.filter(({ field }) => !found.some(other => isSame(field, other)))
    t.comment(
      `${id}: ${found.length} of ${fields.length} fields from the same path, ${wrong.length} proposed otherwise`,
    )
    t.ok(found.length >= least, `not found: ${fields.filter(field => !found.includes(field)).join(', ')}`)
    total.filled += fields.length
    total.found += found.length
    total.wrong += wrong.length
  })
}

t.test('over all, four fields of five are found, and nine proposals of ten are right', async t => {
  const { filled, found, wrong } = total
  t.comment(`${found} of ${filled} fields, ${wrong} proposed otherwise`)
  t.ok(found / filled >= 0.8, `${found} of ${filled}`)
  t.ok(wrong / (found + wrong) <= 0.1, `${wrong} wrong`)
})

/** A place inside an open object is filled where the object is. */
function isSame(proposed: string, field: string): boolean {
  return field === proposed || field.startsWith(`${proposed}.`)
}

/** Whoever writes an adapter chooses the prefixes of its namespaces. */
function unprefixed(path: string): string {
  return path.replace(/(^|\/)[A-Za-z]\w*:/g, '$1')
}

/** Standards at the command line: listed, compared, published with proof, and their types written. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { home } from '../../src/exchange/documents.ts'
import { folder } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()

t.test(
  'a standard is found, changed, compared, refused with proof, drafted, published, and its types written',
  async t => {
    const directory = folder(t)
    const concord = programOn(join(directory, 'data'))
    const schemas = (name: string): string => join(home, 'schemas', name)
    const needed = ['departments.json', 'code-lists', 'standards/social-insurance-unit']
    await concord.run(['publish', ...needed.map(schemas)])
    const found = await concord.run(['standard', 'list', '--search', '单位编号'])
    t.match(found, { status: 0, stdout: /^social-insurance-unit +1\.0\.0 +published/m })
    t.match(await concord.run(['standard', 'show', 'social-insurance-unit']), { stdout: /^unitNumber +L2 +always/m })

    const first = JSON.parse(readFileSync(schemas('standards/social-insurance-unit/v1.json'), 'utf8')) as {
      standard: object
      properties: { name: object }
    }
    const file = join(directory, 'next.json')
    const write = (version: string, name: object): void => {
      const properties = { ...first.properties, name: { ...first.properties.name, ...name } }
      writeFileSync(file, JSON.stringify({ ...first, standard: { ...first.standard, version }, properties }))
    }
    write('1.1.0', { maxLength: 3 })
    const compared = await concord.run(['compare', 'social-insurance-unit@1.0.0', file])
    t.match(compared, { status: 0, stdout: /→ 1\.1\.0: major[^]*valid no more[^]*\{"unitNumber"[^]*number it 2\.0\.0/ })
    const refused = await concord.run(['publish', file])
    t.match(refused, { status: 1, stderr: /next\.json: 1\.1\.0 is a minor[^]*number it 2\.0\.0[^]*\{"unitNumber"/ })

    write('1.0.1', { titles: { 'zh-CN': '单位全称', en: 'Whole name' } })
    t.match(await concord.run(['publish', '--dry-run', file]), {
      stdout: /^would publish +standard[^]*1 to be published/m,
    })
    t.match(await concord.run(['publish', '--draft', file]), { stdout: /^draft +standard[^]*1 kept as draft/m })
    t.match(await concord.run(['publish', file, schemas('code-lists')]), {
      stdout: /^OUTCOME.*\npublished +standard +social-insurance-unit +1\.0\.1.*\n1 published, \d+ unchanged\.\n$/,
    })

    const out = join(directory, 'types')
    t.match(await concord.run(['types', '--out', out]), {
      status: 0,
      stdout: /social-insurance-unit\.ts: .* 1\.0\.1\n/,
    })
    t.same(readdirSync(out), ['social-insurance-unit.ts'])
    t.match(readFileSync(join(out, 'social-insurance-unit.ts'), 'utf8'), /Whole name/)
    t.match(await concord.run(['types', 'social-insurance-unit', '1']), { status: 0, stdout: /Whole name/ })
    t.match(await concord.run(['types', 'social-insurance-unit', '2']), {
      status: 1,
      stderr: /not published in major 2/,
    })
    const one = join(directory, 'not', 'there', 'unit.ts')
    t.match(await concord.run(['types', 'social-insurance-unit', '1.0.0', '--out', one]), { status: 0 })
    t.notMatch(readFileSync(one, 'utf8'), /Whole name/)
    t.match(await concord.run(['types', 'none', '--out', one]), { status: 1, stderr: /none is not published/ })
  },
)

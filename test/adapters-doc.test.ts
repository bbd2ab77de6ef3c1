/** The examples of docs/adapters.md are run as they stand there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HubError } from '../src/errors.ts'
import { putDepartment } from '../src/exchange/departments.ts'
import { convertRecord } from '../src/exchange/convert.ts'
import { home } from '../src/exchange/documents.ts'
import { sourceRecords } from '../src/exchange/grouped.ts'
import { publishCodeList } from '../src/exchange/publish-code-list.ts'
import { publishStandard } from '../src/exchange/publish.ts'
import { compileAdapter, type Adapter, type Resolve } from '../src/map/adapter.ts'
import { transforms } from '../src/map/transforms/table.ts'
import { defaultLimits } from '../src/parse/limits.ts'
import type { Issue, Json, JsonObject } from '../src/record.ts'
import { readStandard } from '../src/standard.ts'
import { compileValidator } from '../src/validate/validator.ts'
import { build, programOn } from './cli/concord.ts'
import { chunks, folder, openTestHub, tester } from './helper.ts'

const page = readFileSync(join(home, 'docs/adapters.md'), 'utf8')

const catalogue = {
  standard: (id: string, major: number) =>
    readStandard(read(id === 'shop' ? 'docs/examples/shop.json' : `schemas/standards/${id}/v${major}.json`)),
  codeList: (id: string) => readIfThere(`schemas/code-lists/${id}.json`),
  crosswalk: (id: string) => readIfThere(`schemas/crosswalks/${id}.json`),
}

/** Blocks that stand for themselves. */
const wholeDocuments = ['tutorial', 'standard', 'codelist']

/** What fills the key where an example does not. */
const filler = { value: 'filler' }

const blocks = [...page.matchAll(/^```(\w+) (\w+)\n(.*?)^```/gms)].map(match => ({
  language: match[1] ?? '',
  kind: match[2] ?? '',
  body: match[3] ?? '',
  line: page.slice(0, match.index).split('\n').length,
}))

/** An adapter, what it gets, and all that comes of it. */
type Example = { line: number; document: JsonObject; parts: Map<string, string>; isBase64: boolean }

const examples: Example[] = []
for (const { language, kind, body, line } of blocks) {
  if (kind === 'adapter' || kind === 'fields') {
    const given = JSON.parse(body) as JsonObject
    const document = documentWith(kind === 'fields' ? { fields: given } : given)
    examples.push({ line, document, parts: new Map(), isBase64: false })
  } else if (!wholeDocuments.includes(kind)) {
    const example = examples.at(-1)
    example?.parts.set(kind, body)
    if (example && language === 'base64') example.isBase64 = true
  }
}

t.test('every example gives what stands beside it', async t => {
  t.ok(examples.length > 40, 'there are examples')
  for (const example of examples) {
    const expected = (kind: string): unknown => JSON.parse(example.parts.get(kind) ?? '[]')
    const name = `the example at line ${example.line}`
    const outcome = await outcomeOf(example)
    t.same(outcome.refused, expected('refused'), `${name}: refused at load`)
    t.same(outcome.records.map(withoutDigest), expected('records'), `${name}: records`)
    t.same(outcome.rejects, expected('rejects'), `${name}: rejects`)
    t.equal(outcome.problem, example.parts.get('problem')?.trim(), `${name}: problem of the input`)
  }
})

t.test('every code that is raised at load, or of a record, is explained', async t => {
  const pages = page + readFileSync(join(home, 'docs/pull.md'), 'utf8')
  const files = readdirSync(join(home, 'src/map'), { recursive: true, encoding: 'utf8' })
  const station = files.filter(file => file.endsWith('.ts')).map(file => sourceOf(`map/${file}`))
  const others = ['parse/group.ts', 'exchange/convert.ts', 'exchange/retrial.ts'].map(sourceOf)
  const ofRecords = /of a record\n(.*?)\/\/ of a standard/s.exec(sourceOf('validate/messages.ts'))?.[1] ?? ''
  const codes = new Set([...ofRecords.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, code]) => code ?? ''))
  const raised =
    /(?:\bfind|\bwrong|\bat|Refusal|notWritten|unreadable)\([^;]{0,200}?'([a-z]+(?:-[a-z]+)+)'|code: '([a-z-]+)'/g
  for (const [, called, literal] of [...station, ...others].join('\n').matchAll(raised))
    codes.add(called ?? literal ?? '')
  t.ok(codes.size > 80, `${codes.size} codes are found`)
  t.same(
    [...codes].filter(code => !pages.includes(`\`${code}\``)),
    [],
  )
})

t.test('every row of the table of transforms gives what it says', async t => {
  const rows = [...page.matchAll(/^\| `([^|]+?)`(?: then `([^|]+?)`)? +\| `(".*?")` +\| (.+?) +\|$/gm)]
  const shown = new Set<string>()
  for (const [, first, second, given, gives] of rows) {
    const via = [first, second].filter(step => step !== undefined).map(step => JSON.parse(step) as Json)
    for (const step of via) shown.add(nameOf(step))
    const refusal = /^refused: (.+)$/.exec(gives ?? '')?.[1]
    const expected: unknown = refusal === undefined ? JSON.parse((gives ?? '').replace(/^`|`$/g, '')) : undefined
    const last = via.at(-1) ?? ''
    const field = fieldFor(transforms[nameOf(last)]?.gives.type)
    const document = documentWith({ timezone: '+08:00', fields: { [field]: { from: 'text', via } } })
    const adapter = compileAdapter(document, catalogue)
    const node = { text: JSON.parse(given ?? '') as string }
    const { record, issues } = adapter.convert({ node, position: { ordinal: 1, line: 1, column: 1 }, context: {} })
    t.same([record[field], issues[0]?.code], [expected, refusal], `${first} of ${given}`)
  }
  t.same(
    Object.keys(transforms).filter(name => !shown.has(name)),
    [],
    'and every transform is in it',
  )
})

t.test('the standard and the code list that are shown can be published', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '大数据局', en: 'Data bureau' } })
  const shown = (kind: string): unknown => JSON.parse(blocks.find(block => block.kind === kind)?.body ?? '')
  t.equal((await publishCodeList(hub, tester, shown('codelist'))).outcome, 'published')
  t.equal((await publishStandard(hub, tester, shown('standard'))).outcome, 'published')
})

t.test('the first adapter works with the commands that are given', async t => {
  build()
  const directory = folder(t)
  const { run } = programOn(join(directory, 'data'))
  const { writeFileSync } = await import('node:fs')
  const sample = /```csv\n(.*?)```/s.exec(page)?.[1] ?? ''
  writeFileSync(join(directory, 'sampleton.csv'), sample)
  const document = blocks.find(({ kind }) => kind === 'tutorial')?.body ?? ''
  writeFileSync(join(directory, 'sampleton.json'), document)
  const second = document.replace('"1.0.0"', '"1.1.0"').replace('["DD/MM/YYYY"]', '["DD/MM/YYYY", "D/M/YYYY"]')
  writeFileSync(join(directory, 'sampleton.v2.json'), second)
  const chapter = page.slice(0, page.indexOf('## The source'))
  const commands = [...chapter.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) => (block ?? '').trim().split(' && '))
  const outputs: string[] = []
  for (const command of commands) {
    const args = (command.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', ''))
    t.same(args.splice(0, 2), ['npx', 'concord'])
    const { status, stdout, stderr } = await run(
      args.map(word => (word.startsWith('sampleton.') ? join(directory, word) : word)),
    )
    t.equal(status, 0, `${command}: ${stderr}`)
    outputs.push(stdout)
  }
  const outputOf = (command: string): string => outputs[commands.findIndex(each => each.includes(command))] ?? ''
  t.match(outputOf('concord deliver'), /accepted +3/)
  t.match(outputOf('cases list'), /sampleton +1\.0\.0 +\d+ +3 +0 +passes/)
  t.match(outputOf('cases run'), /sampleton: passes/)
  t.match(outputOf('--against-store'), /Of all 3 records: 0 new, 0 changed, 3 unchanged, 0 withdrawn, 0 rejected\./)
  t.match(outputOf('adapter versions'), /1\.0\.0 .* in use\n1\.1\.0/)
  t.match(outputOf('concord coverage'), /premisesId \* +L1 .*always/)
})

/** @returns by load, by record, or by input: each that did not happen is empty */
async function outcomeOf({ document, parts, isBase64 }: Example) {
  const outcome = {
    refused: [] as unknown[],
    records: [] as JsonObject[],
    rejects: [] as unknown[],
    problem: undefined as string | undefined,
  }
  let adapter: Adapter
  try {
    adapter = compileAdapter(document, catalogue)
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    outcome.refused = error.issues.map(({ pointer, code }) => ({ pointer, code }))
    return outcome
  }
  const input = parts.get('input') ?? ''
  const bytes = Buffer.from(isBase64 ? input.replace(/\s/g, '') : input, isBase64 ? 'base64' : 'utf8')
  const known = JSON.parse(parts.get('known') ?? '{}') as { [standard: string]: { [key: string]: JsonObject } }
  const resolve: Resolve = ({ standard, key, field }) => known[standard]?.[key]?.[field]
  const line = { adapter, validator: compileValidator(adapter.standard, catalogue.codeList), language: 'en' as const }
  try {
    for await (const items of sourceRecords(chunks(bytes), adapter, defaultLimits)) {
      for (const item of items) {
        if ('unreadable' in item) {
          outcome.rejects.push(shown(item.unreadable))
          continue
        }
        const { record, key, isWithdrawal, issues } = convertRecord(line, item, resolve)
        outcome.rejects.push(...issues.map(shown))
        if (issues.length === 0) outcome.records.push(isWithdrawal ? { withdrawn: key ?? null } : withoutFiller(record))
      }
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    outcome.problem = error.code
  }
  return outcome
}

/** The document of an example that shows a part of it. */
function documentWith({ source, fields, ...rest }: JsonObject): JsonObject {
  return {
    adapter: {
      department: 'data-bureau',
      name: 'example',
      version: '1.0.0',
      titles: { 'zh-CN': '示例', en: 'Example' },
    },
    standard: { id: 'shop', major: 1 },
    source: source ?? { format: 'json', records: '' },
    mode: 'delta',
    ...rest,
    fields: { id: filler, ...(fields as JsonObject) },
  }
}

function withoutFiller({ id, ...record }: JsonObject): JsonObject {
  return id === filler.value ? record : { id: id ?? null, ...record }
}

/** The page shows a digest as ?: nobody would read its digits. */
function withoutDigest(record: JsonObject): JsonObject {
  return typeof record['id'] === 'string' && /^[0-9a-f]{32}$/.test(record['id']) ? { ...record, id: '?' } : record
}

function shown({ pointer, source, code }: Issue): Omit<Issue, 'message'> {
  return { pointer, ...(source === undefined ? {} : { source }), code }
}

/** A field of the example's standard that takes what a transform gives. */
function fieldFor(type: string | undefined): string {
  const fields: { readonly [type: string]: string } = {
    texts: 'tags',
    boolean: 'active',
    integer: 'staff',
    number: 'latitude',
  }
  return fields[type ?? ''] ?? 'name'
}

function nameOf(step: Json): string {
  return typeof step === 'string' ? step : (Object.keys(step ?? {})[0] ?? '')
}

function sourceOf(file: string): string {
  return readFileSync(join(home, 'src', file), 'utf8')
}

/** Undefined for what is not published. */
function readIfThere(path: string) {
  return existsSync(join(home, path)) ? read(path) : undefined
}

function read(path: string) {
  return JSON.parse(readFileSync(join(home, path), 'utf8'))
}

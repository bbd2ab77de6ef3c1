/** fast-xml-parser reads XML on terms of its own: what it finds in real files, our reader must find, too. */
import { isUtf8 } from 'node:buffer'
import { readdirSync } from 'node:fs'
import { XMLParser } from 'fast-xml-parser'
import t from 'tap'
import type { Json } from '../../src/record.ts'
import { needs, read, realData, realDataUrl } from './reading.ts'

const oracle = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Values stay text.
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // It expands characters by number only together with HTML's entities, which no well-formed file without DTD has.
  htmlEntities: true,
})

/** What is not well-formed, and why. */
const malformed: { readonly [file: string]: RegExp } = {
  'fhir-xml-json/fhir-test-cases/r5/unicode-problem.xml': /malformed character entity/,
  'fhir-xml-json/fhir-test-cases/validator/unicode-problem.xml': /malformed character entity/,
  'fhir-xml-json/fhir-test-cases/validator/list-bad-syntax.xml': /unexpected close tag/,
  'fhir-xml-json/fhir-test-cases/validator/obs-unit-profile.xml': /text data outside of root node/,
  'fhir-xml-json/fhir-test-cases/validator/xml-bad-entities.xml': /undefined entity/,
  'xml-encodings/feedparser-encoding/bozo_double-encoded-html.xml': /undefined entity/,
}

/** Folder, and how many of its files are compared at least. */
const folders: [string, number][] = [
  ['food-fhrs', 12],
  ['bikes', 2],
  ['fx', 2],
  ['niem', 2],
  ['catalogue-dcat', 12],
  ['fhir-xml-json', 70],
  ['xml-encodings', 30],
]

for (const [folder, least] of folders) {
  t.test(`fast-xml-parser agrees on the files in ${folder}`, needs(folder), async t => {
    let compared = 0
    for (const name of readdirSync(realDataUrl(`${folder}/`), { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${name}`
      if (!/\.(xml|rdf)$/.test(file) || !isPlainUtf8(realData(file))) continue
      const { records, error } = await read(realData(file), { format: 'xml', records: '*' })
      if (malformed[file] !== undefined) {
        t.match(error?.message, malformed[file], file)
        continue
      }
      t.equal(error, undefined, file)
      const [root] = records
      if (root === undefined || 'unreadable' in root) return t.fail(`${file} has no root element`)
      t.strictSame({ [root.context['#name'] ?? '']: root.node }, parsed(new TextDecoder().decode(realData(file))), file)
      compared += 1
    }
    t.ok(compared >= least, `${compared} files`)
  })
}

/** Other encodings are not fast-xml-parser's affair. */
function isPlainUtf8(bytes: Buffer): boolean {
  const declared = /^\W*<\?xml[^>]*encoding\s*=\s*["']([^"']*)/.exec(bytes.toString('latin1', 0, 200))?.[1] ?? 'utf-8'
  return isUtf8(bytes) && !bytes.includes(0) && /^utf-?8$/i.test(declared)
}

function parsed(xml: string): Json {
  return asOurs(oracle.parse(withNormalAttributes(xml)) as Json)
}

/** It does not turn white space in the values of attributes into spaces, as XML 1.0 §3.3.3 demands. */
function withNormalAttributes(xml: string): string {
  const spaced = (tag: string) => (tag.startsWith('<!') ? tag : tag.replace(/\r\n?|[\n\t]/g, ' '))
  return xml.replace(/<!\[CDATA\[[^]*?\]\]>|<!--[^]*?-->|<[^!?][^<>]*>/g, spaced)
}

/** It keeps declarations of namespaces, `xsi:nil`, and white space beside attributes and child elements. */
function asOurs(node: Json): Json {
  if (Array.isArray(node)) return node.map(asOurs)
  if (typeof node !== 'object' || node === null) return node
  const isNil = node['@xsi:nil'] === 'true'
  const { '#text': text = '', ...others } = node
  const members = Object.entries(others).filter(([name]) => !/^@(xmlns(:|$)|xsi:nil$)/.test(name))
  if (members.length === 0) return isNil ? null : text
  const own: [string, Json][] = !isNil && typeof text === 'string' && /[^ \t\r\n]/.test(text) ? [['#text', text]] : []
  return Object.fromEntries([...members.map(([name, inner]): [string, Json] => [name, asOurs(inner)]), ...own])
}

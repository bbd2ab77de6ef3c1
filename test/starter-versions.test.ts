/** What Concord comes with is published on running hubs: under one number there is one content, for ever. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { canonicalise } from '../src/canonical.ts'
import type { Json } from '../src/record.ts'

type Numbered = {
  readonly id?: string
  readonly version?: string
  readonly standard?: { readonly id: string; readonly version: string }
  readonly adapter?: { readonly department: string; readonly name: string; readonly version: string }
}

const root = new URL('../', import.meta.url)
const known = JSON.parse(readFileSync(new URL('test/starter-versions.json', root), 'utf8')) as Record<string, string>

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

/** The kind, id and number of a document. */
function nameOf(document: Numbered): string {
  if (document.adapter !== undefined) {
    const { department, name, version } = document.adapter
    return `adapter ${department}/${name}@${version}`
  }
  if ('rows' in document) return `crosswalk ${document.id}@${document.version}`
  if ('codes' in document) return `code-list ${document.id}@${document.version}`
  return `standard ${document.standard?.id}@${document.standard?.version}`
}

const folders = ['schemas/standards/', 'schemas/code-lists/', 'schemas/crosswalks/', 'adapters/']
const documents = folders
  .flatMap(folder => readdirSync(new URL(folder, root), { recursive: true }).map(path => folder + String(path)))
  .filter(path => path.endsWith('.json'))
  .toSorted()
  .map(path => ({ path, document: read(path) }))

t.test('what is published under a number does not change: it gets another number', async t => {
  t.ok(documents.length > 50)
  for (const { path, document } of documents) {
    const name = nameOf(document as Numbered)
    const digest = createHash('sha256')
      .update(canonicalise(document as Json))
      .digest('hex')
    const what =
      known[name] === undefined
        ? `${path} is new: add "${name}": "${digest}" to test/starter-versions.json, and leave the lines of older versions`
        : `${path} was changed under the number of ${name}, which hubs have published: give it the next number (\`concord compare\` or \`concord publish --dry-run\` says which), and add a line for that to test/starter-versions.json`
    t.equal(digest, known[name], what)
  }
})

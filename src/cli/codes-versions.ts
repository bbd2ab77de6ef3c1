/** `concord codes publish | versions | compare`: the versions of code lists, and from which day each is in use. */
import type { Command } from 'commander'
import { readDocument } from '../exchange/documents.ts'
import { codeListVersions, compareCodeListVersions } from '../exchange/list-code-lists.ts'
import { publishCodeList, type CodeListComparison, type CodeListPublication } from '../exchange/publish-code-list.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function versioning(lists: Command): void {
  addPublish(lists)
  addVersions(lists)
  addCompare(lists)
}

function addPublish(lists: Command): void {
  const summary = 'Publish a version of a code list; by `effectiveFrom` in it, in use from a day on'
  command(lists, 'publish', summary, 'codes publish house-use.json --draft')
    .argument('<file>', 'its document')
    .option('--draft', 'keep it as a draft, which may be replaced')
    .option('--dry-run', 'say what would come of it, and publish nothing')
    .action(async (file: string, { draft, dryRun, json }: { draft?: true; dryRun?: true; json?: true }) => {
      const document = readDocument(file)
      const how = { isDraft: draft === true, isDryRun: dryRun === true }
      const done = await withHub((hub, by) => publishCodeList(hub, by, document, how))
      show(json, done, () => publicationText(done))
    })
}

function publicationText({ id, version, outcome, comparison, fault }: CodeListPublication): string {
  const lines = [`${id} ${version}: ${outcome}.`]
  if (comparison !== undefined) lines.push(changeText(comparison))
  if (fault !== undefined) lines.push(`Before it is published: ${fault}`)
  return lines.join('\n')
}

function addVersions(lists: Command): void {
  const summary = 'List the versions of a code list, and from which day each is in use'
  command(lists, 'versions', summary, 'codes versions division')
    .argument('<list>', 'its id')
    .action(async (id: string, { json }: { json?: true }) => {
      const { versions, inUse } = await withHub(async hub => ({
        versions: await codeListVersions(hub, id),
        inUse: (await hub.published.configuration()).listsInUse.get(id) ?? null,
      }))
      show(json, { id, version: inUse, versions }, () =>
        table(
          ['version', 'published', 'in use from', ''],
          versions.map(({ version, publishedAt, effectiveFrom }) => [
            version,
            publishedAt.slice(0, 10),
            effectiveFrom ?? publishedAt.slice(0, 10),
            version === inUse ? 'in use' : '',
          ]),
          '',
        ),
      )
    })
}

function addCompare(lists: Command): void {
  const summary = 'Compare two versions of a code list, drafts too: what changes, and the verdict'
  command(lists, 'compare', summary, 'codes compare division 1.0.0 1.1.0')
    .argument('<list>', 'its id')
    .argument('<older>', 'major.minor.patch')
    .argument('<newer>', 'major.minor.patch')
    .action(async (id: string, from: string, to: string, { json }: { json?: true }) => {
      const comparison = await withHub(hub => compareCodeListVersions(hub, { id, from, to }))
      show(json, comparison, () => changeText(comparison))
    })
}

function changeText({ from, to, verdict, added, removed, ended, renamed }: CodeListComparison): string {
  const rows = Object.entries({ added, removed, ended, renamed })
    .filter(([, found]) => found.length > 0)
    .map(([what, found]) => [
      what,
      String(found.length),
      found.slice(0, 12).join(', ') + (found.length > 12 ? ' …' : ''),
    ])
  return `${from} → ${to}: ${verdict}\n${table(['what', 'codes', ''], rows, 'No code has changed.')}`
}

/** `concord codes publish | versions | compare | withdraw | delete-draft`: the versions of code lists, and from which day each is in use. */
import type { Command } from 'commander'
import { readDocument } from '../exchange/documents.ts'
import { codeListDrafts, codeListVersions, compareCodeListVersions } from '../exchange/list-code-lists.ts'
import {
  deleteDraftOfCodeList,
  publishCodeList,
  type CodeListComparison,
  type CodeListPublication,
} from '../exchange/publish-code-list.ts'
import { withdrawCodeList } from '../exchange/withdraw-code-list.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function versioning(lists: Command): void {
  addPublish(lists)
  addVersions(lists)
  addCompare(lists)
  addWithdraw(lists)
  addDeleteDraft(lists)
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
      const { versions, drafts, inUse } = await withHub(async hub => {
        const drafts = await codeListDrafts(hub, id)
        const { index, listsInUse } = await hub.published.configuration()
        const isDraftOnly = drafts.length > 0 && !index.codeLists.some(row => row.id === id)
        const versions = isDraftOnly ? [] : await codeListVersions(hub, id)
        return { versions, drafts, inUse: listsInUse.get(id) ?? null }
      })
      show(json, { id, version: inUse, versions, drafts }, () => {
        const rows = versions.map(({ version, publishedAt, effectiveFrom }) => [
          version,
          publishedAt.slice(0, 10),
          effectiveFrom ?? publishedAt.slice(0, 10),
          version === inUse ? 'in use' : '',
        ])
        const draftRows = drafts.map(version => [version, '', '', 'draft'])
        return table(['version', 'published', 'in use from', ''], [...rows, ...draftRows], '')
      })
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

function addWithdraw(lists: Command): void {
  const summary = 'Withdraw a version whose day has not come, so that another may take its place'
  command(lists, 'withdraw', summary, 'codes withdraw colour 1.1.0')
    .argument('<list>', 'its id')
    .argument('<version>', 'the newest, with `effectiveFrom` in the future')
    .action(async (id: string, version: string, { json }: { json?: true }) => {
      await withHub((hub, by) => withdrawCodeList(hub, by, id, version))
      show(json, { id, version, outcome: 'withdrawn' }, () => `${id} ${version}: withdrawn. Its number is free again.`)
    })
}

function addDeleteDraft(lists: Command): void {
  command(lists, 'delete-draft', 'Delete a draft of a code list', 'codes delete-draft colour 1.2.0')
    .argument('<list>', 'its id')
    .argument('<version>', 'major.minor.patch')
    .action(async (id: string, version: string, { json }: { json?: true }) => {
      await withHub((hub, by) => deleteDraftOfCodeList(hub, by, id, version))
      show(json, { id, version, outcome: 'deleted' }, () => `The draft ${id} ${version} is deleted.`)
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

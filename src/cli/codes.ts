/** `concord codes`: code lists as they are published, what changed between versions, drafts of crosswalks. */
import type { Command } from 'commander'
import { compareCodeLists } from '../catalogue/code-list-change.ts'
import { draftCrosswalk } from '../catalogue/crosswalk-draft.ts'
import { codesOn, editionOf } from '../code-periods.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../exchange/hub.ts'
import { codeListOn, showCodeListVersion } from '../exchange/list-code-lists.ts'
import type { Code, CodeList, Edition } from '../code-list.ts'
import { readCodeListDocument } from '../store/code-lists.ts'
import { day, importing } from './codes-import.ts'
import { versioning } from './codes-versions.ts'
import { command, group } from './command.ts'
import { show, table } from './output.ts'
import { withHub } from './run.ts'

export function codes(program: Command): void {
  const lists = group(
    program,
    'codes',
    'Code lists: what is in them, their versions, importing official ones',
    'codes list',
  )
  addList(lists)
  addShow(lists)
  addDiff(lists)
  importing(lists)
  versioning(lists)
  addCrosswalk(lists)
}

function addList(lists: Command): void {
  command(lists, 'list', 'List the published code lists', 'codes list').action(async (options: { json?: true }) => {
    const all = await withHub(async hub => {
      const ids = [...(await hub.published.configuration()).listsInUse.keys()].toSorted()
      return Promise.all(ids.map(id => listOf(hub, id)))
    })
    const rows = all.map(({ codes: held, ...list }) => ({ ...list, codes: held.length }))
    show(options.json, { codeLists: rows }, () =>
      table(
        ['id', 'version', 'edition', 'codes', 'titles'],
        rows.map(row => [row.id, row.version, row.edition ?? '', String(row.codes), titlesText(row.titles)]),
        'No code list is published; `concord publish` publishes the starter catalogue.',
      ),
    )
  })
}

function addShow(lists: Command): void {
  const summary = 'Print a code list, or one code with its history, or what was in force on a day'
  command(lists, 'show', summary, 'codes show division --code 331199 --on 2018-02-01')
    .argument('<list>', 'its id')
    .option('--code <code>', 'this code only')
    .option('--on <day>', 'as it was on this day, or will be: by the version in use on it', day)
    .option('--version <version>', 'of this version, also a draft; the one in use where it is left out')
    .action(async (id: string, { code, on, version, json }: Shown) => {
      const list = await withHub(hub => listOf(hub, id, { on, version }))
      const own = code === undefined ? list.codes : list.codes.filter(each => each.code === code)
      const found = on === undefined ? own : codesOn(own, on)
      show(json, { ...list, codes: found }, () =>
        table(
          ['code', 'titles', 'parent', 'from', 'to', ''],
          found.flatMap(codeRows),
          'There is no such code, or not on that day.',
        ),
      )
    })
}

type Of = { readonly on?: string | undefined; readonly version?: string | undefined }

type Shown = { code?: string; on?: string; version?: string; json?: true }

function addDiff(lists: Command): void {
  command(lists, 'diff', 'What has changed from one version of a list to another', 'codes diff division 1.0.0 1.1.0')
    .argument('<list>', 'its id')
    .argument('<older>', 'major.minor.patch')
    .argument('<newer>', 'major.minor.patch')
    .action(async (id: string, older: string, newer: string, options: { json?: true }) => {
      const change = await withHub(async hub =>
        compareCodeLists(await versionOf(hub, id, older), await versionOf(hub, id, newer)),
      )
      show(options.json, change, () =>
        Object.entries(change)
          .map(([what, found]) => [`${what} ${found.length}`, ...found].join('\n  '))
          .join('\n'),
      )
    })
}

function addCrosswalk(lists: Command): void {
  const summary = 'Draft a crosswalk between two editions of a list; prints the document, publishes nothing'
  command(
    lists,
    'crosswalk',
    summary,
    'codes crosswalk industry --from 2011 --to 2017 --json > industry-2011-2017.json',
  )
    .argument('<list>', 'its id')
    .requiredOption('--from <edition>', 'the edition to translate from')
    .requiredOption('--to <edition>', 'the edition to translate to')
    .action(async (id: string, { from, to, json }: { from: string; to: string; json?: true }) => {
      const list = await withHub(hub => listOf(hub, id))
      const draft = draftCrosswalk(list, edition(list, from), edition(list, to))
      const { same, moved, open, crosswalk } = draft
      const counts = `${same} codes unchanged, ${moved} found by their title, ${open.length} left to you:`
      show(json, crosswalk, () => [counts, ...open].join('\n  '))
    })
}

async function listOf(hub: Hub, id: string, { on, version }: Of = {}): Promise<CodeList> {
  if (version !== undefined) return (await showCodeListVersion(hub, id, version)).document
  const list = await (on === undefined ? hub.published.codeList(id) : codeListOn(hub, id, on))
  if (list === undefined)
    throw new HubError('code-list-unknown', `There is no code list ${id}: \`concord codes list\`.`)
  return list
}

async function versionOf(hub: Hub, id: string, version: string): Promise<CodeList> {
  const list = await readCodeListDocument(hub.store.read, id, version)
  if (list === undefined) throw new HubError('code-list-unknown', `The code list ${id} is not published as ${version}.`)
  return list
}

function edition(list: CodeList, name: string): Edition {
  const found = editionOf(list, name)
  if (found !== undefined) return found
  const known = (list.editions ?? []).map(each => each.name).join(', ') || 'none'
  throw new HubError('code-list-unknown', `The list ${list.id} holds no edition ${name}; it holds: ${known}.`)
}

function codeRows({ code, titles: own, parent = '', from = '', to = '', former = [], local }: Code): string[][] {
  const earlier = former.map(period => ['', titlesText(period.titles), '', period.from ?? '', period.to, 'former'])
  return [[code, titlesText(own), parent, from, to, local ? 'local' : ''], ...earlier]
}

function titlesText({ 'zh-CN': zh, en }: Code['titles']): string {
  return en === undefined ? zh : `${zh} ${en}`
}

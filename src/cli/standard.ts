/** `concord standard`: the standards of the catalogue: which there are, what is in them, and how their majors end. */
import { Option, type Command } from 'commander'
import {
  listStandards,
  standardStatuses,
  type ListedMajor,
  type ListedStandard,
  type StandardStatus,
} from '../exchange/list-standards.ts'
import { draftsOf, showStandard, showVersion, type ShownStandard } from '../exchange/show-standard.ts'
import type { Version } from '../standard.ts'
import type { Hub } from '../exchange/hub.ts'
import { command, group, numberFrom } from './command.ts'
import { cut, show, table } from './output.ts'
import { withHub } from './run.ts'
import { addConversion } from './standard-conversion.ts'
import { addDeleteDraft } from './standard-delete-draft.ts'
import { addDeprecate } from './standard-deprecate.ts'
import { addRemerge } from './standard-remerge.ts'
import { addRestore } from './standard-restore.ts'
import { addRetire } from './standard-retire.ts'
import { addUses } from './standard-uses.ts'

type Search = {
  search?: string
  owner?: string
  status?: StandardStatus
  limit: number
  after?: string
  json?: true
}

export function standard(program: Command): void {
  const standards = group(
    program,
    'standard',
    'Standards: list and search them, show one; end a major',
    'standard list',
  )
  addList(standards)
  addShow(standards)
  addUses(standards)
  addConversion(standards)
  addDeleteDraft(standards)
  addDeprecate(standards)
  addRestore(standards)
  addRetire(standards)
  addRemerge(standards)
}

function addList(standards: Command): void {
  command(standards, 'list', 'List the published standards, by id', 'standard list --search 社会信用代码')
    .option('--search <words>', 'words that are all in its id, titles, abstract or fields; Chinese or English')
    .option('--owner <department>', 'of this department only')
    .addOption(
      new Option(
        '--status <status>',
        'what its newest version is, or any major that ends; drafts are only listed so',
      ).choices(standardStatuses),
    )
    .option('--limit <number>', 'so many at most', numberFrom(1), 100)
    .option('--after <id>', 'those after this one: the next page')
    .action(async ({ search, json, ...rest }: Search) => {
      const { page, isEmpty } = await withHub(async hub => ({
        page: await listStandards(hub, { ...rest, question: search }),
        isEmpty: (await hub.published.configuration()).index.standards.length === 0,
      }))
      const { standards: found, next } = page
      const none = isEmpty ? 'There is none. `concord publish` publishes the starter catalogue.' : 'There is none such.'
      show(json, { standards: found, cursor: next ?? null }, () => listText(found, next, none))
    })
}

function listText(found: readonly ListedStandard[], next: string | undefined, none: string): string {
  const rows = found.map(({ id, version, status, owner, titles, versions, majors }) => [
    id,
    version,
    status,
    owner,
    cut(`${titles['zh-CN']} ${titles.en}`, 48),
    String(versions.length),
    majors.filter(isEnding).map(endingText).join(', '),
  ])
  const head = ['standard', 'version', 'status', 'owner', 'titles', 'versions', '']
  return table(head, rows, none) + (next === undefined ? '' : `\nThere are more: --after ${next}`)
}

function addShow(standards: Command): void {
  command(standards, 'show', 'Show a standard: its versions and its fields', 'standard show enterprise-registration')
    .argument('<standard>', 'its id, for the newest version; or id@version, also of a draft')
    .option('--document', 'print the document itself')
    .action(async (given: string, { document, json }: { document?: true; json?: true }) => {
      const [id = '', version] = given.split('@')
      const { shown, whole, drafts } = await withHub(hub => shownOf(hub, id, version))
      if (document === true) show(json, whole, () => JSON.stringify(whole, null, 2))
      else show(json, { ...shown, drafts }, () => standardText(shown, drafts))
    })
}

/** A standard that has drafts only is shown by the newest of them. */
async function shownOf(hub: Hub, id: string, version: Version | undefined) {
  const drafts = await draftsOf(hub, id)
  const { index } = await hub.published.configuration()
  const which = version ?? (index.versionsOf.has(id) ? undefined : drafts.at(-1))
  const shown = await showStandard(hub, id, which)
  const { document: whole } = await showVersion(hub, id, shown.version)
  return { shown, whole, drafts }
}

function isEnding({ status }: ListedMajor): boolean {
  return status !== 'published'
}

function endingText({ major, status, sunset }: ListedMajor): string {
  return `major ${major} ${status}${sunset === undefined ? '' : `, sunset ${sunset.slice(0, 10)}`}`
}

function standardText(shown: ShownStandard, drafts: readonly Version[]): string {
  const { id, version, status, owner, titles, versions, majors, key, fields } = shown
  const rows = fields.map(field => [
    field.path,
    field.level,
    field.required ? 'always' : '',
    field.indexed ? 'indexed' : '',
    field.codes ?? '',
    `${field.titles['zh-CN']} ${field.titles.en}`,
  ])
  return [
    `${id} ${version}, ${status}: ${titles['zh-CN']} ${titles.en}`,
    `owner ${owner}; key ${key.join(' + ')}; versions ${versions.join(', ') || 'none yet'}`,
    ...majors.filter(isEnding).map(endingText),
    ...(drafts.length > 0 ? [`drafts ${drafts.join(', ')}`] : []),
    '',
    table(['field', 'level', 'present', '', 'codes', 'titles'], rows, ''),
  ].join('\n')
}

/** `concord standard`: the standards of the catalogue: which there are, what is in them, and how their majors end. */
import { Option, type Command } from 'commander'
import {
  listStandards,
  standardStatuses,
  type ListedStandard,
  type StandardStatus,
} from '../exchange/list-standards.ts'
import { showStandard, type ShownStandard } from '../exchange/show-standard.ts'
import { command, group, numberFrom } from './command.ts'
import { cut, show, table } from './output.ts'
import { withHub } from './run.ts'
import { addConversion } from './standard-conversion.ts'
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
      new Option('--status <status>', 'what its newest version is; drafts are only listed so').choices(
        standardStatuses,
      ),
    )
    .option('--limit <number>', 'so many at most', numberFrom(1), 100)
    .option('--after <id>', 'those after this one: the next page')
    .action(async ({ search, json, ...rest }: Search) => {
      const { standards: found, next } = await withHub(hub => listStandards(hub, { ...rest, question: search }))
      show(json, { standards: found, cursor: next ?? null }, () => listText(found, next))
    })
}

function listText(found: readonly ListedStandard[], next: string | undefined): string {
  const rows = found.map(({ id, version, status, owner, titles, versions }) => [
    id,
    version,
    status,
    owner,
    cut(`${titles['zh-CN']} ${titles.en}`, 48),
    String(versions.length),
  ])
  const head = ['standard', 'version', 'status', 'owner', 'titles', 'versions']
  const none = 'There is none. `concord publish` publishes the starter catalogue.'
  return table(head, rows, none) + (next === undefined ? '' : `\nThere are more: --after ${next}`)
}

function addShow(standards: Command): void {
  command(standards, 'show', 'Show a standard: its versions and its fields', 'standard show enterprise-registration')
    .argument('<standard>', 'its id')
    .action(async (id: string, { json }: { json?: true }) => {
      const shown = await withHub(hub => showStandard(hub, id))
      show(json, shown, () => standardText(shown))
    })
}

function standardText({ id, version, status, owner, titles, versions, key, fields }: ShownStandard): string {
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
    `owner ${owner}; key ${key.join(' + ')}; versions ${versions.join(', ')}`,
    '',
    table(['field', 'level', 'present', '', 'codes', 'titles'], rows, ''),
  ].join('\n')
}

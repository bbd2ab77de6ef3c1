/** `concord publish`: standards, code lists, adapters and departments from files. */
import { Argument, type Command } from 'commander'
import { relative } from 'node:path'
import { publishFiles, starterCatalogue, type PublishedDocument } from '../exchange/documents.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withNewHub } from './run.ts'

type Options = { draft?: true; dryRun?: true; json?: true }

export function publish(program: Command): void {
  const summary = 'Publish standards, code lists, adapters and departments'
  command(program, 'publish', summary, 'publish adapters/food-standards-agency/premises.json')
    .addArgument(
      new Argument('[paths...]', 'JSON files, or folders of them').default(starterCatalogue, 'the starter catalogue'),
    )
    .option('--draft', 'keep standards and code lists as drafts, which others do not see and may be replaced')
    .option('--dry-run', 'say what would come of it, and publish nothing')
    .addHelpText('after', publishHelp)
    .action(async (paths: string[], { draft, dryRun, json }: Options) => {
      const documents: PublishedDocument[] = []
      const how = { isDraft: draft === true, isDryRun: dryRun === true }
      try {
        await withNewHub((hub, by) =>
          publishFiles(hub, by, paths, { ...how, onPublished: document => documents.push(document) }),
        )
      } finally {
        // What came before a refused document stays published.
        if (documents.length > 0) show(json, { documents }, () => documentsText(documents))
      }
    })
}

const publishHelp = `
A version that is published stays as it is: the same document again changes nothing, and a changed one needs a higher
version, whose number must fit what changes: \`concord compare <old> <new>\` says which. A draft is published by
publishing its document without --draft.`

function documentsText(documents: readonly PublishedDocument[]): string {
  const rows = documents
    .filter(({ outcome }) => outcome !== 'unchanged')
    .map(({ kind, id, version, outcome, file }) => [outcome, kind, id, version, relative('', file)])
  const faults = documents.flatMap(({ id, fault }) =>
    fault === undefined ? [] : [`${id}, before it is published: ${fault}`],
  )
  const notes = documents.flatMap(({ id, version, notes: own = [] }) => own.map(note => `${id} ${version}: ${note}`))
  return [
    ...(rows.length > 0 ? [table(['outcome', 'kind', 'id', 'version', 'file'], rows, '')] : []),
    ...faults,
    ...notes,
    countsText(documents),
  ].join('\n')
}

function countsText(documents: readonly PublishedDocument[]): string {
  const count = (...outcomes: readonly string[]): number =>
    documents.filter(({ outcome }) => outcomes.includes(outcome)).length
  const drafts = count('draft', 'would draft')
  const isDry = count('would publish', 'would draft') > 0
  return [
    `${count('published', 'would publish')} ${isDry ? 'to be published' : 'published'}`,
    ...(drafts > 0 ? [`${drafts} ${isDry ? 'to be kept as drafts' : 'kept as drafts'}`] : []),
    `${count('unchanged')} unchanged.`,
  ].join(', ')
}

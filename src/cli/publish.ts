/** `concord publish`: standards, code lists, adapters and departments from files. */
import { Argument, type Command } from 'commander'
import { relative } from 'node:path'
import { publishFiles, starterCatalogue, type PublishedDocument } from '../exchange/documents.ts'
import { command } from './command.ts'
import { show, table } from './output.ts'
import { withNewHub } from './run.ts'

export function publish(program: Command): void {
  const summary = 'Publish standards, code lists, adapters and departments'
  command(program, 'publish', summary, 'publish adapters/food-standards-agency/premises.json')
    .addArgument(
      new Argument('[paths...]', 'JSON files, or folders of them').default(starterCatalogue, 'the starter catalogue'),
    )
    .action(async (paths: string[], options: { json?: boolean }) => {
      const documents: PublishedDocument[] = []
      try {
        await withNewHub((hub, by) => publishFiles(hub, by, paths, document => documents.push(document)))
      } finally {
        // What came before a refused document stays published.
        if (documents.length > 0) show(options.json, { documents }, () => documentsText(documents))
      }
    })
}

function documentsText(documents: readonly PublishedDocument[]): string {
  const rows = documents.map(({ kind, id, version, outcome, file }) => [outcome, kind, id, version, relative('', file)])
  const published = documents.filter(({ outcome }) => outcome === 'published').length
  const counts = `${published} published, ${documents.length - published} unchanged.`
  return `${table(['outcome', 'kind', 'id', 'version', 'file'], rows, '')}\n${counts}`
}

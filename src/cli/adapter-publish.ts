/** `concord adapter publish`: a version of an adapter, with the cases that it must pass. */
import type { Command } from 'commander'
import { inputFiles, readCaseFiles, sentInput } from '../exchange/case-files.ts'
import { acceptByDocument } from '../exchange/case-trial.ts'
import { readDocument } from '../exchange/documents.ts'
import { publishAdapter } from '../exchange/publish-adapter.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

type Options = { cases?: string[]; accept?: true; json?: true }

export function adapterPublish(adapters: Command): void {
  const summary = 'Publish a version of an adapter with cases, which take the place of those of the same names'
  command(adapters, 'publish', summary, 'adapter publish parking.json --cases permits.csv --accept')
    .argument('<document>', 'an adapter document, ….json')
    .option('--cases <paths...>', 'inputs, or folders of them; <case>.expected.json stands beside each')
    .option(
      '--accept',
      'expect what this version gives, whatever stands beside the inputs; look at that by `preview` before',
    )
    .action(async (file: string, { cases: paths = [], accept, json }: Options) => {
      const document = readDocument(file)
      const published = await withHub(async (hub, by) => {
        const cases =
          accept === true
            ? await acceptByDocument(hub, by, document, paths.flatMap(inputFiles).map(sentInput))
            : paths.flatMap(readCaseFiles).map(({ sent }) => sent)
        return { ...(await publishAdapter(hub, by, document, cases)), cases: cases.length }
      })
      const { id, version, outcome, cases } = published
      show(json, published, () => `${id} ${version}: ${outcome}, with ${cases} cases of its own.`)
    })
}

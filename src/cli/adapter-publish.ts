/** `concord adapter publish`: a version of an adapter, with the cases that it must pass. */
import type { Command } from 'commander'
import { inputFiles, readCaseFiles, sentInput } from '../exchange/case-files.ts'
import { acceptByDocument } from '../exchange/case-trial.ts'
import { readDocument } from '../exchange/documents.ts'
import { standingCases } from '../exchange/cases.ts'
import type { Publication } from '../exchange/publication.ts'
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
        const done = await publishAdapter(hub, by, document, cases)
        const run = await standingCases(hub, done.id, done.version)
        return { ...done, cases: cases.length, casesPassed: run.length }
      })
      show(json, published, () => publishedText(published))
    })
}

type Published = Publication & { readonly cases: number; readonly casesPassed: number }

/** An adapter is published only where all of its cases pass. */
function publishedText({ id, version, outcome, cases, casesPassed: passed }: Published): string {
  const which = cases > 0 ? `, ${cases} of them sent with it` : ''
  if (outcome === 'unchanged') return `${id} ${version}: unchanged; ${passed} cases stand${which}.`
  if (passed === 0) return `${id} ${version}: ${outcome}. It has no cases yet: --cases gives it some.`
  return `${id} ${version}: ${outcome}. ${passed} ${passed === 1 ? 'case was' : 'cases were'} run and passed${which}.`
}

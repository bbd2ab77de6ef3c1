/** `concord compare`: two versions of a standard, from files or as the hub has them; writes nothing. */
import type { Command } from 'commander'
import { compareStandards } from '../catalogue/compare/compare.ts'
import { numberFault } from '../catalogue/compare/number.ts'
import { readConfig } from '../config.ts'
import { HubError } from '../errors.ts'
import { readDocument } from '../exchange/documents.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { showVersion } from '../exchange/show-standard.ts'
import type { StandardDocument } from '../standard.ts'
import { checkStandardDocument } from '../validate/standard-document.ts'
import { command } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function compare(program: Command): void {
  const summary = 'Compare two versions of a standard: what changes, whom it breaks, and a record that proves it'
  command(program, 'compare', summary, 'compare enterprise-registration@1.1.0 enterprise-registration.json')
    .argument('<old>', 'a file, ….json, or id@version')
    .argument('<new>', 'a file, ….json, or id@version, also of a draft')
    .action(async (older: string, newer: string, { json }: { json?: true }) => {
      const [before, after] = [await documentOf(older), await documentOf(newer)]
      const { codeList } = await openTrialCatalogue(readConfig(), { documents: [before, after] })
      const comparison = compareStandards({ document: before, codeList }, { document: after, codeList })
      const fault = numberFault(comparison.from, comparison.to, comparison.verdict) ?? null
      show(json, { ...comparison, fault }, () => [comparisonText(comparison), '', fault ?? fits(comparison)].join('\n'))
    })
}

function fits({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${to} fits after ${from}.`
}

async function documentOf(given: string): Promise<StandardDocument> {
  if (given.endsWith('.json')) return checkStandardDocument(readDocument(given))
  const [id = '', version] = given.split('@')
  if (version === undefined) {
    throw new HubError('file-unreadable', `${given} is neither a file (….json) nor a version (id@1.2.0) of a standard.`)
  }
  return (await withHub(hub => showVersion(hub, id, version))).document
}

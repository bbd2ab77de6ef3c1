/** `concord compare`: two versions of a standard, from files or as the hub has them; writes nothing. */
import type { Command } from 'commander'
import { compareStandards } from '../catalogue/compare/compare.ts'
import { numberFault } from '../catalogue/compare/number.ts'
import { readConfig } from '../config.ts'
import { HubError } from '../errors.ts'
import { checkConversion, type ConversionFaults } from '../exchange/conversion-check.ts'
import { readDocument } from '../exchange/documents.ts'
import { hasHub } from '../exchange/hub.ts'
import { openTrialCatalogue } from '../exchange/trial-catalogue.ts'
import { showVersion } from '../exchange/show-standard.ts'
import { majorOf, type StandardDocument } from '../standard.ts'
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
      const isNewMajor = majorOf(comparison.to) > majorOf(comparison.from)
      const conversion = isNewMajor ? await conversionFaults(after) : undefined
      show(json, { ...comparison, fault, ...(conversion && { conversion }) }, () => {
        const lines = [comparisonText(comparison), '', fault ?? fits(comparison)]
        return [...lines, ...(isNewMajor ? [conversionText(conversion)] : [])].join('\n')
      })
    })
}

function fits({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${to} fits after ${from}.`
}

/** What publishing would say of its conversion; undefined where no hub has the standard. */
async function conversionFaults(after: StandardDocument): Promise<ConversionFaults | undefined> {
  if (!hasHub(readConfig().dataDirectory)) return undefined
  return withHub(async (hub, by) => {
    const { index } = await hub.published.configuration()
    return index.versionsOf.has(after.standard.id) ? checkConversion(hub, by, after) : undefined
  })
}

function conversionText(found: ConversionFaults | undefined): string {
  if (found === undefined) return 'Publishing also tries how records become those of the major before (`conversion`).'
  if (found.issues.length === 0) return 'Its conversion to the major before would be accepted.'
  const lines = found.issues.map(({ pointer, message }) => `  ${pointer}: ${message}`)
  const witness = found.witness === undefined ? [] : [`  as of this record: ${JSON.stringify(found.witness.record)}`]
  return ['Its conversion to the major before would be refused:', ...lines, ...witness].join('\n')
}

async function documentOf(given: string): Promise<StandardDocument> {
  if (given.endsWith('.json')) return checkStandardDocument(readDocument(given))
  const [id = '', version] = given.split('@')
  if (version === undefined) {
    throw new HubError('file-unreadable', `${given} is neither a file (….json) nor a version (id@1.2.0) of a standard.`)
  }
  return (await withHub(hub => showVersion(hub, id, version))).document
}

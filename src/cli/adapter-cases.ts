/** `concord adapter cases`: what an adapter must go on giving. */
import type { Command } from 'commander'
import { listAdapterCases, putCase, removeCase, type ListedCase } from '../exchange/case-acts.ts'
import { readCase, type Case } from '../exchange/case-document.ts'
import { inputFiles, readCaseFiles, sentInput } from '../exchange/case-files.ts'
import { readDocument } from '../exchange/documents.ts'
import { acceptOutcome, tryDocument } from '../exchange/case-trial.ts'
import type { Issue } from '../record.ts'
import { command, group } from './command.ts'
import { show, table } from './output.ts'
import { issuesText } from './quarantine.ts'
import { withHub } from './run.ts'

export function adapterCases(adapters: Command): void {
  const cases = group(
    adapters,
    'cases',
    'Cases: inputs, and what an adapter must make of them in each version',
    'adapter cases run food-standards-agency/premises',
  )

  command(
    cases,
    'list',
    'List the cases of an adapter, and what comes of each now',
    'adapter cases list taxation/taxpayers',
  )
    .argument('<adapter>', 'department/name')
    .action(async (adapter: string, { json }: { json?: boolean }) => {
      const listed = await withHub((hub, by) => listAdapterCases(hub, by, adapter))
      show(json, { adapter, cases: listed }, () => listText(listed))
    })

  const add = 'Put cases of an adapter, each in the place of the one of its name; refused where one fails'
  command(cases, 'add', add, 'adapter cases add taxation/taxpayers fixtures/taxation/taxpayers')
    .argument('<adapter>', 'department/name')
    .argument('<paths...>', 'inputs, or folders of them; <case>.expected.json stands beside each')
    .option('--accept', 'expect what the version in use gives now, whatever stands beside the input')
    .action(async (adapter: string, paths: string[], { accept, json }: { accept?: boolean; json?: boolean }) => {
      const put = await withHub(async (hub, by) => {
        const read =
          accept === true
            ? await Promise.all(paths.flatMap(inputFiles).map(file => acceptOutcome(hub, adapter, sentInput(file))))
            : paths.flatMap(readCaseFiles).map(({ sent }) => readCase(sent))
        const done = []
        for (const one of read) done.push(await putCase(hub, by, adapter, one))
        return done
      })
      show(json, { adapter, cases: put }, () =>
        table(
          ['case', 'records', 'rejects'],
          put.map(({ name, records, rejects }) => [name, String(records), String(rejects)]),
          'There is no input in these folders.',
        ),
      )
    })

  const remove = 'Remove a case of an adapter; nothing of it is kept'
  command(cases, 'remove', remove, 'adapter cases remove taxation/taxpayers taxpayers')
    .argument('<adapter>', 'department/name')
    .argument('<case>', 'as `adapter cases list` names it')
    .action(async (adapter: string, name: string, { json }: { json?: boolean }) => {
      await withHub((hub, by) => removeCase(hub, by, adapter, name))
      show(json, { adapter, removed: name }, () => `Removed the case ${name} of ${adapter}.`)
    })

  const run = 'Run the cases of an adapter by the version in use, or by a document that is being written'
  command(cases, 'run', run, 'adapter cases run adapters/taxation/taxpayers.json')
    .argument('<adapter>', 'department/name, or an adapter document, ….json')
    .action(async (given: string, { json }: { json?: boolean }) => {
      const results = await withHub((hub, by) =>
        given.endsWith('.json') ? tryDocument(hub, by, readDocument(given)) : listAdapterCases(hub, by, given),
      )
      show(json, { cases: results }, () => resultsText(results))
      if (results.some(({ isPassed }) => !isPassed)) process.exitCode = 1
    })
}

function listText(cases: readonly ListedCase[]): string {
  const rows = cases.map(({ name, version, bytes, records, rejects, isPassed }) => [
    name,
    version,
    String(bytes),
    String(records),
    String(rejects),
    isPassed ? 'passes' : 'fails',
  ])
  return table(['case', 'since version', 'bytes', 'records', 'rejects', 'result'], rows, 'There are none.')
}

type Result = { readonly name: Case['name']; readonly isPassed: boolean; readonly issues: readonly Issue[] }

function resultsText(results: readonly Result[]): string {
  if (results.length === 0) return 'There are no cases.'
  return results
    .map(({ name, isPassed, issues }) =>
      isPassed ? `${name}: passes` : `${name}: fails\n${issuesText(issues).replace(/^/gm, '  ')}`,
    )
    .join('\n')
}

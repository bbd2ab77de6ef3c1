/** `concord adapter cases`: what an adapter must go on giving. */
import { Option, type Command } from 'commander'
import { isUtf8 } from 'node:buffer'
import { discloseCase, listAdapterCases, putCase, removeCase, type ListedCase } from '../exchange/case-acts.ts'
import { caseText, readCase, type Case } from '../exchange/case-document.ts'
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

  const shown = 'Show a case: its input, and what must come of it; that it was shown is entered in the access log'
  command(cases, 'show', shown, 'adapter cases show taxation/taxpayers taxpayers --input > taxpayers.xml')
    .argument('<adapter>', 'department/name')
    .argument('<case>', 'as `adapter cases list` names it')
    .addOption(new Option('--input', 'only the input, its bytes as they are').conflicts(['expected', 'json']))
    .option('--expected', 'only what is expected, as it stands in <case>.expected.json')
    .action(async (adapter: string, name: string, { input, expected, json }: ShowOptions) => {
      const found = (await withHub((hub, by) => discloseCase(hub, by, adapter, name))).case
      if (input === true) process.stdout.write(found.input)
      else if (expected === true) show(json, found.expected, () => indented(found.expected))
      else show(json, JSON.parse(caseText(found)), () => caseShown(found))
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

type ShowOptions = { input?: boolean; expected?: boolean; json?: boolean }

/** Both parts; an input that is no UTF-8 text in base64. */
function caseShown({ input, expected, known }: Case): string {
  const isKnowing = Object.keys(known).length > 0
  const isText = isUtf8(input)
  return [
    isText ? 'Input:' : 'Input, in base64:',
    Buffer.from(input)
      .toString(isText ? 'utf8' : 'base64')
      .trimEnd(),
    ...(isKnowing ? ['', 'Known of other standards:', indented(known)] : []),
    '',
    'Expected:',
    indented(expected),
  ].join('\n')
}

function indented(value: object): string {
  return JSON.stringify(value, null, 2)
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

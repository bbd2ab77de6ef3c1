/** What a newcomer pastes into a shell after the first start: three calls, each of which leaves an entry in the log. */
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { sampleKey, sampleMatter, type Samples } from '../exchange/samples.ts'

type Call = { readonly what: string; readonly command: string }

export function firstCalls(address: string, { reader }: Samples): [token: Call, record: Call, page: Call] {
  const get = `curl -si -w '\\n' -H "Authorization: Bearer $TOKEN" -H 'Concord-Matter: ${sampleMatter}' -H 'Concord-Case: 2026-0001'`
  const records = `${address}/v1/standards/enterprise-registration/records`
  return [
    {
      what: 'Get a token for the sample client, good for ten minutes, into the variable TOKEN:',
      command: `TOKEN=$(curl -s -u '${reader.id}:${reader.secret}' -d grant_type=client_credentials ${address}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    },
    {
      what: 'Read one enterprise, saying for which matter and case (Concord-Entry is the number of the log entry):',
      command: `${get} ${records}/${sampleKey}`,
    },
    {
      what: 'Read a page of the active ones, two fields of each:',
      command: `${get} '${records}?status=1&limit=10&fields=unifiedSocialCreditCode,name'`,
    },
  ]
}

export function callsText(calls: readonly Call[], { dataDirectory }: Config): string {
  const steps = calls.map(({ what, command }, index) => `${index + 1}. ${what}\n\n${command}\n`)
  const where = dataDirectory === resolve('data') ? '' : `CONCORD_DATA_DIR='${dataDirectory}' `
  return `${steps.join('\n')}\nEvery call is in the access log by now. Verify it from another terminal: ${where}npx concord log verify`
}

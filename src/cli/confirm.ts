/** Asks before an act that others will feel. */
import { createInterface } from 'node:readline/promises'
import { HubError } from '../errors.ts'
import type { Uses } from '../exchange/uses.ts'
import { show } from './output.ts'
import { usesText } from './uses-text.ts'

/**
 * Shows who uses a major, and asks whether to go on.
 *
 * @throws {HubError} `uses-changed` where the answer is anything but yes, or nobody can be asked
 */
export async function confirmUses(uses: Uses, question: string, json: boolean | undefined): Promise<void> {
  const isAsked = process.stdin.isTTY
  // What is printed on standard output is one document, where one is asked for.
  if (json && isAsked) process.stderr.write(`${usesText(uses)}\n`)
  else show(json, uses, () => usesText(uses))
  if (!isAsked) throw new HubError('uses-changed', 'Nobody can be asked here. Look at who uses it, and give --yes.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${question} Type yes: `)
    if (answer.trim() !== 'yes') throw new HubError('uses-changed', 'Nothing was done.')
  } finally {
    terminal.close()
  }
}

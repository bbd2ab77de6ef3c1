/** What comes of an input on the pure part of the line, without a hub. */
import { createReadStream, readFileSync } from 'node:fs'
import { outcomeOf as outcomeOfBody, type Outcome } from '../src/exchange/case-outcome.ts'
import { HubError } from '../src/errors.ts'
import type { Adapter, Resolve } from '../src/map/adapter.ts'
import type { CodeList } from '../src/code-list.ts'
import { readStandard, type Standard } from '../src/standard.ts'
import { compileValidator } from '../src/validate/validator.ts'

export type { Outcome }

/** An input that cannot be read to its end is an error here. */
export async function outcomeOf(adapter: Adapter, file: URL, resolve?: Resolve): Promise<Outcome> {
  const validator = compileValidator(adapter.standard, codeList)
  const outcome = await outcomeOfBody(
    { adapter, validator, ...(resolve !== undefined && { resolve }) },
    createReadStream(file),
  )
  if (outcome.problem !== undefined) throw new HubError(outcome.problem, outcome.problem)
  return outcome
}

/** The starter catalogue as it stands in the repository. */
export const catalogue = { standard, codeList, crosswalk: () => undefined }

function standard(id: string, major: number): Standard {
  return readStandard(readJson(`schemas/standards/${id}/v${major}.json`))
}

function codeList(id: string): CodeList {
  return readJson(`schemas/code-lists/${id}.json`)
}

const root = new URL('../', import.meta.url)

/** A document of the repository, by its path. */
export function readJson(path: string) {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

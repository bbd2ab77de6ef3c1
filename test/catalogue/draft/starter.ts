/** The starter catalogue for drafts, and the compact form of a draft that tests look at. */
import { existsSync, readFileSync } from 'node:fs'
import { draftFromSample } from '../../../src/catalogue/draft/from-sample.ts'
import type { Draft } from '../../../src/catalogue/draft/draft.ts'
import type { CodeList, Crosswalk } from '../../../src/code-list.ts'
import { readStandard, type Standard } from '../../../src/standard.ts'

const root = new URL('../../../', import.meta.url)

export const catalogue = {
  standard: (id: string, major: number): Standard => readStandard(read(`schemas/standards/${id}/v${major}.json`)),
  codeList: (id: string): CodeList | undefined => readIfThere(`schemas/code-lists/${id}.json`),
  crosswalk: (id: string): Crosswalk | undefined => readIfThere(`schemas/crosswalks/${id}.json`),
}

/** The draft of a sample; where the sample is cut, of its first bytes. */
export function draft(standard: string, sample: string | Uint8Array, bytes = Infinity): Promise<Draft> {
  const all = Buffer.from(sample as string)
  const options = { standard: catalogue.standard(standard, 1), department: 'market-regulation', name: 'drafted' }
  return draftFromSample(all.subarray(0, Math.min(bytes, all.length)), bytes < all.length, {
    ...options,
    codeList: catalogue.codeList,
  })
}

/** Field → the paths that are proposed for it. */
export function pathsOf({ proposals }: Draft): { [field: string]: string } {
  return Object.fromEntries(proposals.map(({ field, sources }) => [field, sources.join(', ')]))
}

export function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

function readIfThere(path: string) {
  return existsSync(new URL(path, root)) ? read(path) : undefined
}

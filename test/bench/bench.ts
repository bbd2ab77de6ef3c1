/** What the parts of the bench share: where they work, on how much, and how often. */
import { join } from 'node:path'

export type Bench = {
  readonly folder: string
  /** Of the hub that the first part fills and the others read. */
  readonly data: string
  readonly records: number
  readonly entries: number
  readonly rounds: number
  readonly seconds: number
  readonly connections: readonly number[]
}

/** What all calls are made for. */
export const matter = 'bench'

export function inputOf({ folder }: Bench): string {
  return join(folder, 'records.xml')
}

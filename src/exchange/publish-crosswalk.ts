/** Publishes crosswalks between code lists: each version immutable. */
import { readCrosswalkDocument, writeCrosswalk } from '../store/catalogue.ts'
import { checkCrosswalk } from '../validate/crosswalk.ts'
import { codesNamedIn } from '../map/named-codes.ts'
import { listsOf, nothingBeside } from './beside.ts'
import { change, type By, type Hub } from './hub.ts'
import { published, requireSame, unchanged, type Publication } from './publication.ts'
import type { Publishing } from './publish.ts'

/** @throws {HubError} `crosswalk-invalid`, `version-published` */
export async function publishCrosswalk(
  hub: Hub,
  by: By,
  input: unknown,
  { isDryRun = false, beside = nothingBeside }: Omit<Publishing, 'isDraft'> = {},
): Promise<Publication> {
  const document = checkCrosswalk(input, await listsOf(hub, codesNamedIn(input).lists, beside))
  const { id, version } = document
  const stored = await readCrosswalkDocument(hub.store.read, id, version)
  if (stored !== undefined) {
    requireSame(document, stored, document)
    return unchanged(hub, by, document, { kind: 'crosswalk' })
  }
  if (isDryRun) return { id, version, outcome: 'would publish' }
  return change(hub, by, async tx => {
    await writeCrosswalk(tx, { id, version, publishedAt: hub.clock().toISOString(), document })
    return published({ id, version }, { kind: 'crosswalk' })
  })
}

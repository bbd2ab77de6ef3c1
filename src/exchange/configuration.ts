/** What is published and administered, as it was read at once from the record store: no document, nothing compiled. */
import type { Agreement } from '../agreement/agreement.ts'
import type { Version } from '../standard.ts'
import { readAgreements } from '../store/agreements.ts'
import { readCatalogueIndex, type CatalogueIndex } from '../store/catalogue.ts'
import { readClients, type Client } from '../store/clients.ts'
import type { Session } from '../store/session.ts'
import { readTermBuilds, type TermBuild } from '../store/term-builds.ts'
import { readUsers, type User } from '../store/users.ts'
import { listsInUse } from './list-in-use.ts'

export type Configuration = {
  readonly generation: string
  readonly index: CatalogueIndex
  /** Today, YYYY-MM-DD in UTC: it decides which version of a code list is in use. */
  readonly day: string
  /** The version in use of each code list, by id. */
  readonly listsInUse: ReadonlyMap<string, Version>
  readonly clients: ReadonlyMap<string, Client>
  readonly users: ReadonlyMap<string, User>
  /** By consuming department. */
  readonly agreements: ReadonlyMap<string, readonly Agreement[]>
  /** Fields that records are not found by yet. */
  readonly termBuilds: readonly TermBuild[]
}

/** @param day today, YYYY-MM-DD in UTC */
export async function readConfiguration(read: Session, generation: string, day: string): Promise<Configuration> {
  const index = await readCatalogueIndex(read)
  const clients = await readClients(read)
  const users = await readUsers(read)
  const agreements = new Map<string, Agreement[]>()
  for (const agreement of await readAgreements(read)) {
    agreements.set(agreement.department, [...(agreements.get(agreement.department) ?? []), agreement])
  }
  return {
    generation,
    index,
    day,
    listsInUse: listsInUse(index.codeLists, day),
    clients: new Map(clients.map(client => [client.id, client])),
    users: new Map(users.map(user => [user.id, user])),
    agreements,
    termBuilds: await readTermBuilds(read),
  }
}

/** The same on another day, on which other versions of code lists may be in use. */
export function onDay(configuration: Configuration, day: string): Configuration {
  return { ...configuration, day, listsInUse: listsInUse(configuration.index.codeLists, day) }
}

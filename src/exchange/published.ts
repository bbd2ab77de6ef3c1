/**
 * What is published and administered, compiled and cached; checked against the database, never trusted.
 *
 * Documents of a published version never change, so what is compiled of them is kept; which versions there are, and
 * clients and agreements, are read again when another process, or this one, has changed the configuration.
 */
import type { Agreement } from '../agreement/agreement.ts'
import { HubError } from '../errors.ts'
import type { Keys } from '../seal/keys.ts'
import { contentsWriter } from '../seal/contents.ts'
import { majorOf, readStandard, type CodeList, type Crosswalk, type Standard, type Version } from '../standard.ts'
import { compileAdapter, type Adapter, type Catalogue } from '../map/adapter.ts'
import { standardsNamedIn } from '../map/named-standards.ts'
import { readAgreements } from '../store/agreements.ts'
import {
  readAdapterDocument,
  readCatalogueIndex,
  readCodeListDocument,
  readCrosswalkDocument,
  readStandardDocument,
  type AdapterRow,
  type CatalogueIndex,
  type StandardRow,
} from '../store/catalogue.ts'
import { readClients, type Client } from '../store/clients.ts'
import type { Database } from '../store/connection.ts'
import { readGeneration } from '../store/hub-row.ts'
import type { Session } from '../store/session.ts'
import { readUsers, type User } from '../store/users.ts'
import { compileValidator, type Validator } from '../validate/validator.ts'
import { newest } from '../versions.ts'

export type CompiledStandard = {
  readonly standard: Standard
  readonly types: string
  readonly validator: Validator
  readonly contentsOf: ReturnType<typeof contentsWriter>
}

export type Configuration = {
  readonly generation: string
  readonly index: CatalogueIndex
  readonly clients: ReadonlyMap<string, Client>
  readonly users: ReadonlyMap<string, User>
  /** By consuming department. */
  readonly agreements: ReadonlyMap<string, readonly Agreement[]>
}

/** How old a cached configuration may be before the database is asked, in ms: what another process does counts within a second. */
const freshMs = 250

export class Published {
  readonly #db: Database
  readonly #keys: Keys
  #configuration: Configuration | undefined
  #checkedAt = -Infinity
  #refreshing: Promise<Configuration> | undefined
  #catalogueSize = ''
  readonly #standards = new Map<string, Promise<CompiledStandard>>()
  /** By what callers ask for: every request asks for the newest version of a major. */
  readonly #newest = new Map<string, CompiledStandard>()
  readonly #adapters = new Map<string, Promise<Adapter>>()

  constructor(db: Database, keys: Keys) {
    this.#db = db
    this.#keys = keys
  }

  /** The configuration, at most {@link freshMs} old. Synchronous where it is fresh: every request asks. */
  configuration(): Configuration | Promise<Configuration> {
    if (this.#configuration !== undefined && performance.now() - this.#checkedAt < freshMs) return this.#configuration
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }

  /** Has the next caller ask the database: this process has just changed the configuration. */
  expire(): void {
    this.#checkedAt = -Infinity
  }

  /**
   * A published standard: of a version, of the newest version of a major, or the newest of all.
   *
   * @throws {HubError} `standard-unknown`
   */
  async standard(id: string, which?: Version | number): Promise<CompiledStandard> {
    const fresh = this.configuration()
    const configuration = fresh instanceof Promise ? await fresh : fresh
    const { index } = configuration
    const name = JSON.stringify([id, which])
    const known = this.#newest.get(name)
    if (known !== undefined) return known
    const row = newest(index.standards.filter(candidate => candidate.standard === id && fits(candidate, which)))
    if (row === undefined) {
      const of = which === undefined ? '' : typeof which === 'number' ? ` of major ${which}` : ` in version ${which}`
      throw new HubError('standard-unknown', `The standard ${id} is not published${of}.`)
    }
    const compiled = remember(this.#standards, `${row.standard}@${row.version}`, () => this.#compileStandard(row))
    const found = await compiled
    if (this.#configuration === configuration) this.#newest.set(name, found)
    return found
  }

  /**
   * The newest version of a published adapter, by `department/name`.
   *
   * @throws {HubError} `adapter-unknown`
   */
  async adapter(id: string): Promise<Adapter> {
    const { index } = await this.configuration()
    const row = newest(index.adapters.filter(candidate => candidate.adapter === id))
    if (row === undefined) {
      throw new HubError(
        'adapter-unknown',
        `The adapter ${id} is not published; \`concord publish\` publishes the documents in adapters/.`,
      )
    }
    return remember(this.#adapters, `${row.adapter}@${row.version}`, () => this.#compileAdapter(row))
  }

  /** The newest version of a code list. */
  async codeList(id: string): Promise<CodeList | undefined> {
    const { index } = await this.configuration()
    return this.#newestOf(index.codeLists, id, readCodeListDocument)
  }

  /** A function that gives code lists at once, for compiling. */
  async codeLists(): Promise<(id: string) => CodeList | undefined> {
    const { index } = await this.configuration()
    return atOnce(index.codeLists, id => this.codeList(id))
  }

  /** The newest version of a crosswalk. */
  async crosswalk(id: string): Promise<Crosswalk | undefined> {
    const { index } = await this.configuration()
    return this.#newestOf(index.crosswalks, id, readCrosswalkDocument)
  }

  /** What an adapter's document is compiled by, at once: of standards, those that it names. */
  async catalogue(document: unknown): Promise<Catalogue> {
    const { index } = await this.configuration()
    const standards = new Map<string, Standard>()
    const { own, resolved } = standardsNamedIn(document)
    for (const { id, major } of own === undefined ? resolved : [own, ...resolved]) {
      const row = newest(index.standards.filter(candidate => candidate.standard === id && fits(candidate, major)))
      if (row !== undefined) standards.set(`${id}@${major}`, (await this.#readStandard(row)).standard)
    }
    return {
      standard: (id, major) => standards.get(`${id}@${major}`),
      codeList: await this.codeLists(),
      crosswalk: await atOnce(index.crosswalks, id => this.crosswalk(id)),
    }
  }

  async #newestOf<Document>(
    rows: CatalogueIndex['codeLists'],
    id: string,
    read: (session: Session, id: string, version: Version) => Promise<Document | undefined>,
  ): Promise<Document | undefined> {
    const row = newest(rows.filter(candidate => candidate.id === id))
    return row && read(this.#db.read, id, row.version)
  }

  async #readStandard({ standard, version }: StandardRow): Promise<Pick<CompiledStandard, 'standard' | 'types'>> {
    const found = await readStandardDocument(this.#db.read, standard, version)
    if (found === undefined) throw new Error('bug: a published standard has no document')
    return { standard: readStandard(found.document), types: found.types }
  }

  async #compileStandard(row: StandardRow): Promise<CompiledStandard> {
    const { standard, types } = await this.#readStandard(row)
    const validator = compileValidator(standard, await this.codeLists())
    return { standard, types, validator, contentsOf: contentsWriter(standard, this.#keys.pseudonym) }
  }

  async #compileAdapter(row: AdapterRow): Promise<Adapter> {
    const document = await readAdapterDocument(this.#db.read, row.adapter, row.version)
    return compileAdapter(document, await this.catalogue(document))
  }

  async #refresh(): Promise<Configuration> {
    const at = performance.now()
    const generation = await readGeneration(this.#db.read)
    if (this.#configuration?.generation !== generation) {
      const index = await readCatalogueIndex(this.#db.read)
      const clients = await readClients(this.#db.read)
      const users = await readUsers(this.#db.read)
      const agreements = new Map<string, Agreement[]>()
      for (const agreement of await readAgreements(this.#db.read)) {
        agreements.set(agreement.department, [...(agreements.get(agreement.department) ?? []), agreement])
      }
      this.#configuration = {
        generation,
        index,
        clients: new Map(clients.map(client => [client.id, client])),
        users: new Map(users.map(user => [user.id, user])),
        agreements,
      }
      this.#forgetCompiled(index)
    }
    this.#checkedAt = at
    return this.#configuration
  }

  /** An adapter leans on the newest code lists and crosswalks and the newest minor of its standard. Versions are only ever added. */
  #forgetCompiled(index: CatalogueIndex): void {
    const size = [index.standards, index.codeLists, index.crosswalks, index.adapters].map(rows => rows.length).join()
    if (size === this.#catalogueSize) return
    this.#catalogueSize = size
    this.#standards.clear()
    this.#newest.clear()
    this.#adapters.clear()
  }
}

/** The newest documents of each id, read, as a function. */
async function atOnce<Document>(
  rows: readonly { readonly id: string }[],
  read: (id: string) => Promise<Document | undefined>,
): Promise<(id: string) => Document | undefined> {
  const ids = [...new Set(rows.map(row => row.id))]
  const byId = new Map(await Promise.all(ids.map(async id => [id, await read(id)] as const)))
  return id => byId.get(id)
}

function fits(row: StandardRow, which: Version | number | undefined): boolean {
  if (which === undefined) return true
  return typeof which === 'number' ? majorOf(row.version) === which : row.version === which
}

/** One compilation for all who ask at once; a failed one is forgotten. */
function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let made = cache.get(key)
  if (made === undefined) {
    made = make()
    cache.set(key, made)
    made.catch(() => cache.delete(key))
  }
  return made
}

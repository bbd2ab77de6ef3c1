/**
 * What is published and administered, compiled and cached; checked against the database, never trusted.
 *
 * Documents of a published version never change, so what is compiled of them is kept; which versions there are, and
 * clients and agreements, are read again when another process, or this one, has changed the configuration.
 */
import { createHash } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Keys } from '../seal/keys.ts'
import { contentsWriter } from '../seal/contents.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import { majorOf, readStandard, type Standard, type Version } from '../standard.ts'
import { compileAdapter, type Adapter, type Catalogue } from '../map/adapter.ts'
import { compileBetween, type BetweenMajors } from '../map/between-majors.ts'
import { codesNamedIn } from '../map/named-codes.ts'
import { standardsNamedIn } from '../map/named-standards.ts'
import type { Issue, JsonObject } from '../record.ts'
import { readAdapterDocument, type AdapterRow } from '../store/adapters.ts'
import { readCrosswalkDocument, type StandardRow } from '../store/catalogue.ts'
import { readCodeListDocument } from '../store/code-lists.ts'
import type { Database } from '../store/connection.ts'
import { readGeneration } from '../store/hub-row.ts'
import { readStandardDocument } from '../store/standards.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { compileValidator, type Validator } from '../validate/validator.ts'
import { newest } from '../versions.ts'
import { atOnce } from './at-once.ts'
import { onDay, readConfiguration, type Configuration } from './configuration.ts'
import { conversionsTo, newerMajor, type NewerMajor } from './newer-majors.ts'

export type CompiledStandard = {
  readonly standard: Standard
  readonly types: string
  readonly validator: Validator
  readonly contentsOf: ReturnType<typeof contentsWriter>
  /** How records of newer majors become records of this version; none where it is not the newest of its major. */
  readonly newer: readonly NewerMajor[]
}

/** How old a cached configuration may be before the database is asked, in ms: what another process does counts within a second. */
const freshMs = 250

export class Published {
  readonly #db: Database
  readonly #keys: Keys
  readonly #clock: () => Date
  #configuration: Configuration | undefined
  #checkedAt = -Infinity
  #refreshing: Promise<Configuration> | undefined
  /** What was compiled leans on this state of the catalogue. */
  #catalogue = ''
  readonly #standards = new Map<string, Promise<CompiledStandard>>()
  /** By what callers ask for: every request asks for the newest version of a major. */
  readonly #newest = new Map<string, CompiledStandard>()
  readonly #adapters = new Map<string, Promise<Adapter>>()

  constructor(db: Database, keys: Keys, clock: () => Date) {
    this.#db = db
    this.#keys = keys
    this.#clock = clock
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
    const row = newest((index.versionsOf.get(id) ?? []).filter(candidate => fits(candidate, which)))
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
   * A published adapter, by `department/name`: the version that is in use, or the one that is named.
   *
   * @throws {HubError} `adapter-unknown`; `adapter-invalid` where what it refers to has changed so that it cannot be used
   */
  async adapter(id: string, version?: Version): Promise<Adapter> {
    const row = await this.adapterRow(id, version)
    return remember(this.#adapters, `${row.adapter}@${row.version}`, () => this.#compileAdapter(row))
  }

  /** @throws {HubError} `adapter-unknown` */
  async adapterRow(id: string, version?: Version): Promise<AdapterRow> {
    const { index } = await this.configuration()
    const row = index.adapters.find(
      candidate =>
        candidate.adapter === id && (version === undefined ? candidate.isInUse : candidate.version === version),
    )
    if (row !== undefined) return row
    throw new HubError(
      'adapter-unknown',
      version === undefined
        ? `The adapter ${id} is not published.`
        : `The adapter ${id} is not published in version ${version}; \`concord adapter versions\` lists those that are.`,
    )
  }

  /** The version of a code list that is in use: the newest whose day has come. */
  async codeList(id: string): Promise<CodeList | undefined> {
    const version = (await this.configuration()).listsInUse.get(id)
    return version === undefined ? undefined : readCodeListDocument(this.#db.read, id, version)
  }

  /** The code lists that are named, as they are in use, as a function that gives them at once: for compiling. */
  codeLists(ids: Iterable<string>): Promise<(id: string) => CodeList | undefined> {
    return atOnce(ids, id => this.codeList(id))
  }

  /** The newest version of a crosswalk. */
  async crosswalk(id: string): Promise<Crosswalk | undefined> {
    const { index } = await this.configuration()
    const row = newest(index.crosswalks.filter(candidate => candidate.id === id))
    return row && readCrosswalkDocument(this.#db.read, id, row.version)
  }

  /** What an adapter's document is compiled by, at once: what it names, and the code lists that its standards draw from. */
  async catalogue(document: unknown): Promise<Catalogue> {
    const { index } = await this.configuration()
    const standards = new Map<string, Standard>()
    const { own, resolved } = standardsNamedIn(document)
    for (const { id, major } of own === undefined ? resolved : [own, ...resolved]) {
      const row = newest((index.versionsOf.get(id) ?? []).filter(candidate => fits(candidate, major)))
      if (row !== undefined) standards.set(`${id}@${major}`, (await this.#readStandard(row)).standard)
    }
    const { lists, crosswalks } = codesNamedIn(document)
    const drawn = [...standards.values()].flatMap(standard => codeListsNamedIn(standard.document))
    return {
      standard: (id, major) => standards.get(`${id}@${major}`),
      codeList: await this.codeLists([...lists, ...drawn]),
      crosswalk: await atOnce(crosswalks, id => this.crosswalk(id)),
    }
  }

  async #readStandard({ standard, version }: StandardRow): Promise<Pick<CompiledStandard, 'standard' | 'types'>> {
    const found = await readStandardDocument(this.#db.read, standard, version)
    if (found === undefined) throw new Error('bug: a published standard has no document')
    return { standard: readStandard(found.document), types: found.types }
  }

  async #compileStandard(row: StandardRow): Promise<CompiledStandard> {
    const { standard, types } = await this.#readStandard(row)
    const validator = compileValidator(standard, await this.codeLists(codeListsNamedIn(standard.document)))
    const contentsOf = contentsWriter(standard, this.#keys.pseudonym)
    const newer = (await this.#conversionsTo(standard)).map(between => newerMajor(between, { validator, contentsOf }))
    return { standard, types, validator, contentsOf, newer }
  }

  async #conversionsTo(standard: Standard): Promise<BetweenMajors[]> {
    const { index } = await this.configuration()
    const rows = index.versionsOf.get(standard.id) ?? []
    if (newest(rows.filter(row => fits(row, standard.major)))?.version !== standard.version) return []
    return conversionsTo(standard, {
      majors: [...new Set(rows.map(({ version }) => majorOf(version)))],
      newest: async major =>
        (await this.#readStandard(newest(rows.filter(row => fits(row, major))) as StandardRow)).standard,
      compile: (fields, ends) => this.compileBetween(fields, ends),
    })
  }

  /** @returns the issues where the rules cannot be used */
  async compileBetween(
    fields: JsonObject,
    ends: { readonly from: Standard; readonly to: Standard },
    beside: ReadonlyMap<string, CodeList> = new Map(),
  ): Promise<BetweenMajors | readonly Issue[]> {
    const { lists, crosswalks } = codesNamedIn(fields)
    const published = await this.codeLists([...lists, ...codeListsNamedIn(ends.to.document)])
    const codeList = (id: string): CodeList | undefined => beside.get(id) ?? published(id)
    return compileBetween(fields, ends, codeList, await atOnce(crosswalks, id => this.crosswalk(id)))
  }

  async #compileAdapter(row: AdapterRow): Promise<Adapter> {
    const document = await readAdapterDocument(this.#db.read, row.adapter, row.version)
    return compileAdapter(document, await this.catalogue(document))
  }

  async #refresh(): Promise<Configuration> {
    const at = performance.now()
    const configuration = await this.#read()
    if (configuration !== this.#configuration) this.#forgetCompiled(configuration)
    this.#configuration = configuration
    this.#checkedAt = at
    return configuration
  }

  async #read(): Promise<Configuration> {
    const generation = await readGeneration(this.#db.read)
    const day = this.#clock().toISOString().slice(0, 10)
    const known = this.#configuration
    if (known?.generation !== generation) return readConfiguration(this.#db.read, generation, day)
    return known.day === day ? known : onDay(known, day)
  }

  /** An adapter leans on the code lists in use, the newest crosswalks and the newest minor of its standard. */
  #forgetCompiled({ index, listsInUse: lists }: Configuration): void {
    const { departments: _, codeLists: __, versionsOf: ___, ...rows } = index
    // Not how many there are: a version that takes another's place changes no number.
    const catalogue = createHash('sha256')
      .update(JSON.stringify([rows, ...lists]))
      .digest('base64')
    if (catalogue === this.#catalogue) return
    this.#catalogue = catalogue
    this.#standards.clear()
    this.#newest.clear()
    this.#adapters.clear()
  }
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

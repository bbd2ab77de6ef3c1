/** Of which scopes an input has said all that there is, so that what it lacks there is gone. */
import type { Adapter } from '../map/adapter.ts'
import type { RecordKey } from '../record.ts'

export class SaidScopes {
  readonly #adapter: Pick<Adapter, 'mode' | 'scope'>
  readonly #scopes = new Set<string>()
  /** False once a record was met whose key, or scope, could not be read: then nothing is known to be missing. */
  #isComplete = true
  /** An input in which no record was met is more likely to be a mistake than to say that all records are gone. */
  #isEmpty = true

  constructor(adapter: Pick<Adapter, 'mode' | 'scope'>) {
    this.#adapter = adapter
  }

  /** A record that says that it is there. One that is withdrawn counts as not there, and is not met. */
  meetRecord(scope: string): void {
    this.#isEmpty = false
    this.#scopes.add(scope)
  }

  meetReject(key: RecordKey | undefined, scope: string | undefined): void {
    this.#isEmpty = false
    const needsScope = this.#adapter.scope !== undefined
    if (key === undefined || (needsScope && scope === undefined)) this.#isComplete = false
    else if (scope !== undefined) this.#scopes.add(scope)
  }

  /** None of a delta, of an input that is empty, and of one that is not known to be whole. */
  said(): Iterable<string> {
    const { mode, scope } = this.#adapter
    if (mode !== 'snapshot' || !this.#isComplete || this.#isEmpty) return []
    return scope === undefined ? [''] : this.#scopes
  }
}

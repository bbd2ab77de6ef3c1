/** One run of an adapter over one input: what is known of it while it goes on, and what each batch of it does. */
import type { Receipt, RecordKey, SourceRecord, UnreadableRecord } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import { addWarned, notePassedOver } from '../store/deliveries.ts'
import { keep, missingKeys, withdraw } from '../store/keep.ts'
import type { Keeping } from '../store/keeping.ts'
import { forgetMarks } from '../store/marks.ts'
import { closeOvertaken, putRejects, type Kept, type PlacedReject } from '../store/rejects.ts'
import { noteSnapshot } from '../store/replays.ts'
import { countsOf, isKept, keyOfWord, type Outcome } from '../store/words.ts'
import { convert, rejectDuplicate, type Conversion, type Line } from './convert.ts'
import { batchRecords, DeliveryRun } from './delivery-run.ts'
import type { DocumentsRequest } from './delivery-request.ts'
import type { Hub } from './hub.ts'
import { keepingOf } from './keeping.ts'
import { openLine } from './open-line.ts'
import { resolveWants } from './resolve.ts'
import { SaidScopes } from './said-scopes.ts'

type Request = Omit<DocumentsRequest, 'documents'>

export class RunningDelivery {
  readonly line: Line
  readonly #hub: Hub
  readonly #request: Request
  readonly #run: DeliveryRun
  readonly #scopes: SaidScopes
  /** Source records before the batch that comes next. */
  #met = 0
  #passedOver = 0

  private constructor(hub: Hub, request: Request, { line, run }: { line: Line; run: DeliveryRun }) {
    this.#hub = hub
    this.#request = request
    this.line = line
    this.#scopes = new SaidScopes(line.adapter)
    this.#run = run
  }

  static async begin(hub: Hub, request: Request): Promise<RunningDelivery> {
    const line = await openLine(hub, request.adapter, request.language)
    const { id, version, standard } = line.adapter
    const of = {
      kind: 'delivery',
      adapter: id,
      adapterVersion: version,
      standard: standard.id,
      by: request.by,
      ...(request.delivery !== undefined && { delivery: request.delivery }),
    } as const
    return new RunningDelivery(hub, request, { line, run: await DeliveryRun.begin(hub, of) })
  }

  /** Takes note of source records that the adapter does not count. */
  passOver(records: number): void {
    this.#passedOver += records
  }

  async keep(items: readonly (SourceRecord | UnreadableRecord)[]): Promise<void> {
    await this.#request.admit?.()
    const { adapter } = this.line
    const resolve = await resolveWants(
      this.#hub,
      { adapter, by: this.#request.by, delivery: this.#run.delivery },
      items,
    )
    const conversions = items.map(item => convert(this.line, item, resolve))
    for (const conversion of conversions) this.#meet(conversion)
    await this.#run.batch((tx, at) => this.#keepBatch(tx, at, conversions))
    this.#met += items.length
    this.#request.onProgress?.(this.#run.receipt)
  }

  /** A snapshot withdraws what it lacks, within the scopes that it speaks of; one that is not complete withdraws nothing. */
  async withdrawMissing(): Promise<void> {
    const { adapter } = this.line
    for (const scope of this.#scopes.said()) {
      let after = ''
      for (;;) {
        const { delivery } = this.#run
        const where = { standard: adapter.standard.id, adapter: adapter.id, scope, delivery, after }
        const keys = await missingKeys(this.#hub.store.read, { ...where, limit: batchRecords })
        if (keys.length === 0) break
        await this.#run.batch(async (tx, at) => {
          await withdraw(tx, this.#keeping(at), keys)
          return { withdrawn: keys.length }
        })
        after = keys.at(-1) as string
      }
    }
  }

  async end(): Promise<Receipt> {
    const { id: adapter, standard, mode, order } = this.line.adapter
    const { delivery, fence } = this.#run
    await this.#run.end(async (tx, at) => {
      await noteSnapshot(tx, { standard: standard.id, adapter, delivery, fence }, this.#scopes.said())
      if (mode === 'snapshot' && order === 'mark') await forgetMarks(tx, this.#keeping(at))
      if (this.#passedOver > 0) await notePassedOver(tx, delivery, this.#passedOver)
      await this.#request.atEnd?.(tx, delivery)
    })
    return this.#run.receipt
  }

  /** Ends the delivery as failed, and gives the error to throw. */
  async fail(error: unknown): Promise<unknown> {
    return this.#run.fail(error)
  }

  stop(): void {
    this.#run.stop()
  }

  async #keepBatch(tx: Transaction, at: string, conversions: readonly Conversion[]) {
    const keeping = this.#keeping(at)
    const { delivery } = keeping
    const { id: adapter, version, standard } = this.line.adapter
    const said = conversions.filter(conversion => 'word' in conversion)
    const words = said.map(({ word }) => word)
    const outcomes = await keep(tx, keeping, words)
    const outcomeOf = new Map(said.map((conversion, index) => [conversion, outcomes[index] as Outcome]))
    const rejects = this.#rejectsOf(conversions, outcomeOf)
    const warned = said.filter(({ warnings }) => warnings.length > 0).length
    if (warned > 0) await addWarned(tx, delivery, warned)
    await putRejects(tx, this.#hub.keys.master, { adapter, version, standard: standard.id, delivery, at }, rejects)
    await closeOvertaken(tx, { adapter, delivery }, this.#keptOf(conversions, outcomeOf))
    return { ...countsOf(outcomes), rejected: rejects.length }
  }

  #rejectsOf(conversions: readonly Conversion[], outcomeOf: ReadonlyMap<Conversion, Outcome>): PlacedReject[] {
    return conversions.flatMap((conversion, index) => {
      const placed = { ordinal: this.#met + index + 1, isUnreadable: 'unreadable' in conversion.item }
      if ('reject' in conversion) return [{ ...conversion.reject, ...placed }]
      if (outcomeOf.get(conversion) !== 'duplicate') return []
      return [{ ...rejectDuplicate(this.line, conversion), ...placed }]
    })
  }

  /** The words that stand, for each key the last one: what they overtake is in quarantine no more. */
  #keptOf(conversions: readonly Conversion[], outcomeOf: ReadonlyMap<Conversion, Outcome>): Kept[] {
    const { fence } = this.#run
    const kept = new Map<RecordKey, Kept>()
    for (const [index, conversion] of conversions.entries()) {
      const outcome = outcomeOf.get(conversion)
      if ('reject' in conversion || outcome === undefined || !isKept(outcome)) continue
      const { word } = conversion
      const key = keyOfWord(word)
      const mark = this.line.adapter.mode === 'delta' ? word.mark : undefined
      kept.set(key, { key, fence, ordinal: this.#met + index + 1, mark })
    }
    return [...kept.values()]
  }

  #keeping(at: string): Keeping {
    const { delivery, fence } = this.#run
    return keepingOf(this.#hub, { delivery, fence, at }, this.line)
  }

  #meet(conversion: Conversion): void {
    if ('reject' in conversion) this.#scopes.meetReject(conversion.reject.key, conversion.reject.scope)
    else if ('scope' in conversion.word) this.#scopes.meetRecord(conversion.word.scope)
  }
}

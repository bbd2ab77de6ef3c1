/** Pulls the rows of a query to another database, from the watermark that the last good run came to. */
import type { DatabasePull } from '../map/pull.ts'
import { foreignRows, type ForeignRows } from '../store/foreign-database.ts'
import type { ForeignQuery } from '../store/foreign-source.ts'
import type { Resume } from '../store/pulls.ts'
import { credentialOf } from './credentials.ts'
import { splitAt } from './pull-request.ts'
import { ended, PullFailure, withItems, type Found, type Pulling } from './pull-source.ts'

export async function pullDatabase(pulling: Pulling, database: DatabasePull): Promise<Found> {
  const { hub, adapter, signal } = pulling
  const { name, kind, origin, secret } = await credentialOf(hub, adapter.department, database.credential)
  if (kind !== 'password') throw new PullFailure(`The credential ${name} is no password of a database.`)
  const [user, password] = splitAt(secret, ':')
  const watermark = watermarkOf(pulling, database)
  const query = { origin, user, password, query: database.query, ...(watermark === undefined ? {} : { watermark }) }
  let reached = watermark?.after
  async function* body(batches: AsyncIterable<ForeignRows>): AsyncGenerator<Uint8Array> {
    for await (const batch of batches) {
      if (signal.aborted) throw ended(signal, 'while the database was read')
      reached = batch.watermark ?? reached
      yield Buffer.from(batch.lines)
    }
  }
  const resume = (): Resume =>
    watermark === undefined || reached === undefined ? {} : { watermark: { column: watermark.column, value: reached } }
  const hasRows = await withItems(read(query, pulling), batches => pulling.deliver([body(batches)], resume))
  return hasRows ? 'delivered' : 'nothing-new'
}

async function* read(query: ForeignQuery, { signal, waits }: Pulling): AsyncGenerator<ForeignRows> {
  const { databaseMs: answerMs, wholeMs } = waits
  try {
    yield* foreignRows(query, { answerMs, wholeMs, signal })
  } catch (error) {
    throw signal.aborted ? ended(signal, 'while the database was read') : error
  }
}

function watermarkOf({ resume }: Pulling, { watermark, initial }: DatabasePull): ForeignQuery['watermark'] {
  if (watermark === undefined || initial === undefined) return undefined
  const isOwn = resume.watermark?.column === watermark
  return { column: watermark, after: isOwn ? (resume.watermark?.value ?? initial) : initial }
}

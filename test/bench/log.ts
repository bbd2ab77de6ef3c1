/** The access log at a million entries: appending, proving, verifying, each beside the least that anybody would do. */
import BetterSqlite from 'better-sqlite3'
import { generateKeyPairSync, hash } from 'node:crypto'
import { join } from 'node:path'
import { encodeEntry, type Entry } from '../../src/log/entry.ts'
import { noteKey } from '../../src/log/note.ts'
import { inclusionProof, verifyInclusion } from '../../src/log/proof.ts'
import { leafHash, rootOf } from '../../src/log/tree.ts'
import { verifyLog } from '../../src/log/verify.ts'
import { AccessLog } from '../../src/store/access-log.ts'
import { LogFile } from '../../src/store/log-file.ts'
import type { Bench } from './bench.ts'
import { percentile, ratio, table } from './figures.ts'

const batch = 1000

export async function benchLog({ folder, entries }: Bench): Promise<void> {
  console.log(
    `The access log: ${entries} entries, appended in batches of ${batch}, each batch durable (synchronous FULL)`,
  )
  const file = join(folder, 'bench-log.sqlite')
  const signer = noteKey('bench', generateKeyPairSync('ed25519').privateKey)
  // Makes the file.
  await (await AccessLog.open(file, signer, { now: Date.now })).close()

  const plain = appendPlain(join(folder, 'plain.sqlite'), entries)
  const log = new LogFile(file, signer)
  const appended = perSecond(entries, () => {
    for (let from = 0; from < entries; from += batch) {
      const texts = Array.from({ length: Math.min(batch, entries - from) }, (_, at) => ({ text: entryText(from + at) }))
      log.appendNow(texts, Date.now())
    }
    log.keepCheckpointNow(Date.now())
  })
  log.closeNow()

  const { proofMs, checkMs } = prove(file, entries)
  const hashed = hashAll(file, entries)
  const opened = await AccessLog.open(file, signer, { now: Date.now })
  const start = performance.now()
  const verdict = await verifyLog(opened.items(), { keys: [signer] })
  const verified = entries / ((performance.now() - start) / 1000)
  await opened.close()
  if (verdict.finding !== 'none' || verdict.entries !== entries) throw new Error('the log does not verify')

  table(
    ['', 'entries/s', 'beside', 'ratio'],
    [
      [
        'append: rows, tree and checkpoints',
        Math.round(appended),
        `${Math.round(plain)} as plain rows`,
        ratio(appended, plain),
      ],
      [
        'verify the whole log',
        Math.round(verified),
        `${Math.round(hashed)} read and hashed once`,
        ratio(verified, hashed),
      ],
    ],
  )
  console.log(
    `An inclusion proof is made in ${percentile(proofMs, 0.5).toFixed(3)} ms (p99 ${percentile(proofMs, 0.99).toFixed(3)}) and checked in ${percentile(checkMs, 0.5).toFixed(3)} ms (p99 ${percentile(checkMs, 0.99).toFixed(3)}).\n`,
  )
}

/** As an entry of a read is. */
function entryText(index: number): string {
  const name = (of: string): string => hash('sha256', `${of}${index}`, 'base64url').slice(0, 22)
  const entry: Entry = {
    time: new Date(1_750_000_000_000 + index).toISOString(),
    actor: { kind: 'client', id: 'permits' },
    department: 'housing',
    operation: 'read',
    standard: 'enterprise-registration',
    agreement: '0b0e7f6e-4f5e-4c39-9d0c-0d7c9b1b6a55',
    matter: '331199-construction-permit',
    fields: ['unifiedSocialCreditCode', 'name', 'status'],
    records: [name('record')],
    subjects: [name('subject')],
    count: 1,
    request: `${name('request')}`,
    outcome: 'disclosed',
  }
  return encodeEntry(entry)
}

function appendPlain(file: string, entries: number): number {
  const db = new BetterSqlite(file)
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) db.pragma(pragma)
  db.exec('CREATE TABLE entries (leaf INTEGER PRIMARY KEY, entry TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO entries (leaf, entry) VALUES (?, ?)')
  const append = db.transaction((from: number, to: number) => {
    for (let index = from; index < to; index++) insert.run(index, entryText(index))
  })
  const result = perSecond(entries, () => {
    for (let from = 0; from < entries; from += batch) append(from, Math.min(from + batch, entries))
  })
  db.close()
  return result
}

function prove(file: string, entries: number): { proofMs: number[]; checkMs: number[] } {
  const db = new BetterSqlite(file, { readonly: true })
  const hashes = db.prepare('SELECT hashes FROM entries WHERE leaf = ?').pluck()
  const read = (leaf: number): Uint8Array => hashes.get(leaf) as Buffer
  const text = db.prepare('SELECT entry FROM entries WHERE leaf = ?').pluck()
  const head = { size: entries, root: rootOf(entries, read) }
  const [proofMs, checkMs]: [number[], number[]] = [[], []]
  for (let turn = 0, index = 0; turn < 2000; turn++, index = (index + 7_368_787) % entries) {
    const started = performance.now()
    const proof = inclusionProof(index, entries, read)
    proofMs.push(performance.now() - started)
    const checking = performance.now()
    const isRight = verifyInclusion({ index, hash: leafHash(text.get(index) as string) }, head, proof)
    checkMs.push(performance.now() - checking)
    if (!isRight) throw new Error('a proof does not hold')
  }
  db.close()
  return { proofMs, checkMs }
}

function hashAll(file: string, entries: number): number {
  const db = new BetterSqlite(file, { readonly: true })
  const result = perSecond(entries, () => {
    for (const entry of db.prepare('SELECT entry FROM entries ORDER BY leaf').pluck().iterate())
      hash('sha256', entry as string)
  })
  db.close()
  return result
}

function perSecond(count: number, work: () => void): number {
  const start = performance.now()
  work()
  return count / ((performance.now() - start) / 1000)
}

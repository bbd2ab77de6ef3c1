/** What the hub knows of itself: the generation of its configuration, and by which keys its data was made. */
import { HubError } from '../errors.ts'
import type { Session } from './session.ts'

/** Grows with every change of catalogue or administration; whoever caches those compares it. */
export async function readGeneration(session: Session): Promise<string> {
  const row = await session.get<{ value: string }>(`SELECT value FROM hub WHERE name = 'generation'`)
  return row?.value ?? '0'
}

/** The first statement of every transaction that changes catalogue or administration. */
export async function nextGeneration(tx: Session): Promise<void> {
  await tx.run(`UPDATE hub SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'generation'`)
}

/**
 * Notes the name of the access log, or compares: a log has one name from its first checkpoint on.
 *
 * @throws {HubError} `configuration-invalid`
 */
export async function claimOrigin(tx: Session, origin: string): Promise<void> {
  const first = await claim(tx, 'log origin', origin)
  if (first !== origin) {
    throw new HubError(
      'configuration-invalid',
      `The log of this hub is called ${first}; set CONCORD_LOG_ORIGIN to that.`,
    )
  }
}

/**
 * Notes by which keys this database was made, or compares.
 *
 * With another pseudonym key every record would look changed; with another master key nothing sealed would open.
 *
 * @param fingerprints by key name, of each key the ones that there are: the first is noted, any of them is the noted one
 * @throws {HubError} `key-unreadable`
 */
export async function claimKeys(tx: Session, fingerprints: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [name, [first = '', ...others]] of Object.entries(fingerprints)) {
    const noted = (await claim(tx, `key ${name}`, first)) ?? ''
    if (![first, ...others].includes(noted)) {
      throw new HubError(
        'key-unreadable',
        `This database was made with another ${name} key, ${noted}. Put the key back that belongs to it; a new one cannot stand in.`,
      )
    }
  }
}

/** The fingerprint of the master key that wraps anew. Inside a transaction that has written, it stays that until its end. */
export async function readMaster(session: Session): Promise<string> {
  const row = await session.get<{ value: string }>(`SELECT value FROM hub WHERE name = 'key master'`)
  if (row === undefined) throw new Error('bug: the database does not know its master key')
  return row.value
}

/** Notes how many entries the log holds: it only grows. */
export async function noteLogSize(tx: Session, size: number): Promise<void> {
  await tx.run(
    `INSERT INTO hub (name, value) VALUES ('log size', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE CAST(excluded.value AS INTEGER) > CAST(hub.value AS INTEGER)`,
    [String(size)],
  )
}

/**
 * Compares the log with what this database knows of it: a log that was lost would begin a second history under the name
 * and the key of the first.
 *
 * @throws {HubError} `log-invalid`
 */
export async function requireWholeLog(session: Session, size: number): Promise<void> {
  const row = await session.get<{ value: string }>(`SELECT value FROM hub WHERE name = 'log size'`)
  if (size >= Number(row?.value ?? 0)) return
  throw new HubError(
    'log-invalid',
    `The access log holds ${size} entries and has held ${row?.value}. Put its file back; a new one cannot take its place.`,
  )
}

/** Writes a value where there is none yet; the value that there is. */
async function claim(tx: Session, name: string, value: string): Promise<string | undefined> {
  await tx.run('INSERT INTO hub (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING', [name, value])
  return (await tx.get<{ value: string }>('SELECT value FROM hub WHERE name = ?', [name]))?.value
}

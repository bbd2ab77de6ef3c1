/**
 * Rotates the master key: a new one wraps every data key, while servers serve and deliveries run; then the old one goes.
 *
 * First the new key is in the file, then the database says that it wraps, then what is there already is rewrapped, batch
 * by batch, and only when nothing is left under the old key is that dropped from the file. Whoever meets a key that it
 * does not know reads the file again. Killed anywhere, it goes on from there when it is run again.
 */
import { HubError } from '../errors.ts'
import { post } from '../store/outbox.ts'
import {
  countDataKeys,
  endRotation,
  lockMaster,
  readOldDataKeys,
  readRotation,
  rewrapDataKeys,
  writeRotation,
  type Rotation,
} from '../store/rotation.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'

/** One commit of so many costs little a key; to wrap them keeps other writers waiting for some hundredths of a second. */
const batchKeys = 1000

export type Rotated = {
  /** Fingerprints. */
  readonly oldKey: string
  readonly newKey: string
  /** Data keys, since the rotation began. */
  readonly rewrapped: number
  /** `left`: the file cannot be written, and the line has to be taken out by hand. */
  readonly oldKeyIs: 'dropped' | 'kept' | 'left'
  readonly file: string
}

export type RotateOptions = {
  /** Leaves the old key in the file: older backups of the database need it. */
  readonly keepsOld?: boolean
  /** Called after every batch. */
  readonly onProgress?: (rewrapped: number, total: number) => void
}

/**
 * Begins a rotation, or goes on with the one that has begun.
 *
 * @throws {HubError} `key-unreadable` where a key that is needed is missing, or the new one cannot be written to its file
 */
export async function rotateKeys(hub: Hub, by: By, options: RotateOptions = {}): Promise<Rotated> {
  const rotation = await begin(hub, by, options.keepsOld ?? false)
  return goOn(hub, by, rotation, options)
}

/** Goes on with a rotation whose process has died; does nothing where there is none, or where another is at it. */
export async function resumeRotation(hub: Hub, by: By, { idleMs }: { readonly idleMs: number }): Promise<void> {
  const rotation = await readRotation(hub.store.read)
  if (rotation === undefined || hub.clock().getTime() - Date.parse(rotation.touchedAt) < idleMs) return
  await goOn(hub, by, rotation, {})
}

async function begin(hub: Hub, by: By, keepsOld: boolean): Promise<Rotation> {
  return hub.store.transact(async tx => {
    const oldKey = await lockMaster(tx)
    const begun = await readRotation(tx)
    if (begun !== undefined) return begun
    // One that is there already was added by hand, or by a run that died before it could say so here.
    const [newest] = hub.keys.master.reload()
    const newKey = newest === undefined || newest === oldKey ? hub.keys.master.add() : newest
    const touchedAt = hub.clock().toISOString()
    const rotation: Rotation = { newKey, oldKey, keepsOld, rewrapped: 0, touchedAt }
    await writeRotation(tx, rotation)
    const detail = { act: 'rotate-keys', oldKey, newKey }
    await post(tx, { ...entryOf(hub, by), operation: 'administer', outcome: 'done', count: 1, detail })
    return rotation
  })
}

async function goOn(hub: Hub, by: By, rotation: Rotation, options: RotateOptions): Promise<Rotated> {
  const { newKey } = rotation
  for (;;) {
    await rewrapAll(hub, newKey, options)
    const ended = await end(hub, by, newKey)
    await carry(hub)
    if (ended === 'unfinished') continue
    // Another process has ended it meanwhile.
    return ended ?? { ...rotation, oldKeyIs: rotation.keepsOld ? 'kept' : 'dropped', file: hub.keys.master.file }
  }
}

async function rewrapAll(hub: Hub, newKey: string, { onProgress }: RotateOptions): Promise<void> {
  const counts = onProgress === undefined ? new Map<string, number>() : await countDataKeys(hub.store.read)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let done = counts.get(newKey) ?? 0
  let after = ''
  for (;;) {
    hub.store.refresh()
    const old = await readOldDataKeys(hub.store.read, newKey, { after, limit: batchKeys })
    const last = old.at(-1)
    if (last === undefined) return
    const at = hub.clock().toISOString()
    await hub.store.transact(tx => rewrapDataKeys(tx, hub.keys.master, { newKey, old, at }))
    after = last.subject
    done += old.length
    onProgress?.(done, Math.max(done, total))
    // Others get their turn.
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** Drops the old key, if nothing needs it; undefined where the rotation has ended already. */
async function end(hub: Hub, by: By, newKey: string): Promise<Rotated | 'unfinished' | undefined> {
  return hub.store.transact(async tx => {
    await lockMaster(tx)
    const rotation = await readRotation(tx)
    if (rotation?.newKey !== newKey) return undefined
    const [left] = await readOldDataKeys(tx, newKey, { after: '', limit: 1 })
    if (left !== undefined) return 'unfinished'
    const { oldKey, rewrapped, keepsOld } = rotation
    const oldKeyIs = keepsOld ? 'kept' : drop(hub, newKey)
    await endRotation(tx)
    const detail = { act: 'end-key-rotation', oldKey, newKey, rewrapped, oldKeyIs }
    await post(tx, { ...entryOf(hub, by), operation: 'administer', outcome: 'done', count: rewrapped, detail })
    return { oldKey, newKey, rewrapped, oldKeyIs, file: hub.keys.master.file }
  })
}

function drop(hub: Hub, newKey: string): 'dropped' | 'left' {
  try {
    hub.keys.master.keepOnly(newKey)
    return 'dropped'
  } catch (error) {
    if (error instanceof HubError) return 'left'
    throw error
  }
}

/** Which keys a hub has, by their public names, and what the master keys wrap. Never a key itself. */
import { fingerprint } from '../seal/fingerprint.ts'
import { keyFileOf } from '../seal/keys.ts'
import { readMaster } from '../store/hub-row.ts'
import { countDataKeys, readRotation, type Rotation } from '../store/rotation.ts'
import type { Hub } from './hub.ts'

export type ListedKey = {
  readonly name: 'signing' | 'token' | 'pseudonym' | 'master'
  readonly fingerprint: string
  readonly file: string
  /** `old`: in the file, and not used for what is new; `missing`: something needs it, and it is not in the file. */
  readonly state: 'current' | 'new' | 'old' | 'missing'
  /** Data keys that a master key wraps. */
  readonly wraps?: number
}

/** The keys, and the rotation that has begun and not ended. */
export async function listKeys(hub: Hub): Promise<{ keys: ListedKey[]; rotation: Rotation | undefined }> {
  const { signing, token, pseudonym, master } = hub.keys
  const single = Object.entries({ signing, token, pseudonym }).map(([key, value]): ListedKey => {
    const name = key as 'signing' | 'token' | 'pseudonym'
    return { name, fingerprint: fingerprint(value), file: keyFileOf(hub.config, name), state: 'current' }
  })
  const inFile = master.reload()
  const current = await readMaster(hub.store.read)
  const counts = await countDataKeys(hub.store.read)
  const names = [...new Set([...inFile, current, ...counts.keys()])]
  const masters = names.map((name, index): ListedKey => {
    const isAhead = index < inFile.indexOf(current)
    const state = !inFile.includes(name) ? 'missing' : name === current ? 'current' : isAhead ? 'new' : 'old'
    return { name: 'master', fingerprint: name, file: master.file, state, wraps: counts.get(name) ?? 0 }
  })
  return { keys: [...masters, ...single], rotation: await readRotation(hub.store.read) }
}

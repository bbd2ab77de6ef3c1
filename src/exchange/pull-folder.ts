/**
 * Pulls the files that a department drops into a folder: each is a delivery, in the order of their names.
 *
 * A file is taken when two looks find it the same and its name does not say that it is still being written. What was
 * delivered moves to `done/`, what cannot be read to `failed/`, beside what is wrong with it. No way leads out of the
 * drop folder: links are not followed.
 */
import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HubError, problems } from '../errors.ts'
import type { FolderPull } from '../map/pull.ts'
import type { TakenFile } from '../store/pulls.ts'
import { DeliveryFailure } from './delivery-request.ts'
import { HeldDirectory } from './pull-directory.ts'
import { covers } from './pull-glob.ts'
import { ended, PullFailure, type Found, type Pulling } from './pull-source.ts'

type Look = Pick<TakenFile, 'name' | 'size' | 'mtimeMs'>

export async function pullFolder(pulling: Pulling, { path, match = '*' }: FolderPull): Promise<Found> {
  try {
    const folder = await folderOf(pulling, path)
    try {
      return await deliverFiles(pulling, folder, { path, match })
    } finally {
      await folder.close()
    }
  } catch (error) {
    throw named(error, path)
  }
}

async function deliverFiles(
  pulling: Pulling,
  folder: HeldDirectory,
  { path, match }: Required<FolderPull>,
): Promise<Found> {
  const files = await settled(pulling, folder, match)
  const failed: string[] = []
  let delivered = 0
  let taken = (pulling.resume.files ?? []).filter(file => files.some(({ name }) => name === file.name))
  for (const file of files) {
    if (pulling.signal.aborted) throw ended(pulling.signal, 'between two files')
    const digest = createHash('sha256')
    if (await wasTaken(folder, file, taken)) {
      await move(folder, file)
      continue
    }
    try {
      const whole = (): TakenFile => ({ ...file, digest: digest.copy().digest('base64url') })
      await pulling.deliver([bytesOf(folder, file, digest)], () => ({ files: [...taken, whole()] }))
      taken = [...taken, whole()]
      delivered++
      await move(folder, file)
    } catch (error) {
      if (!isOfInput(error)) throw error
      await move(folder, file, error)
      failed.push(file.name)
    }
  }
  if (failed.length > 0) throw unreadable(path, failed, files.length)
  return delivered > 0 ? 'delivered' : 'nothing-new'
}

async function folderOf({ hub }: Pulling, path: string): Promise<HeldDirectory> {
  const { dropDirectory } = hub.config
  if (dropDirectory === undefined) {
    throw new PullFailure('The operator names no folder to drop files into; set CONCORD_DROP_DIR.')
  }
  return HeldDirectory.open(join(await realpath(dropDirectory), path))
}

/** The files that a second look finds as the first has. */
async function settled({ waits, signal }: Pulling, folder: HeldDirectory, match: string): Promise<Look[]> {
  const before = await look(folder, match)
  if (before.length === 0) return []
  await waits.pause(waits.settleMs, signal)
  await folder.confirm()
  const now = await look(folder, match)
  return now.filter(file => before.some(seen => isSame(seen, file)))
}

async function look(folder: HeldDirectory, match: string): Promise<Look[]> {
  const names = (await folder.names()).filter(name => covers(match, name) && !/^\.|\.(part|tmp)$/i.test(name)).sort()
  const found: Look[] = []
  for (const name of names) {
    const stat = await lstat(folder.at(name)).catch(() => undefined)
    if (stat?.isFile()) found.push({ name, size: stat.size, mtimeMs: stat.mtimeMs })
  }
  return found
}

function isSame(one: Look, other: Look): boolean {
  return one.name === other.name && one.size === other.size && one.mtimeMs === other.mtimeMs
}

/** Whether a file was delivered by a run that ended before it could be moved. */
async function wasTaken(folder: HeldDirectory, file: Look, taken: readonly TakenFile[]): Promise<boolean> {
  const known = taken.find(candidate => isSame(candidate, file))
  if (known === undefined) return false
  const digest = createHash('sha256')
  for await (const _ of bytesOf(folder, file, digest));
  return digest.digest('base64url') === known.digest
}

async function* bytesOf(folder: HeldDirectory, { name }: Look, digest: Hash): AsyncGenerator<Uint8Array> {
  // Of what has become a link or a pipe since the look, the first is refused and the second does not block.
  const handle = await open(folder.at(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    await folder.confirm()
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      digest.update(chunk)
      yield chunk
    }
  } finally {
    await handle.close()
  }
}

/**
 * Moves a file to `done/`, or with what was wrong with it to `failed/`; unless it has changed since it was read: then it
 * is another one, for the next run.
 */
async function move(folder: HeldDirectory, file: Look, error?: DeliveryFailure): Promise<void> {
  const stat = await lstat(folder.at(file.name))
  if (!isSame({ name: file.name, size: stat.size, mtimeMs: stat.mtimeMs }, file)) return
  const target = await folder.below(error === undefined ? 'done' : 'failed')
  try {
    const name = await freeName(target, file.name)
    await rename(folder.at(file.name), target.at(name))
    if (error === undefined) return
    const { code, message, receipt } = error
    const problem = { code, title: problems[code].title, detail: message, receipt }
    // Never into what stands there, which may be a link to anywhere.
    await writeFile(target.at(problemOf(name)), `${JSON.stringify(problem, null, 2)}\n`, { flag: 'wx' })
  } finally {
    await target.close()
  }
}

/** The name, or with a number where it, or that of its problem, is taken. */
async function freeName(folder: HeldDirectory, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}.${number}`
    const there = await Promise.all([free, problemOf(free)].map(each => lstat(folder.at(each)).catch(() => undefined)))
    if (there.every(stat => stat === undefined)) return free
  }
}

function problemOf(name: string): string {
  return `${name}.problem.json`
}

/** Whether a delivery failed for what stands in its file: the same file would fail again. */
function isOfInput(error: unknown): error is DeliveryFailure {
  return error instanceof DeliveryFailure && /^(input-malformed|input-refused|encoding-unreadable)$/.test(error.code)
}

function unreadable(path: string, failed: readonly string[], total: number): PullFailure {
  const some = failed.slice(0, 5).join(', ') + (failed.length > 5 ? ' …' : '')
  const detail = `${failed.length} of ${total} files could not be read (${some}): ${path}/failed holds them, each beside its problem. Mend them and drop them again.`
  return new PullFailure(detail, { isEntered: true })
}

/** What the file system refuses, in the hub's words. */
function named(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof HubError || typeof code !== 'string') return error
  const detail = `The drop folder ${path} cannot be read, or files in it not moved (${code}); see to its rights.`
  return new PullFailure(detail, { cause: error })
}

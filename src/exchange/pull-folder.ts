/**
 * Pulls the files that a department drops into a folder: each is a delivery, in the order of their names.
 *
 * A file is taken when two looks find it the same and its name does not say that it is still being written. What was
 * delivered moves to `done/`, what cannot be read to `failed/`, beside what is wrong with it. No way leads out of the
 * drop folder: links are not followed.
 */
import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HubError, problems } from '../errors.ts'
import type { FolderPull } from '../map/pull.ts'
import type { TakenFile } from '../store/pulls.ts'
import { DeliveryFailure } from './delivery-request.ts'
import { PullFailure, type Found, type Pulling } from './pull-source.ts'

type Look = Pick<TakenFile, 'name' | 'size' | 'mtimeMs'>

export async function pullFolder(pulling: Pulling, { path, match = '*' }: FolderPull): Promise<Found> {
  const folder = await folderOf(pulling, path)
  try {
    const files = await settled(pulling, folder, match)
    const failed: string[] = []
    let delivered = 0
    let taken = (pulling.resume.files ?? []).filter(file => files.some(({ name }) => name === file.name))
    for (const file of files) {
      if (pulling.signal.aborted) throw new PullFailure('The hub was stopped between two files.')
      const digest = createHash('sha256')
      if (await wasTaken(folder, file, taken)) {
        await move(folder, file, 'done')
        continue
      }
      try {
        const whole = (): TakenFile => ({ ...file, digest: digest.copy().digest('base64url') })
        await pulling.deliver([bytesOf(folder, file, digest)], () => ({ files: [...taken, whole()] }))
        taken = [...taken, whole()]
        delivered++
        await move(folder, file, 'done')
      } catch (error) {
        if (!isOfInput(error)) throw error
        await setAside(folder, file, error)
        failed.push(file.name)
      }
    }
    if (failed.length > 0) throw unreadable(path, failed, files.length)
    return delivered > 0 ? 'delivered' : 'nothing-new'
  } catch (error) {
    throw named(error, path)
  }
}

/** The folder's real path, which must be the one that its name says. */
async function folderOf({ hub }: Pulling, path: string): Promise<string> {
  const { dropDirectory } = hub.config
  if (dropDirectory === undefined) {
    throw new PullFailure('The operator names no folder to drop files into; set CONCORD_DROP_DIR.')
  }
  try {
    return await unlinked(join(await realpath(dropDirectory), path))
  } catch (error) {
    throw named(error, path)
  }
}

async function unlinked(folder: string): Promise<string> {
  if ((await realpath(folder)) === folder) return folder
  throw new PullFailure('The drop folder has a link on its path, which is not followed; make it a folder.')
}

/** The files that a second look finds as the first has. */
async function settled({ waits, signal }: Pulling, folder: string, match: string): Promise<Look[]> {
  const before = await look(folder, match)
  if (before.length === 0) return []
  await waits.pause(waits.settleMs, signal)
  const now = await look(folder, match)
  return now.filter(file => before.some(seen => isSame(seen, file)))
}

async function look(folder: string, match: string): Promise<Look[]> {
  const pattern = new RegExp(`^${match.replace(/[^*?]/g, literally).replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su')
  const names = (await readdir(folder)).filter(name => pattern.test(name) && !/^\.|\.(part|tmp)$/i.test(name)).sort()
  const found: Look[] = []
  for (const name of names) {
    const stat = await lstat(join(folder, name)).catch(() => undefined)
    if (stat?.isFile()) found.push({ name, size: stat.size, mtimeMs: stat.mtimeMs })
  }
  return found
}

function literally(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

function isSame(one: Look, other: Look): boolean {
  return one.name === other.name && one.size === other.size && one.mtimeMs === other.mtimeMs
}

/** Whether a file was delivered by a run that ended before it could be moved. */
async function wasTaken(folder: string, file: Look, taken: readonly TakenFile[]): Promise<boolean> {
  const known = taken.find(candidate => isSame(candidate, file))
  if (known === undefined) return false
  const digest = createHash('sha256')
  for await (const _ of bytesOf(folder, file, digest));
  return digest.digest('base64url') === known.digest
}

async function* bytesOf(folder: string, { name }: Look, digest: Hash): AsyncGenerator<Uint8Array> {
  // Of what has become a link or a pipe since the look, the first is refused and the second does not block.
  const handle = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      digest.update(chunk)
      yield chunk
    }
  } finally {
    await handle.close()
  }
}

/** Moves a file, unless it has changed since it was read: then it is another one, for the next run. */
async function move(folder: string, file: Look, to: 'done' | 'failed'): Promise<string | undefined> {
  const stat = await lstat(join(folder, file.name))
  if (!isSame({ name: file.name, size: stat.size, mtimeMs: stat.mtimeMs }, file)) return undefined
  await mkdir(join(folder, to), { recursive: true })
  const target = await freeName(await unlinked(join(folder, to)), file.name)
  await rename(join(folder, file.name), target)
  return target
}

/** The name, or with a number where a file of that name was moved before. */
async function freeName(folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name}.${number}`)
    if ((await lstat(path).catch(() => undefined)) === undefined) return path
  }
}

async function setAside(folder: string, file: Look, error: DeliveryFailure): Promise<void> {
  const target = await move(folder, file, 'failed')
  if (target === undefined) return
  const { code, message, receipt } = error
  const problem = { code, title: problems[code].title, detail: message, receipt }
  await writeFile(`${target}.problem.json`, `${JSON.stringify(problem, null, 2)}\n`)
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

/** Where a follower of changes keeps how far it has come. */
import { open, readFile, rename } from 'node:fs/promises'

/** One cursor. Keep it beside the records: who loses it begins again, who keeps it without them lacks some for ever. */
export type CursorStore = {
  read(): Promise<string | undefined>
  /** Resolves when the cursor would survive a crash. */
  write(cursor: string): Promise<void>
}

/** Keeps a cursor in a file, which holds the old one or the new one, whenever the process dies. */
export function fileCursor(file: string): CursorStore {
  return {
    async read() {
      try {
        return (await readFile(file, 'utf8')) || undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async write(cursor) {
      const beside = `${file}.next`
      const handle = await open(beside, 'w', 0o600)
      try {
        await handle.writeFile(cursor)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(beside, file)
    },
  }
}

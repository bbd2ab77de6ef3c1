/** Writes a file beside its place. */
import { renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'

export type Aside = { readonly stream: Writable; putInPlace(): void; leave(): void }

/** A file that takes its place once it is whole; one that is there already stays until then. */
export async function openAside(out: string): Promise<Aside> {
  const aside = `${out}.${process.pid}.part`
  const stream = (await open(aside, 'wx', 0o600)).createWriteStream({ flush: true })
  return {
    stream,
    putInPlace: () => renameSync(aside, out),
    leave() {
      stream.destroy()
      rmSync(aside, { force: true })
    },
  }
}

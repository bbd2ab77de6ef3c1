/** Follows a standard's changes, and keeps the cursor: whatever dies, no change is missed. */
import type { Caller } from './call.ts'
import type { CursorStore } from './cursor-store.ts'
import type { Export } from './export.ts'
import { CursorExpired } from './problem.ts'
import type { Retries } from './retry.ts'
import type { Change, Notice } from './served.ts'

export type FollowOptions = {
  readonly cursor: CursorStore
  readonly fields?: readonly string[]
  /** Changes a page, up to 1,000. */
  readonly limit?: number
  /** Whether to wait for further changes, for ever; true where it is left out. Else it ends when there are no more. */
  readonly follow?: boolean
  /** Seconds that the hub holds a call for which there is no change yet; 30 where it is left out, 60 at most. */
  readonly waitSeconds?: number
  /**
   * Where there is no cursor yet, or the one that there is has expired: `export` sends everything first, after a
   * `restart`; `throw`, which stands where it is left out, begins with the first change, and throws where it has expired.
   */
  readonly begin?: 'export' | 'throw'
  /**
   * Told of notices of the standard, in their place between the changes and at least once each; what it returns is waited for.
   * They change no record.
   */
  readonly onNotice?: (notice: Notice) => void | Promise<void>
  readonly signal?: AbortSignal
}

type Sent<Data> = Change<Data> | { readonly kind: 'notice'; readonly notice: Notice }

type Page<Data> = { readonly changes: readonly Sent<Data>[]; readonly cursor: string }

/**
 * Changes, at least once each: the cursor is written when whoever iterates asks for what comes after a page, which says
 * that it has done with it. Whoever stops in the midst of a page is given that page again.
 *
 * @throws {CursorExpired}
 */
export async function* follow<Data>(
  {
    caller,
    path,
    headers,
  }: { readonly caller: Caller; readonly path: string; readonly headers: Record<string, string | undefined> },
  everything: (retries?: Retries) => Export<Data>,
  options: FollowOptions,
): AsyncGenerator<Change<Data>> {
  const { cursor: store, fields, limit, follow: isEndless = true, waitSeconds = 30, signal } = options
  const wait = isEndless ? waitSeconds : 0
  // Whoever waits for ever waits for a hub that is down, too.
  const retries = isEndless ? { attempts: Infinity } : undefined
  let after = await store.read()
  if (after === undefined && options.begin === 'export') after = yield* begin(everything(retries), store)
  for (;;) {
    const request = {
      path,
      headers,
      query: { after, limit, wait, fields: fields?.join(',') },
      mayRepeat: true,
      timeoutMs: (wait + 60) * 1000,
      signal,
      ...(retries && { retries }),
    }
    const read = async (reply: Response): Promise<Page<Data>> => (await reply.json()) as Page<Data>
    const page = await caller.call(request, read).catch((error: unknown) => {
      if (error instanceof CursorExpired && options.begin === 'export') return undefined
      throw error
    })
    if (page === undefined) {
      after = yield* begin(everything(retries), store)
      continue
    }
    for (const sent of page.changes) {
      if (sent.kind === 'notice') await options.onNotice?.(sent.notice)
      // What a later hub sends beside is no change that whoever iterates knows.
      else if (sent.kind === 'record' || sent.kind === 'removed') yield sent
    }
    const isEnd = page.changes.length === 0 && page.cursor === after
    if (page.cursor !== after) await store.write(page.cursor)
    after = page.cursor
    if (isEnd && !isEndless) return
  }
}

async function* begin<Data>(all: Export<Data>, store: CursorStore): AsyncGenerator<Change<Data>, string> {
  yield { kind: 'restart' }
  for await (const record of all) yield { kind: 'record', record }
  await store.write(all.cursor)
  return all.cursor
}

/**
 * Brings the log's checkpoints before its witnesses and keeps what they sign (https://c2sp.org/tlog-witness).
 *
 * Nothing waits for them: a witness that is away is asked again later. One that has cosigned what this log does not
 * hold contradicts it, which is said at every attempt: the log's file was replaced, or its history rewritten.
 */
import type { Config } from '../config.ts'
import { HubError } from '../errors.ts'
import { encodeAddCheckpoint } from '../log/add-checkpoint.ts'
import { lineBy, openNote, parseVerifierKey, type NoteKey } from '../log/note.ts'
import { consistencyProof } from '../log/proof.ts'
import type { AccessLog } from '../store/access-log.ts'
import type { KeptCheckpoint } from '../store/log-checkpoints.ts'

/** A witness by its key, and where it is asked. */
export type Address = { readonly key: NoteKey; readonly url: string }

type Witness = Address & {
  /** Whether it has been asked since this process began: a log that was rolled back looks cosigned. */
  isKnown: boolean
  failures: number
  /** Milliseconds since the epoch before which it is not asked again. */
  notBefore: number
  contradiction: string | undefined
}

/** Longest pause between two attempts, and longest wait for an answer. */
const maxPauseMs = 60_000
const patienceMs = 10_000

/** An answer is some signature lines; nobody may fill our memory with more. */
const maxAnswerBytes = 64 * 1024

export class Witnessing {
  readonly #log: AccessLog
  readonly #now: () => number
  readonly #witnesses: readonly Witness[]
  #running: Promise<void> | undefined

  /** @param now milliseconds since the epoch */
  constructor(log: AccessLog, witnesses: readonly Address[], now: () => number) {
    this.#log = log
    this.#now = now
    this.#witnesses = witnesses.map(address => ({
      ...address,
      isKnown: false,
      failures: 0,
      notBefore: 0,
      contradiction: undefined,
    }))
  }

  /** By which witnesses this log is contradicted, and how, as far as this process has heard. */
  get contradictions(): readonly { readonly witness: string; readonly detail: string }[] {
    return this.#witnesses.flatMap(({ key, contradiction: detail }) =>
      detail === undefined ? [] : [{ witness: key.name, detail }],
    )
  }

  /**
   * Submits the latest checkpoint to every witness that has not cosigned it; one turn at a time.
   *
   * @param onError told what failed: `log-invalid` where a witness contradicts, `witness-unavailable` where one is away
   */
  tick(onError: (error: unknown) => void): Promise<void> {
    this.#running ??= Promise.all(this.#witnesses.map(witness => this.#attempt(witness, onError)))
      .then(() => {})
      .finally(() => (this.#running = undefined))
    return this.#running
  }

  async #attempt(witness: Witness, onError: (error: unknown) => void): Promise<void> {
    if (this.#now() < witness.notBefore) return
    try {
      await this.#submit(witness)
      witness.failures = 0
      witness.contradiction = undefined
    } catch (error) {
      witness.notBefore = this.#now() + Math.min(maxPauseMs, 1000 * 2 ** witness.failures++)
      if (error instanceof HubError && error.code === 'log-invalid') witness.contradiction = error.message
      onError(error)
    }
  }

  async #submit(witness: Witness): Promise<void> {
    const { key } = witness
    let old = await this.#log.cosignedSize(nameOf(key))
    // Twice more than it should take: other processes of this hub submit as well.
    for (let attempt = 0; attempt < 4; attempt++) {
      const latest = await this.#log.latestCheckpoint()
      if (latest === undefined || (witness.isKnown && latest.size === old)) return
      if (old > latest.size) throw contradiction(key, `has cosigned ${old} entries, and this log signs ${latest.size}`)
      const answer = await this.#ask(witness, old, latest)
      if (answer.status === 200) {
        await this.#keep(key, latest, answer.text)
        witness.isKnown = true
        return
      }
      if (answer.size === undefined) throw refusalOf(key, answer.status)
      old = answer.size
    }
    throw unavailable(key, 'it went on naming other sizes')
  }

  async #keep(key: NoteKey, { size, note }: KeptCheckpoint, lines: string): Promise<void> {
    const cosigned = note + lines
    try {
      openNote(cosigned, [key])
    } catch (cause) {
      throw unavailable(key, 'its answer is no cosignature by the key that CONCORD_WITNESSES names', cause)
    }
    await this.#log.keepCosignature({ size, witness: nameOf(key), line: lineBy(key, cosigned) as string })
  }

  async #ask(
    { key, url }: Witness,
    old: number,
    { size, note: checkpoint }: KeptCheckpoint,
  ): Promise<{ status: number; text: string; size: number | undefined }> {
    const proof = old === 0 || old === size ? [] : await this.#log.tree(read => consistencyProof(old, size, read))
    try {
      const response = await fetch(`${url}/add-checkpoint`, {
        method: 'POST',
        body: encodeAddCheckpoint({ old, proof, checkpoint }),
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      })
      const text = await textOf(response)
      const isSize = response.status === 409 && response.headers.get('content-type') === 'text/x.tlog.size'
      return { status: response.status, text, size: isSize && /^\d{1,15}\n$/.test(text) ? Number(text) : undefined }
    } catch (cause) {
      throw unavailable(key, 'it does not answer', cause)
    }
  }
}

/**
 * The witnesses that the configuration names.
 *
 * @throws {HubError} `configuration-invalid`, `key-unreadable`
 */
export function witnessesOf({ witnesses }: Pick<Config, 'witnesses'>): Address[] {
  return witnesses.map(({ key: text, url }) => {
    const key = parseVerifierKey(text)
    if (key.signing === 'cosignature') return { key, url: url.replace(/\/+$/, '') }
    throw new HubError(
      'configuration-invalid',
      `CONCORD_WITNESSES names ${key.name}, whose key is none of a witness: \`concord witness key\` prints one.`,
    )
  })
}

/** What its cosignatures are kept under. */
function nameOf({ name, id }: NoteKey): string {
  return `${name}+${id}`
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length
    if (bytes > maxAnswerBytes) throw new Error('the answer is too long')
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString()
}

function refusalOf(key: NoteKey, status: number): HubError {
  if (status === 409) return contradiction(key, 'has cosigned another root for the same size')
  if (status === 422) return contradiction(key, 'has cosigned entries that this log does not begin with')
  return unavailable(key, `it answers with status ${status}: does it know this log and its key?`)
}

function contradiction(key: NoteKey, what: string): HubError {
  const detail = `The witness ${nameOf(key)} ${what}: the log was rolled back or rewritten. Put the file back that it has seen.`
  return new HubError('log-invalid', detail)
}

function unavailable(key: NoteKey, what: string, cause?: unknown): HubError {
  const detail = `The witness ${nameOf(key)} cannot be used now: ${what}. Nothing waits for it; it is asked again.`
  return new HubError('witness-unavailable', detail, { cause })
}

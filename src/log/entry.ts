/**
 * An entry of the access log: who did what to which records, why, and how it ended; and the bytes that become a leaf.
 *
 * An entry holds no value of a record: records and subjects stand in it as pseudonyms.
 */
import { canonicalise } from '../canonical.ts'
import type { ProblemCode } from '../errors.ts'
import type { FieldPath, JsonObject, Operation } from '../record.ts'

/**
 * Who acted. An operator is a user of the machine, at the command line; the hub itself acts by its own schedule. Of the
 * public, who reads open data, nobody is told apart: the id is always `anyone`.
 */
export type Actor = { readonly kind: 'client' | 'user' | 'operator' | 'hub' | 'public'; readonly id: string }

/** What is done at the hub other than reading records. */
export const acts = [
  'token', // a client was given a token, or was refused one
  'deliver',
  'preview', // a delivery's dry run
  'release', // records let out of quarantine …
  'dismiss', // … or given up
  'revert', // a delivery was undone
  'publish', // a standard, an adapter or a code list; a draft of one; an adapter put back to an earlier version
  'deprecate', // a major of a standard, as the two that follow
  'restore',
  'retire',
  'preview', // a steward saw what an adapter makes of an input
  'settle', // two departments' words on one field, or a correction that a consumer asked for
  'correct', // a consumer said that a field is wrong
  'request', // of an agreement, as the five that follow
  'approve',
  'reject',
  'suspend',
  'resume',
  'revoke',
  'administer', // departments, clients, users, keys: `detail` says which and how
  'audit', // the log or the configuration was read
  'further-refusals', // `count` calls of a caller above its rate, after one that has its own entry, in the minute before `time`
  'anonymous-refusals', // `count` calls without valid credentials, in the minute that ended at `time`
] as const

export type Act = (typeof acts)[number]

/** How it ended, in a word. */
export const outcomes = ['disclosed', 'not-modified', 'done', 'unchanged', 'refused', 'failed'] as const

/** How it ended: for reading records, for acts, and for both; a refusal or a failure says by which problem. */
export type Ending =
  | { readonly outcome: 'disclosed' | 'not-modified' | 'done' | 'unchanged' }
  | { readonly outcome: 'refused' | 'failed'; readonly problem: ProblemCode }

/** A keyed hash of a record's key or of a subject's identifier. */
export type Pseudonym = string

export type Entry = Ending & Deed

/** What was done. What is not known or does not apply is absent, never null or empty. */
export type Deed = {
  /** RFC 3339 in UTC, with milliseconds: `2026-01-02T03:04:05.678Z`. */
  readonly time: string
  readonly actor: Actor
  readonly department?: string
  readonly operation: Operation | Act
  readonly standard?: string
  readonly agreement?: string
  readonly matter?: string
  readonly case?: string
  /** The fields disclosed, or compared. */
  readonly fields?: readonly FieldPath[]
  readonly records?: readonly Pseudonym[]
  readonly subjects?: readonly Pseudonym[]
  /** Records disclosed by this entry; for an act, what it acted on. */
  readonly count: number
  /** The request that the entries of one reply share. */
  readonly request: string
  /** Numbers the entries of one reply from 1, where there are several. */
  readonly part?: number
  /** What an act was about: adapter, delivery, version and the like. */
  readonly detail?: JsonObject
}

/** The largest entry, in bytes: one leaf is read and written whole, beside others, and C2SP tiles take 64 KiB. */
export const maxEntryBytes = 32 * 1024

/**
 * The text that becomes a leaf: the entry's canonical JSON, at most {@link maxEntryBytes} in UTF-8.
 *
 * The same as `canonicalise(entry)` at a third of its cost, since every disclosure waits for it.
 *
 * @throws {RangeError} if the entry is too long; {@link splitEntry} makes several of one with many pseudonyms.
 * @throws {TypeError} if it holds what canonical JSON lacks.
 */
export function encodeEntry(entry: Entry): string {
  let text = `{"actor":{"id":${canonicalise(entry.actor.id)},"kind":"${entry.actor.kind}"}`
  if (entry.agreement !== undefined) text += `,"agreement":${canonicalise(entry.agreement)}`
  if (entry.case !== undefined) text += `,"case":${canonicalise(entry.case)}`
  text += `,"count":${canonicalise(entry.count)}`
  if (entry.department !== undefined) text += `,"department":${canonicalise(entry.department)}`
  if (entry.detail !== undefined) text += `,"detail":${canonicalise(entry.detail)}`
  if (entry.fields !== undefined) text += `,"fields":${fieldsText(entry.fields)}`
  if (entry.matter !== undefined) text += `,"matter":${canonicalise(entry.matter)}`
  text += `,"operation":"${entry.operation}","outcome":"${entry.outcome}"`
  if (entry.part !== undefined) text += `,"part":${canonicalise(entry.part)}`
  if ('problem' in entry) text += `,"problem":"${entry.problem}"`
  if (entry.records !== undefined) text += `,"records":${texts(entry.records)}`
  text += `,"request":${canonicalise(entry.request)}`
  if (entry.standard !== undefined) text += `,"standard":${canonicalise(entry.standard)}`
  if (entry.subjects !== undefined) text += `,"subjects":${texts(entry.subjects)}`
  text += `,"time":${canonicalise(entry.time)}}`
  if (!fits(text)) throw new RangeError(`An entry of the access log takes ${maxEntryBytes} bytes at most`)
  return text
}

/** Reads an entry's text. The inverse of {@link encodeEntry}; it trusts the text, which `verifyLog` checks. */
export function decodeEntry(text: string): Entry {
  return JSON.parse(text)
}

/** Remembered: the fields of an agreement are one array, which every disclosure under it names. */
function fieldsText(fields: readonly FieldPath[]): string {
  let text = fieldsTexts.get(fields)
  if (text === undefined) fieldsTexts.set(fields, (text = texts(fields)))
  return text
}

const fieldsTexts = new WeakMap<readonly FieldPath[], string>()

function texts(list: readonly string[]): string {
  return `[${list.map(canonicalise).join(',')}]`
}

function fits(text: string): boolean {
  // No UTF-16 code unit takes more than three bytes in UTF-8, so short texts need not be counted.
  return text.length * 3 <= maxEntryBytes || Buffer.byteLength(text) <= maxEntryBytes
}

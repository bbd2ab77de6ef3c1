/** A choice of entries: what a search of the log goes by. What is absent does not narrow it. */
import type { Actor, Entry, Pseudonym } from './entry.ts'

export type Selection = {
  /** An instant in milliseconds since the epoch: entries of then and later. */
  readonly from?: number
  /** Entries before this instant. */
  readonly to?: number
  readonly actor?: Actor
  readonly department?: string
  readonly standard?: string
  readonly agreement?: string
  readonly operation?: Entry['operation']
  readonly matter?: string
  readonly case?: string
  readonly outcome?: Entry['outcome']
  readonly problem?: string
  readonly request?: string
  /** Entries that name this record. */
  readonly record?: Pseudonym
  /** Entries that name this subject. */
  readonly subject?: Pseudonym
}

/** Whether an entry is in the selection. */
export function isSelected(selection: Selection, entry: Entry): boolean {
  const { from = -Infinity, to = Infinity, actor, record, subject } = selection
  const time = Date.parse(entry.time)
  if (time < from || time >= to) return false
  if (actor !== undefined && (entry.actor.kind !== actor.kind || entry.actor.id !== actor.id)) return false
  if (record !== undefined && entry.records?.includes(record) !== true) return false
  if (subject !== undefined && entry.subjects?.includes(subject) !== true) return false
  const problem = 'problem' in entry ? entry.problem : undefined
  const told: { readonly [Member in (typeof plainMembers)[number]]?: string | undefined } = { ...entry, problem }
  return plainMembers.every(name => selection[name] === undefined || selection[name] === told[name])
}

/** Members that an entry has by the same names, as text. */
const plainMembers = [
  'department',
  'standard',
  'agreement',
  'operation',
  'matter',
  'case',
  'outcome',
  'problem',
  'request',
] as const

/** Entries of the log as commands print them. */
import { decodeEntry, type Entry } from '../log/entry.ts'
import type { Found } from '../store/log-index.ts'
import { table } from './output.ts'

export type Numbered = { readonly index: number; readonly entry: Entry }

export function decoded(found: readonly Found[]): Numbered[] {
  return found.map(({ index, entry }) => ({ index, entry: decodeEntry(entry) }))
}

/** What was done, by whom, how it ended, and why. */
export function entriesText(entries: readonly Numbered[]): string {
  const rows = entries.map(({ index, entry }) => [
    String(index),
    entry.time,
    actorOf(entry),
    entry.operation,
    entry.standard ?? '',
    endOf(entry),
    String(entry.count),
    purposeOf(entry),
    entry.detail === undefined ? '' : JSON.stringify(entry.detail),
  ])
  const head = ['entry', 'time', 'actor', 'operation', 'standard', 'outcome', 'count', 'matter, case', 'detail']
  return table(head, rows, 'There are no such entries.')
}

/** What was disclosed of one record or subject: to whom, why, and which fields. */
export function disclosuresText(entries: readonly Numbered[]): string {
  const rows = entries.map(({ index, entry }) => [
    String(index),
    entry.time,
    entry.department ?? '',
    actorOf(entry),
    entry.operation,
    entry.standard ?? '',
    endOf(entry),
    purposeOf(entry),
    entry.fields?.join(', ') ?? '',
  ])
  const head = ['entry', 'time', 'department', 'actor', 'operation', 'standard', 'outcome', 'matter, case', 'fields']
  return table(head, rows, 'No entry names it.')
}

function actorOf({ actor }: Entry): string {
  return `${actor.kind}:${actor.id}`
}

function endOf(entry: Entry): string {
  return 'problem' in entry ? `${entry.outcome}: ${entry.problem}` : entry.outcome
}

function purposeOf(entry: Entry): string {
  return [entry.matter, entry.case].filter(Boolean).join(' ')
}

/**
 * What verifying a log finds: all is as signed, or the first thing that is not, as narrowly as it can be named.
 *
 * Entries are named by their index in the log, from 0.
 */

export type Verdict = Intact | Finding

/** Every entry is in its place, and the first `covered` of them are those that `checkpoints` checkpoints sign. */
export type Intact = {
  readonly finding: 'none'
  readonly entries: number
  readonly covered: number
  readonly checkpoints: number
}

export type Finding =
  /** The checkpoint that came as number `checkpoint`, from 1, is malformed or not signed by the log's key. */
  | { readonly finding: 'checkpoint-unverified'; readonly checkpoint: number; readonly reason: string }
  /** It came after entries that it does not cover, so that its root could not be compared any more. */
  | {
      readonly finding: 'checkpoint-late'
      readonly checkpoint: number
      readonly size: number
      readonly entries: number
    }
  /** Two signed checkpoints of one size differ: the log's key has signed two histories. */
  | { readonly finding: 'checkpoints-differ'; readonly size: number }
  /** Entry `expected` should have come and `found` came: entries are missing, doubled or out of order. */
  | { readonly finding: 'entry-misplaced'; readonly expected: number; readonly found: number }
  | { readonly finding: 'entry-not-canonical'; readonly entry: number }
  /** The entry does not fit what is stored with it: it was changed or moved, or its hash was. */
  | { readonly finding: 'entry-changed'; readonly entry: number }
  /** Entries and their hashes fit, the hash stored above them does not: it was changed, or one of the entries was. */
  | { readonly finding: 'hashes-changed'; readonly first: number; readonly last: number }
  /** Not all of these entries are as signed: a checkpoint of `first` entries holds, one of `last + 1` does not. */
  | { readonly finding: 'span-changed'; readonly first: number; readonly last: number }
  /** Checkpoints sign more entries than there are. */
  | { readonly finding: 'tail-missing'; readonly entries: number; readonly signed: number }
  /** The log agrees with its own checkpoints, but not with the one that the auditor kept: it was signed anew. */
  | { readonly finding: 'history-rewritten'; readonly size: number }

/** One plain sentence that says what was found. */
export function describe(verdict: Verdict): string {
  switch (verdict.finding) {
    case 'none':
      return describeIntact(verdict)
    case 'checkpoint-unverified':
      return `Checkpoint ${verdict.checkpoint} in the log cannot be trusted: ${verdict.reason}.`
    case 'checkpoint-late':
      return `Checkpoint ${verdict.checkpoint}, of ${entries(verdict.size)}, stands after ${entries(verdict.entries)}.`
    case 'checkpoints-differ':
      return `Two checkpoints of ${entries(verdict.size)} differ: the log's key has signed two histories.`
    case 'entry-misplaced':
      return `Entry ${verdict.found} stands where entry ${verdict.expected} belongs.`
    case 'entry-not-canonical':
      return `Entry ${verdict.entry} was changed: it is not in the form that the log writes.`
    case 'entry-changed':
      return `Entry ${verdict.entry} does not fit the hash stored with it: one of them was changed.`
    case 'hashes-changed':
      return `One of entries ${verdict.first} to ${verdict.last}, or a hash stored with them, was changed.`
    case 'span-changed':
      return verdict.first === verdict.last
        ? `Entry ${verdict.first} is not as it was signed.`
        : `Something from entry ${verdict.first} to entry ${verdict.last} is not as it was signed.`
    case 'tail-missing':
      return `The log ends after ${entries(verdict.entries)}, but ${verdict.signed} were signed: its tail was cut off.`
    case 'history-rewritten':
      return `The log was signed anew: its first ${entries(verdict.size)} are not those of the kept checkpoint.`
  }
}

function describeIntact({ entries: all, covered, checkpoints }: Intact): string {
  if (checkpoints === 0) return `No checkpoint signs the log; not yet covered: ${entries(all)}.`
  const signatures = counted(checkpoints, 'checkpoint', 'checkpoints')
  const signed = `The log is as it was signed: ${entries(covered)} under ${signatures}`
  return all === covered ? `${signed}.` : `${signed}; not yet covered: ${entries(all - covered)}.`
}

function entries(count: number): string {
  return counted(count, 'entry', 'entries')
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

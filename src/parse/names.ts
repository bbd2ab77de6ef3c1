/**
 * The names that an input uses, each kept once.
 *
 * Records repeat one another: after a name comes nearly always the one that came after it the last time. Comparing
 * units with that guess is cheaper than cutting a string and looking it up, and properties are set under one string.
 */

export type Name = {
  /** The units of the name as the input has it. */
  readonly written: Uint16Array
  /** What it is called in the tree. */
  readonly name: string
  /** The name that followed the last time. */
  next: Name | undefined
}

/** An ordinary format has some hundred names; an input that uses a new one each time must not fill the memory. */
const KEPT = 10_000

export class Names {
  #byWritten = new Map<string, Name>()
  #last = newName('', '')

  /** The name guessed to come next. Where it does, say so by {@link follow}. */
  get guess(): Name | undefined {
    return this.#last.next
  }

  follow(name: Name): void {
    this.#last.next = name
    this.#last = name
  }

  /** True when no more names are kept. */
  get isFull(): boolean {
    return this.#byWritten.size >= KEPT
  }

  find(written: string): Name | undefined {
    return this.#byWritten.get(written)
  }

  add(written: string, name: string): Name {
    const added = newName(written, name)
    if (!this.isFull) this.#byWritten.set(written, added)
    return added
  }

  clear(): void {
    this.#byWritten.clear()
    this.#last = newName('', '')
  }
}

/** The index after the name where it stands at `at`, else 0. */
export function endOfName(name: Name, units: Uint16Array, at: number): number {
  const { written } = name
  const length = written.length
  for (let i = 0; i < length; i++) {
    if (units[at + i] !== written[i]) return 0
  }
  return at + length
}

function newName(written: string, name: string): Name {
  const units = new Uint16Array(written.length)
  for (let i = 0; i < written.length; i++) units[i] = written.charCodeAt(i)
  return { written: units, name, next: undefined }
}

/**
 * Reads one JSON value (RFC 8259) into a tree of texts, strictly.
 *
 * Numbers stay their text, since as numbers those beyond 2^53 would be others; true and false become texts. Where an
 * object has a name twice the last value stands, as in JSON.parse.
 *
 * Refuses what the grammar does not know, surrogates without their other half, U+0000, and too much depth.
 */
import type { SourceNode } from '../record.ts'
import { endOfNumber } from './json-number.ts'
import { endOfName, Names } from './names.ts'
import { newTree } from './tree.ts'
import { INCOMPLETE, type Window } from './window.ts'

// Not imported: V8 would read them each time, which costs a tenth of the time of reading a record.
const TAB = 0x09
const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const COMMA = 0x2c
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BACKSLASH = 0x5c
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

const CONTROL_CHARACTER = 'a control character must be escaped in a string.'
const SINGLE_QUOTES = 'names and strings must stand in double quotes; with single quotes it is not JSON.'

export class JsonValue {
  /** What was read last. */
  node: SourceNode = null
  /** The name that was read last. */
  name = ''
  /** True where nothing comes after the 0 in the window, so that what is incomplete there is malformed. */
  isFinal = false

  readonly #window: Window
  readonly #depth: number
  readonly #names = new Names()

  /** `depth`: how many objects and arrays may stand within each other. */
  constructor(window: Window, depth: number) {
    this.#window = window
    this.#depth = depth
  }

  /**
   * Reads the value that begins at an index, inside of `depth` others.
   *
   * @returns its end, with its tree in {@link node}; or {@link INCOMPLETE}.
   */
  read(at: number, depth: number): number {
    switch (this.#window.units[at]) {
      case QUOTE:
        return this.#readString(at)
      case BRACE_OPEN:
        return this.#readObject(at, depth + 1)
      case BRACKET_OPEN:
        return this.#readArray(at, depth + 1)
      case 0x74:
        return this.#readLiteral(at, 'true', 'true')
      case 0x66:
        return this.#readLiteral(at, 'false', 'false')
      case 0x6e:
        return this.#readLiteral(at, 'null', null)
      default:
        return this.#readNumber(at, depth)
    }
  }

  /** Reads a name and its colon. Returns the end of that, with the name in {@link name}; or {@link INCOMPLETE}. */
  readName(at: number): number {
    const { units } = this.#window
    if (units[at] !== QUOTE) return this.#missing(at, 'a name in double quotes')
    const { guess } = this.#names
    let end = guess === undefined ? 0 : endOfName(guess, units, at + 1)
    if (guess !== undefined && end !== 0 && units[end] === QUOTE) {
      this.#names.follow(guess)
      this.name = guess.name
      end += 1
    } else {
      end = this.#readNewName(at)
      if (end < 0) return end
    }
    end = this.skipSpace(end)
    return units[end] === COLON ? end + 1 : this.#missing(end, 'a colon')
  }

  skipSpace(at: number): number {
    const { units } = this.#window
    let i = at
    for (;;) {
      const unit = units[i]!
      if (unit > SPACE || (unit !== SPACE && unit !== NEWLINE && unit !== TAB && unit !== RETURN)) return i
      i += 1
    }
  }

  #readObject(at: number, depth: number): number {
    const { units } = this.#window
    if (depth > this.#depth) throw this.tooDeep(at)
    const tree = new newTree()
    let i = this.skipSpace(at + 1)
    if (units[i] !== BRACE_CLOSE) {
      for (;;) {
        i = this.readName(i)
        if (i < 0) return i
        const { name } = this
        i = this.read(this.skipSpace(i), depth)
        if (i < 0) return i
        tree[name] = this.node
        i = this.skipSpace(i)
        if (units[i] === BRACE_CLOSE) break
        if (units[i] !== COMMA) return this.#missing(i, 'a comma or a closing brace')
        i = this.skipSpace(i + 1)
      }
    }
    this.node = tree
    return i + 1
  }

  #readArray(at: number, depth: number): number {
    const { units } = this.#window
    if (depth > this.#depth) throw this.tooDeep(at)
    const elements: SourceNode[] = []
    let i = this.skipSpace(at + 1)
    if (units[i] !== BRACKET_CLOSE) {
      for (;;) {
        i = this.read(i, depth)
        if (i < 0) return i
        elements.push(this.node)
        i = this.skipSpace(i)
        if (units[i] === BRACKET_CLOSE) break
        if (units[i] !== COMMA) return this.#missing(i, 'a comma or a closing bracket')
        i = this.skipSpace(i + 1)
      }
    }
    this.node = elements
    return i + 1
  }

  #readNewName(at: number): number {
    const end = this.#readString(at)
    if (end < 0) return end
    const written = this.node
    if (typeof written !== 'string') throw new Error('bug: a string was read as something else')
    this.name = written
    // With an escape in it a name has two forms, and is not learnt.
    if (written.length === end - at - 2)
      this.#names.follow(this.#names.find(written) ?? this.#names.add(written, written))
    return end
  }

  #readString(at: number): number {
    const { units, text } = this.#window
    for (let i = at + 1; ; i++) {
      const unit = units[i]!
      if (unit > BACKSLASH) continue
      if (unit === QUOTE) {
        this.node = text.substring(at + 1, i)
        return i + 1
      }
      if (unit === BACKSLASH) return this.#readEscapedString(at, i)
      if (unit < SPACE) return this.#unexpected(i, CONTROL_CHARACTER)
    }
  }

  #readEscapedString(at: number, firstEscape: number): number {
    const { units, text } = this.#window
    let i = firstEscape
    while (units[i] !== QUOTE) {
      if (units[i]! < SPACE) return this.#unexpected(i, CONTROL_CHARACTER)
      i += units[i] === BACKSLASH && units[i + 1]! >= SPACE ? 2 : 1
    }
    const string = unescaped(text.substring(at, i + 1))
    if (string === undefined) throw this.#malformed(at, 'this string has an escape that is none of JSON.')
    if (string.includes('\0')) throw this.#window.refusal(at, 'input-refused', 'U+0000 is not taken.')
    if (/\p{Surrogate}/u.test(string)) throw this.#malformed(at, 'an escape in this string is half a character.')
    this.node = string
    return i + 1
  }

  #readNumber(at: number, depth: number): number {
    const { units, text } = this.#window
    const end = endOfNumber(units, at)
    if (end < 0) return this.#missing(~end, ~end === at ? 'a value' : 'a digit')
    // More digits may come, or were to come where the document ends too early.
    if (units[end] === 0 && (depth > 0 || !this.isFinal)) return this.#missing(end, 'the rest')
    this.node = text.substring(at, end)
    return end
  }

  #readLiteral(at: number, literal: string, node: string | null): number {
    const { units } = this.#window
    for (let i = 0; i < literal.length; i++) {
      if (units[at + i] !== literal.charCodeAt(i)) return this.#missing(at + i, `the rest of ${literal}`)
    }
    this.node = node
    return at + literal.length
  }

  tooDeep(at: number): Error {
    const what = `objects and arrays stand more than ${this.#depth} within each other.`
    return this.#window.refusal(at, 'input-refused', what)
  }

  #missing(at: number, what: string): number {
    const isSingleQuoted = this.#window.units[at] === APOSTROPHE
    return this.#unexpected(at, isSingleQuoted ? SINGLE_QUOTES : `${what} is missing here.`)
  }

  /** Incomplete or, where more text stands at the index or none will come, malformed. */
  #unexpected(at: number, what: string): number {
    if (this.#window.units[at] !== 0) throw this.#malformed(at, what)
    if (this.isFinal) throw this.#malformed(at, 'it ends here before it is complete.')
    return INCOMPLETE
  }

  #malformed(at: number, what: string): Error {
    return this.#window.refusal(at, 'input-malformed', what)
  }
}

/** The string that a string of JSON stands for, which V8 knows best; undefined for a wrong escape. */
function unescaped(json: string): string | undefined {
  try {
    return String(JSON.parse(json))
  } catch {
    return undefined
  }
}

/**
 * Reads one record of the shape that nearly all have, several times as fast as saxes does: elements, attributes, text
 * and references, under names that saxes has accepted before in the same scope.
 *
 * It judges nothing. What it does not know to be well-formed it leaves to saxes, which then reads or refuses it:
 * comments, CDATA sections, processing instructions, namespace declarations, new names, mixed content, white space in
 * unusual places, and every error.
 */
import type { SourceNode } from '../record.ts'
import { endOfName, type Name, type Names } from './names.ts'
import { addChild, elementNode, isTrue, newTree, type SourceTree } from './tree.ts'
import { INCOMPLETE, type Window } from './window.ts'
import { NIL, type XmlNames } from './xml-names.ts'
import { expandReferences } from './xml-references.ts'

// Not imported: V8 would read them each time, which costs a tenth of the time of reading a record.
const TAB = 0x09
const NEWLINE = 0x0a
const SPACE = 0x20
const QUOTE = 0x22
const AMPERSAND = 0x26
const APOSTROPHE = 0x27
const SLASH = 0x2f
const LESS = 0x3c
const EQUALS = 0x3d
const GREATER = 0x3e
const BRACKET = 0x5d

/** What stands there is not of the shape. Below every index. */
export const OTHER = -2

/** U+FFFE and U+FFFF are not XML's; surrogates it need not look at, since decoding gives them in pairs only. */
const FIRST_NONCHARACTER = 0xfffe

export class XmlRecord {
  /** The tree of what was read last. */
  node: SourceNode = null
  /** What it is called. */
  name = ''

  readonly #window: Window
  readonly #names: XmlNames
  readonly #depth: number
  /** The name, and then what else of a start tag, that was read last. */
  #name: Name | undefined
  #tree: SourceTree | undefined
  #nil: boolean | undefined
  /** Of the text or attribute's value scanned last: whether it has references. */
  #refers = false

  /** `depth`: how many elements a record may have within each other. */
  constructor(window: Window, names: XmlNames, depth: number) {
    this.#window = window
    this.#names = names
    this.#depth = depth
  }

  /**
   * Reads the record that begins at an index, of the name given or of any.
   *
   * @returns its end, with its tree in {@link node}; or {@link INCOMPLETE}; or {@link OTHER}.
   */
  read(at: number, recordName: string | undefined): number {
    const { units } = this.#window
    if (units[at] !== LESS) return this.#other(at)
    const end = this.#readName(this.#names.elements, at + 1)
    if (end < 0) return end
    const name = this.#name
    if (name === undefined || (name.name !== recordName && recordName !== undefined)) return OTHER
    this.name = name.name
    return this.#readElement(name, end, 1)
  }

  /** From the end of the name in the start tag to the end of the element. */
  #readElement(name: Name, at: number, depth: number): number {
    if (depth > this.#depth) return OTHER
    const { units } = this.#window
    let i = this.#readStartTag(at)
    if (i < 0) return i
    let tree = this.#tree
    const isNil = this.#nil === true
    if (units[i - 2] === SLASH) {
      this.node = tree ?? (isNil ? null : '')
      return i
    }
    let hasChildren = false
    for (;;) {
      const start = i
      i = this.#endOfText(start)
      if (i < 0) return i
      const isEnd = units[i + 1] === SLASH
      if ((hasChildren || !isEnd) && !this.#isBlank(start, i)) return OTHER
      if (isEnd) {
        const text = hasChildren ? '' : this.#text(start, i)
        if (text === undefined) return OTHER
        this.node = isNil ? (tree ?? null) : elementNode(tree, text)
        return this.#readEndTag(name, i)
      }
      i = this.#readName(this.#names.elements, i + 1)
      if (i < 0) return i
      const child = this.#name!
      i = this.#readElement(child, i, depth + 1)
      if (i < 0) return i
      tree ??= new newTree()
      addChild(tree, child.name, this.node)
      hasChildren = true
    }
  }

  #readStartTag(at: number): number {
    const { units } = this.#window
    this.#tree = undefined
    this.#nil = undefined
    let i = at
    for (;;) {
      const end = i
      while (isSpace(units[i]!)) i++
      const unit = units[i]!
      if (unit === GREATER) return i + 1
      if (unit === SLASH) return units[i + 1] === GREATER ? i + 2 : this.#other(i + 1)
      if (i === end) return this.#other(i)
      i = this.#readAttribute(i)
      if (i < 0) return i
    }
  }

  #readAttribute(at: number): number {
    const { units } = this.#window
    const equals = this.#readName(this.#names.attributes, at)
    if (equals < 0) return equals
    if (units[equals] !== EQUALS) return this.#other(equals)
    const quote = units[equals + 1]!
    if (quote !== QUOTE && quote !== APOSTROPHE) return this.#other(equals + 1)
    const start = equals + 2
    let i = start
    this.#refers = false
    for (; ; i++) {
      const unit = units[i]!
      if (unit > GREATER && unit < FIRST_NONCHARACTER) continue
      if (unit === quote) break
      if (unit === AMPERSAND) this.#refers = true
      // saxes makes spaces of tabs and newlines here.
      if (unit < SPACE || unit === LESS || unit >= FIRST_NONCHARACTER) return this.#other(i)
    }
    const value = this.#text(start, i)
    return value !== undefined && this.#setAttribute(this.#name!.name, value) ? i + 1 : OTHER
  }

  /** False where the element has the attribute already. */
  #setAttribute(name: string, value: string): boolean {
    if (name === NIL) {
      if (this.#nil !== undefined) return false
      this.#nil = isTrue(value)
      return true
    }
    const tree = (this.#tree ??= new newTree())
    if (tree[name] !== undefined) return false
    tree[name] = value
    return true
  }

  #readEndTag(name: Name, at: number): number {
    const { units, text } = this.#window
    const end = endOfName(name, units, at + 2)
    if (end !== 0 && units[end] === GREATER) return end + 1
    return at + 2 + name.written.length < text.length ? OTHER : INCOMPLETE
  }

  /** Reads a known name up to what ends it, and leaves it in #name. */
  #readName(names: Names, at: number): number {
    const { units } = this.#window
    const { guess } = names
    if (guess !== undefined) {
      const end = endOfName(guess, units, at)
      if (end !== 0 && endsName(units[end]!)) {
        names.follow(guess)
        this.#name = guess
        return end
      }
    }
    let end = at
    while (!endsName(units[end]!)) end++
    if (units[end] === 0) return INCOMPLETE
    const name = names.find(this.#window.text.substring(at, end))
    if (name === undefined) return OTHER
    names.follow(name)
    this.#name = name
    return end
  }

  /** The index of the < that ends the text. */
  #endOfText(from: number): number {
    const { units } = this.#window
    this.#refers = false
    for (let i = from; ; i++) {
      const unit = units[i]!
      if (unit > GREATER && unit < FIRST_NONCHARACTER) continue
      if (unit === LESS) return i
      if (unit === AMPERSAND) this.#refers = true
      if (unit === GREATER && units[i - 1] === BRACKET && units[i - 2] === BRACKET) return OTHER
      if (unit >= FIRST_NONCHARACTER || (unit < SPACE && !isSpace(unit))) return this.#other(i)
    }
  }

  #text(start: number, end: number): string | undefined {
    const text = this.#window.text.substring(start, end)
    return this.#refers ? expandReferences(text) : text
  }

  #isBlank(start: number, end: number): boolean {
    const { units } = this.#window
    for (let i = start; i < end; i++) if (!isSpace(units[i]!)) return false
    return true
  }

  #other(at: number): number {
    return at < this.#window.text.length ? OTHER : INCOMPLETE
  }
}

/** White space of XML (XML 1.0 §2.3), its line ends being plain. */
export function isSpace(unit: number): boolean {
  return unit === SPACE || unit === NEWLINE || unit === TAB
}

/** True also of what ends a name by error: the name is then looked up, or what follows it is refused. */
function endsName(unit: number): boolean {
  return unit <= GREATER && (unit === GREATER || unit === SLASH || unit === EQUALS || isSpace(unit) || unit === 0)
}
